package minilote.trainer.math;

/** Activations beside their derivatives over rows × units matrices in {@code float[]}. */
final class FloatActivations {
  private final FloatFunctions functions = new FloatFunctions();

  /** {@code x = θ(s)}. */
  void activate(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      FloatNumbers signal,
      FloatNumbers output) {
    int n = rows * units;
    float[] s = signal.array();
    int sOffset = signal.offset();
    float[] x = output.array();
    int xOffset = output.offset();
    switch (function) {
      case LINEAR -> System.arraycopy(s, sOffset, x, xOffset, n);
      case SIGMOID -> functions.sigmoid(s, sOffset, x, xOffset, n);
      case TANH -> functions.tanh(s, sOffset, x, xOffset, n);
      case RELU -> relu(s, sOffset, x, xOffset, n);
      case ELU -> functions.elu(alpha, s, sOffset, x, xOffset, n);
      case SOFTMAX -> softmax(rows, units, s, sOffset, x, xOffset);
      case HEAVISIDE -> threshold(0, s, sOffset, x, xOffset, n);
      case SIGN -> threshold(-1, s, sOffset, x, xOffset, n);
    }
  }

  /** {@code δ ← θ'(s) ⊙ δ}, from the output where it tells the derivative. */
  void multiplyByDerivative(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      FloatNumbers signal,
      FloatNumbers output,
      FloatNumbers sensitivity) {
    int n = rows * units;
    float[] s = signal.array();
    int sOffset = signal.offset();
    float[] x = output.array();
    int xOffset = output.offset();
    float[] delta = sensitivity.array();
    int offset = sensitivity.offset();
    switch (function) {
      case LINEAR -> {}
      case SIGMOID -> sigmoidDerivative(x, xOffset, delta, offset, n);
      case TANH -> tanhDerivative(x, xOffset, delta, offset, n);
      case RELU -> reluDerivative(s, sOffset, delta, offset, n);
      case ELU -> eluDerivative(alpha, s, sOffset, x, xOffset, delta, offset, n);
      case SOFTMAX -> softmaxDerivative(rows, units, x, xOffset, delta, offset);
      case HEAVISIDE, SIGN ->
          throw new IllegalArgumentException(function + " has no derivative to go back through");
    }
  }

  private static void sigmoidDerivative(float[] x, int xOffset, float[] delta, int offset, int n) {
    for (int i = 0; i < n; i++) {
      float y = x[xOffset + i];
      delta[offset + i] *= y * (1 - y);
    }
  }

  private static void tanhDerivative(float[] x, int xOffset, float[] delta, int offset, int n) {
    for (int i = 0; i < n; i++) {
      float y = x[xOffset + i];
      delta[offset + i] *= (1 - y) * (1 + y);
    }
  }

  private static void relu(float[] s, int sOffset, float[] x, int xOffset, int n) {
    for (int i = 0; i < n; i++) {
      x[xOffset + i] = Math.max(s[sOffset + i], 0);
    }
  }

  /**
   * Keeps δ where s is positive. By the sign's bits: a branch would be mispredicted half the time.
   */
  private static void reluDerivative(float[] s, int sOffset, float[] delta, int offset, int n) {
    for (int i = 0; i < n; i++) {
      int positive = Float.floatToRawIntBits(0f - s[sOffset + i]) >> 31;
      delta[offset + i] =
          Float.intBitsToFloat(Float.floatToRawIntBits(delta[offset + i]) & positive);
    }
  }

  private static void eluDerivative(
      float alpha,
      float[] s,
      int sOffset,
      float[] x,
      int xOffset,
      float[] delta,
      int offset,
      int n) {
    for (int i = 0; i < n; i++) {
      delta[offset + i] *= s[sOffset + i] > 0 ? 1 : x[xOffset + i] + alpha; // α e^s
    }
  }

  private static void threshold(
      float below, float[] s, int sOffset, float[] x, int xOffset, int n) {
    for (int i = 0; i < n; i++) {
      float v = s[sOffset + i];
      x[xOffset + i] = v >= 0 ? 1 : v < 0 ? below : v; // what is not a number stays so
    }
  }

  private void softmax(int rows, int units, float[] s, int sOffset, float[] x, int xOffset) {
    for (int row = 0; row < rows; row++) {
      int from = sOffset + row * units;
      int to = xOffset + row * units;
      float most = largest(s, from, units);
      for (int j = 0; j < units; j++) {
        x[to + j] = below(most, s[from + j]);
      }
    }
    functions.exp(x, xOffset, x, xOffset, rows * units);
    for (int row = 0; row < rows; row++) {
      int at = xOffset + row * units;
      double sum = 0;
      for (int j = 0; j < units; j++) {
        sum += x[at + j];
      }
      float divisor = (float) sum;
      for (int j = 0; j < units; j++) {
        x[at + j] /= divisor;
      }
    }
  }

  /** {@code δ_j ← x_j (δ_j − Σ_k δ_k x_k)}. */
  private static void softmaxDerivative(
      int rows, int units, float[] x, int xOffset, float[] delta, int offset) {
    for (int row = 0; row < rows; row++) {
      int from = xOffset + row * units;
      int to = offset + row * units;
      double mean = 0;
      for (int k = 0; k < units; k++) {
        mean += (double) delta[to + k] * x[from + k];
      }
      for (int j = 0; j < units; j++) {
        delta[to + j] = (float) (x[from + j] * (delta[to + j] - mean));
      }
    }
  }

  /** The largest of a row, or what is not a number where there is such a thing. */
  static float largest(float[] row, int offset, int units) {
    float most = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < units; j++) {
      most = Math.max(most, row[offset + j]);
    }
    return most;
  }

  /** {@code s − most}, and 0 also where both are the same infinity. */
  static float below(float most, float s) {
    return s == most ? 0 : s - most;
  }

  FloatFunctions functions() {
    return functions;
  }
}
