package minilote.driver.study;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.TTest;
import org.jspecify.annotations.Nullable;

/** What a few independent figures say of the quantity behind them. */
final class Samples {
  private static final double CONFIDENCE = 0.95;

  /** Of the size of figures: they differ by less where they differ by rounding alone. */
  private static final double ROUNDING = 1e-12;

  private Samples() {}

  static double mean(double[] values) {
    return StatUtils.mean(values);
  }

  /**
   * Half the width of the 95 % interval around the mean, by Student's t; null with fewer than two
   * values, which say nothing of their spread.
   */
  static @Nullable Double ci95(double[] values) {
    if (values.length < 2) {
      return null;
    }
    double t =
        new TDistribution(values.length - 1.0)
            .inverseCumulativeProbability(1 - (1 - CONFIDENCE) / 2);
    return t * Math.sqrt(StatUtils.variance(values) / values.length);
  }

  /**
   * The probability of pairs that differ so much or more where they do not differ on average:
   * Student's paired t-test, two-sided. Null with fewer than two pairs, and where all differ by the
   * same amount.
   */
  static @Nullable Double pairedP(double[] first, double[] second) {
    if (first.length < 2) {
      return null;
    }
    double[] differences = new double[first.length];
    for (int i = 0; i < first.length; i++) {
      differences[i] = second[i] - first[i];
    }
    return isConstant(differences, first, second)
        ? null
        : (Double) new TTest().pairedTTest(first, second);
  }

  private static boolean isConstant(double[] differences, double[] first, double[] second) {
    double size =
        Math.max(
            Math.max(StatUtils.max(first), -StatUtils.min(first)),
            Math.max(StatUtils.max(second), -StatUtils.min(second)));
    return Math.sqrt(StatUtils.variance(differences)) <= ROUNDING * size;
  }
}
