package minilote.trainer.math;

import java.util.Arrays;

/**
 * Kernels of convolutions in {@code float[]}: out × in × kh × kw as they are kept, and as {@link
 * FloatConvolutions} multiplies them.
 */
final class FloatKernels {
  private FloatKernels() {}

  /** As patches lie, a kernel a row: out × kh × kw × in. */
  static void pack(Convolution convolution, float[] w, int offset, float[] packed) {
    int in = convolution.in();
    int pixels = convolution.window().kernelPixels();
    int from = offset;
    for (int o = 0; o < convolution.out(); o++) {
      for (int i = 0; i < in; i++) {
        for (int k = 0; k < pixels; k++) {
          packed[(o * pixels + k) * in + i] = w[from++];
        }
      }
    }
  }

  /** Turned by half, with inputs and outputs exchanged: in × kh × kw × out. */
  static void packTurned(Convolution convolution, float[] w, int offset, float[] packed) {
    int in = convolution.in();
    int out = convolution.out();
    int pixels = convolution.window().kernelPixels();
    int from = offset;
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int k = pixels - 1; k >= 0; k--) {
          packed[(i * pixels + k) * out + o] = w[from++];
        }
      }
    }
  }

  /** The reverse of {@link #pack}, for gradients. */
  static void unpack(
      Convolution convolution, float[] packed, boolean add, float[] gradient, int offset) {
    int in = convolution.in();
    int pixels = convolution.window().kernelPixels();
    if (!add) {
      Arrays.fill(gradient, offset, offset + convolution.weights(), 0);
    }
    int to = offset;
    for (int o = 0; o < convolution.out(); o++) {
      for (int i = 0; i < in; i++) {
        for (int k = 0; k < pixels; k++) {
          gradient[to++] += packed[(o * pixels + k) * in + i];
        }
      }
    }
  }
}
