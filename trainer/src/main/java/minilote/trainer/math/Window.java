package minilote.trainer.math;

/**
 * How windows lie on an image: the geometry of convolution and pooling.
 *
 * @param vertical along the height: rows of pixels
 * @param horizontal along the width
 */
public record Window(Axis vertical, Axis horizontal) {

  /** Pixels of the image. */
  public int pixels() {
    return Math.multiplyExact(vertical.length(), horizontal.length());
  }

  /** Pixels of a window. */
  public int kernelPixels() {
    return Math.multiplyExact(vertical.kernel(), horizontal.kernel());
  }

  /** How many windows there are: pixels of the output. */
  public int windows() {
    return Math.multiplyExact(vertical.windows(), horizontal.windows());
  }

  boolean pointwise() {
    return vertical.pointwise() && horizontal.pointwise();
  }

  /** Whether no pixel is in two windows. */
  boolean apart() {
    return vertical.kernel() <= vertical.stride() && horizontal.kernel() <= horizontal.stride();
  }

  /** Whether windows lie side by side in both directions, so that there is {@link #back}. */
  boolean dense() {
    return vertical.stride() == 1 && horizontal.stride() == 1;
  }

  Window back() {
    return new Window(vertical.back(), horizontal.back());
  }
}
