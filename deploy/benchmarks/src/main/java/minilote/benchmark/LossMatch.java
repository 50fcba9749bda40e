package minilote.benchmark;

/** Whether two contenders' losses, step by step, are those of the same training. */
final class LossMatch {
  /** Rounding makes far less; another initialization, order, loss or update more. */
  static final double TOLERANCE = 0.01;

  private LossMatch() {}

  /** The largest relative difference of a step's loss. */
  static double largestDifference(double[] losses, double[] reference) {
    if (losses.length != reference.length) {
      throw new IllegalArgumentException(
          "%d losses cannot be compared with %d".formatted(losses.length, reference.length));
    }
    double largest = 0;
    for (int i = 0; i < losses.length; i++) {
      double difference = Math.abs(losses[i] - reference[i]) / Math.abs(reference[i]);
      if (Double.isNaN(difference)) {
        return Double.POSITIVE_INFINITY;
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }
}
