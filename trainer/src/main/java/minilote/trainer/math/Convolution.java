package minilote.trainer.math;

/**
 * The geometry of a convolution.
 *
 * @param in channels of the input, at least 1
 * @param out channels of the output, at least 1
 * @param window how windows lie on the input
 */
public record Convolution(int in, int out, Window window) {
  public Convolution {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "%d and %d channels: there is at least 1".formatted(in, out));
    }
  }

  /** Numbers of an input: H × W × in. */
  public int inputs() {
    return Math.multiplyExact(window.pixels(), in);
  }

  /** Numbers of an output: H' × W' × out. */
  public int outputs() {
    return Math.multiplyExact(window.windows(), out);
  }

  /** Numbers under a window, all of which enter each number of the output: kh × kw × in. */
  public int patch() {
    return Math.multiplyExact(window.kernelPixels(), in);
  }

  /** Weights: out × in × kh × kw. */
  public int weights() {
    return Math.multiplyExact(patch(), out);
  }

  /**
   * For windows side by side, the convolution that takes derivatives by the output to those by the
   * input, with all kernels turned by half.
   */
  Convolution back() {
    return new Convolution(out, in, window.back());
  }
}
