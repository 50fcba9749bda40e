package minilote.trainer.math;

/**
 * Activations beside their derivatives over rows × units matrices in {@code float[]}.
 *
 * <p>Loops over two arrays become vector instructions only where both are read at the same index;
 * what lies at different offsets is therefore copied, block by block, into scratch memory that the
 * first-level cache holds.
 */
final class FloatActivations {
  private static final int BLOCK = 1024;

  private final FloatFunctions functions = new FloatFunctions();
  private final float[] result = new float[BLOCK];
  private final float[] block = new float[BLOCK];

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

  /** {@code δ ← θ'(s) ⊙ δ}; of all these functions the output tells the derivative. */
  void multiplyByDerivative(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      FloatNumbers output,
      FloatNumbers sensitivity) {
    int n = rows * units;
    if (function == ActivationFunction.LINEAR) {
      return;
    }
    float[] delta = sensitivity.array();
    int offset = sensitivity.offset();
    if (function == ActivationFunction.SOFTMAX) {
      softmaxDerivative(rows, units, output.array(), output.offset(), delta, offset);
      return;
    }
    for (int done = 0; done < n; done += BLOCK) {
      int count = Math.min(BLOCK, n - done);
      System.arraycopy(output.array(), output.offset() + done, block, 0, count);
      System.arraycopy(delta, offset + done, result, 0, count);
      switch (function) {
        case SIGMOID -> sigmoidDerivative(block, result, count);
        case TANH -> tanhDerivative(block, result, count);
        case RELU -> reluDerivative(block, result, count);
        case ELU -> eluDerivative(alpha, block, result, count);
        default ->
            throw new IllegalArgumentException(function + " has no derivative to go back through");
      }
      System.arraycopy(result, 0, delta, offset + done, count);
    }
  }

  private static void sigmoidDerivative(float[] x, float[] delta, int n) {
    for (int i = 0; i < n; i++) {
      delta[i] *= x[i] * (1 - x[i]);
    }
  }

  private static void tanhDerivative(float[] x, float[] delta, int n) {
    for (int i = 0; i < n; i++) {
      delta[i] *= (1 - x[i]) * (1 + x[i]);
    }
  }

  /** x > 0 where s is. */
  private static void reluDerivative(float[] x, float[] delta, int n) {
    for (int i = 0; i < n; i++) {
      delta[i] *= step(x[i]);
    }
  }

  /** 1 where s > 0, {@code α e^s = x + α} elsewhere; x > 0 where s is. */
  private static void eluDerivative(float alpha, float[] x, float[] delta, int n) {
    for (int i = 0; i < n; i++) {
      float positive = step(x[i]);
      delta[i] *= positive + (1 - positive) * (Math.min(x[i], 0) + alpha);
    }
  }

  /**
   * 1 for positive numbers, also the smallest, and 0 for all others: by a product that overflows,
   * because a comparison would be a branch, mispredicted half the time.
   */
  static float step(float x) {
    return Math.min(Math.max(x, 0) * 0x1p127f * 0x1p127f, 1);
  }

  private static void relu(float[] s, int sOffset, float[] x, int xOffset, int n) {
    System.arraycopy(s, sOffset, x, xOffset, n);
    for (int i = xOffset; i < xOffset + n; i++) {
      x[i] = Math.max(x[i], 0);
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
