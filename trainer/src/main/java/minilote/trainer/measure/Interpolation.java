package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import org.jspecify.annotations.Nullable;

/**
 * Loss and accuracy on the straight line through two minima of one network, at {@code (1 − α) w₁ +
 * α w₂}: I. Goodfellow, O. Vinyals and A. Saxe, <i>Qualitatively characterizing neural network
 * optimization problems</i>, ICLR 2015; between a small and a large batch's, Keskar et al. 2017,
 * figure 3.
 *
 * <p>Running statistics of batch normalization are on the line too, their variances at least 0.
 * They are not those that the networks between would have: with normalization, scorers should go by
 * the statistics of the examples (as do K. Jordan et al., <i>REPAIR</i>, ICLR 2023, and P. Izmailov
 * et al., <i>Averaging Weights Leads to Wider Optima and Better Generalization</i>, UAI 2018).
 *
 * @param points by α, ascending
 */
public record Interpolation(List<Point> points) {
  /** Points by default, as in the paper's figures. */
  public static final int POINTS = 25;

  /** The least α by default. */
  public static final double FROM = -1;

  /** The largest α by default. */
  public static final double TO = 2;

  public Interpolation {
    points = List.copyOf(points);
  }

  /**
   * A point of the line.
   *
   * @param alpha 0 for the first minimum, 1 for the second
   * @param train on examples that were learned from
   * @param test on others; null where there are none
   */
  public record Point(double alpha, Score train, @Nullable Score test) {
    /** As one JSON object; what there is not is null. */
    public ObjectNode toJson() {
      ObjectNode json = Json.object().put("alpha", alpha);
      put(json, "train", train);
      put(json, "test", test);
      return json;
    }

    private static void put(ObjectNode json, String name, @Nullable Score score) {
      Figures.put(json, name + "_loss", score == null ? Double.NaN : score.loss());
      OptionalDouble accuracy = score == null ? OptionalDouble.empty() : score.accuracy();
      Figures.put(json, name + "_accuracy", accuracy.orElse(Double.NaN));
    }
  }

  /**
   * Measures it.
   *
   * @param from w₁, all of the network's numbers
   * @param to w₂, as many
   * @param alphas ascending
   * @param test null where there are no examples for it
   * @param progress told of each point
   */
  public static Interpolation of(
      Network network,
      float[] from,
      float[] to,
      double[] alphas,
      Scorer train,
      @Nullable Scorer test,
      ProgressListener progress) {
    List<Point> points = new ArrayList<>();
    for (double alpha : alphas) {
      progress.progress("interpolation", points.size(), alphas.length);
      float[] parameters = at(network, from, to, alpha);
      points.add(
          new Point(alpha, train.score(parameters), test == null ? null : test.score(parameters)));
    }
    progress.progress("interpolation", alphas.length, alphas.length);
    return new Interpolation(points);
  }

  /** {@code (1 − α) w₁ + α w₂}, to the last bit w₁ for 0 and w₂ for 1. */
  static float[] at(Network network, float[] from, float[] to, double alpha) {
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) ((1 - alpha) * from[i] + alpha * to[i]);
    }
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.role() == ParameterTensor.Role.RUNNING_VARIANCE) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          parameters[i] = Math.max(0, parameters[i]);
        }
      }
    }
    return parameters;
  }

  /**
   * Evenly spaced numbers, ends included.
   *
   * @throws UserError where there are fewer than 2, or the ends are not in order
   */
  public static double[] grid(double from, double to, int points) {
    if (points < 2) {
      throw new UserError("--points %d: it must be at least 2".formatted(points));
    }
    if (!(from < to)) {
      throw new UserError("--from %s: it must be below --to %s".formatted(from, to));
    }
    double[] grid = new double[points];
    for (int i = 0; i < points; i++) {
      grid[i] = from + i * (to - from) / (points - 1);
    }
    return grid;
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("points");
    points.forEach(point -> list.add(point.toJson()));
    return json;
  }
}
