package minilote.trainer.math;

/**
 * Losses beside their derivatives over rows × units matrices in {@code float[]}. The sums are
 * doubles, taken in the order of rows and units.
 */
final class FloatLosses {
  private final FloatFunctions functions;

  FloatLosses(FloatFunctions functions) {
    this.functions = functions;
  }

  /** {@code factor Σ (x − y)²}; {@code δ = 2 factor (x − y)}. */
  static double squaredError(
      float factor, int count, FloatNumbers output, FloatNumbers target, FloatNumbers delta) {
    float[] x = output.array();
    int xOffset = output.offset();
    float[] y = target.array();
    int yOffset = target.offset();
    float[] d = delta.array();
    int offset = delta.offset();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double difference = (double) x[xOffset + i] - y[yOffset + i];
      sum += difference * difference;
      d[offset + i] = (float) (2 * factor * difference);
    }
    return factor * sum;
  }

  /**
   * With {@code |s|} weighed by {@code u}, the target's share on the other side of 0 than s: {@code
   * −y ln σ(s) − (1−y) ln(1 − σ(s)) = u |s| + ln(1 + e^−|s|)}; {@code δ = x − y}.
   */
  double binaryCrossEntropy(
      int count,
      FloatNumbers signal,
      FloatNumbers output,
      FloatNumbers target,
      FloatNumbers delta) {
    float[] s = signal.array();
    int sOffset = signal.offset();
    float[] x = output.array();
    int xOffset = output.offset();
    float[] y = target.array();
    int yOffset = target.offset();
    float[] d = delta.array();
    int offset = delta.offset();
    for (int i = 0; i < count; i++) {
      d[offset + i] = -Math.abs(s[sOffset + i]);
    }
    functions.exp(d, offset, d, offset, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      float v = s[sOffset + i];
      float label = y[yOffset + i];
      double share = v > 0 ? 1.0 - label : label;
      if (share != 0) { // 0 · ∞ is 0 here
        sum += share * Math.abs(v);
      }
      sum += FloatFunctions.logOnePlus(d[offset + i]);
      d[offset + i] = x[xOffset + i] - label;
    }
    return sum;
  }

  /**
   * With m the largest signal of the row: {@code ln Σ_k e^{s_k} = m + ln(1 + Σ' e^{s_k − m})},
   * where the sum leaves out the unit of m, and {@code e^{s_k − m}} is the ratio of two outputs. So
   * a small loss keeps its digits. {@code δ_j = x_j Σ_k y_k − y_j}.
   */
  static double categoricalCrossEntropy(
      int rows,
      int units,
      FloatNumbers signal,
      FloatNumbers output,
      FloatNumbers target,
      FloatNumbers delta) {
    float[] s = signal.array();
    float[] x = output.array();
    float[] y = target.array();
    float[] d = delta.array();
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int sRow = signal.offset() + row * units;
      int xRow = output.offset() + row * units;
      int yRow = target.offset() + row * units;
      int dRow = delta.offset() + row * units;
      float most = FloatActivations.largest(s, sRow, units);
      int winner = indexOf(most, s, sRow, units);
      double others = 0;
      double targets = 0;
      for (int j = 0; j < units; j++) {
        others += j == winner ? 0 : x[xRow + j];
        targets += y[yRow + j];
      }
      double logarithm = FloatFunctions.logOnePlus(others / x[xRow + winner]);
      for (int j = 0; j < units; j++) {
        float share = y[yRow + j];
        if (share != 0) { // 0 · ∞ is 0 here
          sum += share * (logarithm - FloatActivations.below(most, s[sRow + j]));
        }
        d[dRow + j] = (float) (x[xRow + j] * targets) - share;
      }
    }
    return sum;
  }

  /** The first place of a row where that value stands; 0 where none does, because of a NaN. */
  private static int indexOf(float value, float[] row, int offset, int units) {
    for (int j = 0; j < units; j++) {
      if (row[offset + j] == value) {
        return j;
      }
    }
    return 0;
  }

  /** How many rows are correct. */
  static int correct(
      Correctness correctness, int rows, int units, FloatNumbers output, FloatNumbers target) {
    float[] x = output.array();
    float[] y = target.array();
    int correct = 0;
    for (int row = 0; row < rows; row++) {
      int xRow = output.offset() + row * units;
      int yRow = target.offset() + row * units;
      boolean right =
          switch (correctness) {
            case LARGEST_OUTPUT -> largestAgrees(units, x, xRow, y, yRow);
            case EVERY_LABEL -> sidesAgree(units, x, xRow, y, yRow);
            case NONE -> false;
          };
      correct += right ? 1 : 0;
    }
    return correct;
  }

  private static boolean largestAgrees(int units, float[] x, int xOffset, float[] y, int yOffset) {
    float most = FloatActivations.largest(x, xOffset, units);
    float expected = FloatActivations.largest(y, yOffset, units);
    return !Float.isNaN(most)
        && indexOf(most, x, xOffset, units) == indexOf(expected, y, yOffset, units);
  }

  private static boolean sidesAgree(int units, float[] x, int xOffset, float[] y, int yOffset) {
    for (int j = 0; j < units; j++) {
      float output = x[xOffset + j];
      boolean label = y[yOffset + j] > 0.5f;
      if (!(label ? output > 0.5f : output <= 0.5f)) { // never where the output is not a number
        return false;
      }
    }
    return true;
  }
}
