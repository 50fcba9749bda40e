package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresProblem;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;
import org.jspecify.annotations.Nullable;

/**
 * The batch beyond which more examples a step save few steps, from how many steps and examples runs
 * with several batches took to the same target (McCandlish et al. 2018, "An Empirical Model of
 * Large-Batch Training", section 2.3): runs with {@code S} steps and {@code E} examples lie on
 *
 * <pre>{@code
 * (S/S_min − 1) (E/E_min − 1) = 1,    B_crit = E_min/S_min
 * }</pre>
 *
 * <p>With {@code B = E/S}, the batch of a step in the mean, that is {@code S = S_min (1 +
 * B_crit/B)}, which is the same as {@code E = E_min (1 + B/B_crit)}. Its logarithm is fitted by
 * least squares (Levenberg and Marquardt), so that a run counts by how many percent it is off,
 * whether it took many steps or few; the unknowns are logarithms too, and so positive.
 *
 * @param fewestSteps {@code S_min}, which runs with very large batches tend to
 * @param fewestExamples {@code E_min}, which runs with very small batches tend to
 * @param examples {@code B_crit}: with it a run takes twice as many steps, and twice as many
 *     examples, as the fewest possible
 * @param standardError of {@code examples}, in examples: that of its logarithm, as the runs'
 *     deviations from the curve give it, times itself; 0 for runs that are on it
 */
public record CriticalBatch(
    double fewestSteps, double fewestExamples, double examples, double standardError) {
  /** Fewer leave nothing over that the error could be told from. */
  private static final int FEWEST_RUNS = 3;

  /** So many times beyond the runs' batches nothing can be told from these. */
  private static final double FAR = 100;

  private static final int MOST_ITERATIONS = 1000;

  private static final int UNKNOWNS = 2;

  /** Of a matrix of numbers around 1, which has no inverse where a pivot is as small. */
  private static final double SINGULAR = 1e-14;

  /**
   * A run that has reached the target.
   *
   * @param steps that it took {@code S}, at least 1
   * @param examples that they used {@code E}, at least as many
   */
  public record Run(long steps, long examples) {
    public Run {
      if (steps < 1 || examples < steps) {
        throw new UserError(
            "a run of %,d steps with %,d examples: it takes a step at least, and an example for each"
                .formatted(steps, examples));
      }
    }

    /** Examples of a step in the mean. */
    public double batch() {
      return (double) examples / steps;
    }
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    return Json.object()
        .put("examples", examples)
        .put("standard_error", standardError)
        .put("fewest_steps", fewestSteps)
        .put("fewest_examples", fewestExamples);
  }

  /**
   * Fits the curve.
   *
   * @param runs at least three, which have reached the same target, with different batches
   * @throws UserError where they are too few or too much alike, or all on the same side of the
   *     critical batch, and far from it
   */
  public static CriticalBatch of(List<Run> runs) {
    double smallest = runs.stream().mapToDouble(Run::batch).min().orElse(0);
    double largest = runs.stream().mapToDouble(Run::batch).max().orElse(0);
    if (runs.size() < FEWEST_RUNS || smallest == largest) {
      throw new UserError(
          "a critical batch follows from at least %d runs to the same target, with different batches; there are %d"
              .formatted(FEWEST_RUNS, runs.size()));
    }
    Optimum optimum = fit(runs, Math.sqrt(smallest * largest));
    double batch = optimum == null ? Double.NaN : Math.exp(optimum.getPoint().getEntry(1));
    if (optimum == null || !(batch > smallest / FAR && batch < largest * FAR)) {
      throw new UserError(
          "batches from %.0f to %.0f do not show where the critical batch is: beside it, smaller batches take more steps and larger ones use more examples"
              .formatted(smallest, largest));
    }
    double steps = Math.exp(optimum.getPoint().getEntry(0));
    double variance = optimum.getCost() * optimum.getCost() / (runs.size() - UNKNOWNS);
    double errorOfLogarithm = Math.sqrt(variance * optimum.getCovariances(SINGULAR).getEntry(1, 1));
    return new CriticalBatch(steps, steps * batch, batch, batch * errorOfLogarithm);
  }

  /** Logarithms of {@code S_min} and of {@code B_crit}; null where they run away. */
  private static @Nullable Optimum fit(List<Run> runs, double middle) {
    double fewest = runs.stream().mapToDouble(Run::steps).min().orElseThrow();
    LeastSquaresProblem problem =
        new LeastSquaresBuilder()
            .start(new double[] {Math.log(fewest), Math.log(middle)})
            .model(unknowns -> curve(runs, unknowns))
            .target(runs.stream().mapToDouble(run -> Math.log((double) run.steps())).toArray())
            .maxEvaluations(MOST_ITERATIONS)
            .maxIterations(MOST_ITERATIONS)
            .build();
    try {
      return new LevenbergMarquardtOptimizer().optimize(problem);
    } catch (MathIllegalStateException e) {
      return null; // It has not come to an end.
    }
  }

  /** {@code ln S = ln S_min + ln(1 + B_crit/B)} of each run, and its derivatives. */
  private static Pair<RealVector, RealMatrix> curve(List<Run> runs, RealVector unknowns) {
    double[] steps = new double[runs.size()];
    double[][] derivatives = new double[runs.size()][];
    for (int i = 0; i < steps.length; i++) {
      double ratio = Math.exp(unknowns.getEntry(1)) / runs.get(i).batch(); // B_crit/B
      steps[i] = unknowns.getEntry(0) + Math.log1p(ratio);
      derivatives[i] = new double[] {1, 1 / (1 + 1 / ratio)};
    }
    return new Pair<>(
        new ArrayRealVector(steps, false), new Array2DRowRealMatrix(derivatives, false));
  }
}
