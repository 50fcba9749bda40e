package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How sharp a minimum is, by metric 2.1 of N. Keskar et al., <i>On large-batch training for deep
 * learning: generalization gap and sharp minima</i>, ICLR 2017: how much the loss can grow within a
 * small box around the weights x,
 *
 * <pre>{@code
 * φ = 100 · (max_{y ∈ C_ε} f(x + Ay) − f(x)) / (1 + f(x)),    C_ε = {y : |y_i| ≤ ε (|(A⁺x)_i| + 1)}
 * }</pre>
 *
 * with A the identity, or a random matrix (n × p, its columns Gaussian and of length 1) for a look
 * at a subspace. The largest loss is looked for by some iterations of L-BFGS-B ({@link LbfgsB}):
 * what it finds is a lower bound of the true one. Another, which costs one evaluation, is the loss
 * at the corner of the box that the signs of the gradient at x point to.
 *
 * @param loss f(x)
 * @param weights n
 * @param subspace p; 0 for the whole space
 * @param iterations of L-BFGS-B, at most
 * @param seed of the subspace
 * @param boxes what was found, by ε
 */
public record Sharpness(
    double loss, int weights, int subspace, int iterations, long seed, List<Box> boxes) {
  public Sharpness {
    boxes = List.copyOf(boxes);
  }

  /**
   * What to look for.
   *
   * @param epsilons sizes of boxes, above 0
   * @param subspace p; 0 for the whole space
   * @param iterations of L-BFGS-B for each box, at most
   * @param seed of the subspace
   */
  public record Settings(List<Double> epsilons, int subspace, int iterations, long seed) {
    /** As in the paper's table 3: the whole space, ten iterations. */
    public static final Settings PUBLISHED = new Settings(List.of(1e-3, 5e-4), 0, 10, 0);

    /** Checks them. */
    public Settings {
      epsilons = List.copyOf(epsilons);
      if (epsilons.isEmpty()) {
        throw new UserError("--epsilon is empty: sizes of boxes are needed, such as 0.001,0.0005");
      }
      for (double epsilon : epsilons) {
        if (!(epsilon > 0 && epsilon <= 1)) {
          throw new UserError("--epsilon %s: it must be above 0 and at most 1".formatted(epsilon));
        }
      }
      if (subspace < 0) {
        throw new UserError("--subspace %d: it must be at least 0".formatted(subspace));
      }
      if (iterations < 1) {
        throw new UserError("--iterations %d: it must be at least 1".formatted(iterations));
      }
    }
  }

  /**
   * One box.
   *
   * @param epsilon ε
   * @param sharpness φ, of the maximum
   * @param maximum the largest loss that L-BFGS-B met, f(x) included
   * @param cornerSharpness φ, of the corner's loss
   * @param corner the loss at the corner that the gradient's signs point to
   * @param evaluations of the loss with its gradient that L-BFGS-B took
   */
  public record Box(
      double epsilon,
      double sharpness,
      double maximum,
      double cornerSharpness,
      double corner,
      int evaluations) {
    /** As one JSON object. */
    public ObjectNode toJson() {
      ObjectNode json = Json.object();
      json.put("epsilon", epsilon);
      Figures.put(json, "sharpness", sharpness);
      Figures.put(json, "maximum", maximum);
      Figures.put(json, "corner_sharpness", cornerSharpness);
      Figures.put(json, "corner_loss", corner);
      return json.put("evaluations", evaluations);
    }
  }

  /**
   * Measures it.
   *
   * @param f the mean loss over the examples that were learned from
   * @param x where, n numbers
   * @param progress told of each iteration
   */
  public static Sharpness of(
      Objective f, double[] x, Settings settings, ProgressListener progress) {
    Subspace subspace =
        settings.subspace() == 0
            ? null
            : new Subspace(x.length, settings.subspace(), settings.seed());
    Around around = new Around(f, x, subspace);
    int dimension = around.dimension();
    double[] origin = new double[dimension];
    double[] gradient = new double[dimension];
    double loss = around.lossAndGradient(origin, gradient);
    double[] center = subspace == null ? x : subspace.pseudoInverseTimes(x);
    List<Box> boxes = new ArrayList<>();
    for (double epsilon : settings.epsilons()) {
      double[] upper = new double[dimension];
      double[] lower = new double[dimension];
      double[] corner = new double[dimension];
      for (int i = 0; i < dimension; i++) {
        upper[i] = epsilon * (Math.abs(center[i]) + 1);
        lower[i] = -upper[i];
        corner[i] = Math.signum(gradient[i]) * upper[i];
      }
      String phase =
          "sharpness, ε = " + BigDecimal.valueOf(epsilon).stripTrailingZeros().toPlainString();
      progress.progress(phase, 0, settings.iterations());
      double cornerLoss = around.loss(corner);
      LbfgsB.Found found =
          LbfgsB.maximize(
              around,
              origin,
              lower,
              upper,
              settings.iterations(),
              iteration -> progress.progress(phase, iteration, settings.iterations()));
      boxes.add(
          new Box(
              epsilon,
              growth(found.maximum(), loss),
              found.maximum(),
              growth(cornerLoss, loss),
              cornerLoss,
              found.evaluations()));
    }
    return new Sharpness(
        loss, x.length, settings.subspace(), settings.iterations(), settings.seed(), boxes);
  }

  private static double growth(double reached, double loss) {
    return 100 * (reached - loss) / (1 + loss);
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    Figures.put(json, "loss", loss);
    json.put("weights", weights);
    json.put("subspace", subspace == 0 ? null : (Integer) subspace);
    json.put("iterations", iterations);
    json.put("seed", seed);
    ArrayNode list = json.putArray("boxes");
    boxes.forEach(box -> list.add(box.toJson()));
    return json;
  }

  /** f(x + Ay) as a function of y. */
  private static final class Around implements Objective {
    private final Objective f;
    private final double[] x;
    private final @Nullable Subspace subspace;
    private final double[] at;
    private final double[] whole; // ∇f, where it is another array than the gradient by y

    Around(Objective f, double[] x, @Nullable Subspace subspace) {
      this.f = f;
      this.x = x;
      this.subspace = subspace;
      this.at = new double[x.length];
      this.whole = new double[subspace == null ? 0 : x.length];
    }

    @Override
    public int dimension() {
      return subspace == null ? x.length : subspace.dimension();
    }

    private double[] set(double[] y) {
      System.arraycopy(x, 0, at, 0, at.length);
      if (subspace == null) {
        Vectors.add(1, y, at);
      } else {
        subspace.addTimes(y, at);
      }
      return at;
    }

    @Override
    public double loss(double[] y) {
      return f.loss(set(y));
    }

    @Override
    public double lossAndGradient(double[] y, double[] gradient) {
      if (subspace == null) {
        return f.lossAndGradient(set(y), gradient);
      }
      double loss = f.lossAndGradient(set(y), whole);
      System.arraycopy(subspace.transposeTimes(whole), 0, gradient, 0, gradient.length);
      return loss;
    }
  }
}
