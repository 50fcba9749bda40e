package minilote.trainer.math;

/**
 * How windows lie along one side of an image: window i covers the {@code kernel} positions from
 * {@code i · stride − before} on. Positions below 0 or from {@code length} on are padding.
 *
 * @param length of the image's side, at least 1
 * @param kernel of a window, at least 1
 * @param stride from one window to the next, at least 1
 * @param before positions of padding before the image, fewer than the window has
 * @param windows how many there are: as many as fit into image and padding. The padding behind the
 *     image, which follows, is smaller than a window too; it is negative where the last positions
 *     are in no window.
 */
public record Axis(int length, int kernel, int stride, int before, int windows) {
  public Axis {
    if (length < 1 || kernel < 1 || stride < 1 || windows < 1) {
      throw new IllegalArgumentException(
          "length %d, kernel %d, stride %d and windows %d: all are at least 1"
              .formatted(length, kernel, stride, windows));
    }
    long after = (windows - 1L) * stride - before + kernel - length;
    if (before < 0 || before >= kernel || after <= -stride || after >= kernel) {
      throw new IllegalArgumentException(
          "%d windows of %d, %d apart, with %d before them do not lie on %d positions"
              .formatted(windows, kernel, stride, before, length));
    }
  }

  /** Windows of that padding on both ends. */
  public static Axis of(int length, int kernel, int stride, int before, int after) {
    return new Axis(
        length, kernel, stride, before, (length + before + after - kernel) / stride + 1);
  }

  /** Positions of padding behind the image that windows reach. */
  int after() {
    return Math.max(0, (windows - 1) * stride - before + kernel - length);
  }

  /** Where a window begins; less than 0 where that is in the padding. */
  public int start(int window) {
    return window * stride - before;
  }

  /** The first position of a window, counted in the window, that lies inside the image. */
  public int firstInside(int window) {
    return Math.max(0, -start(window));
  }

  /** The first position of a window, after {@link #firstInside}, that lies behind the image. */
  public int endInside(int window) {
    return Math.min(kernel, length - start(window));
  }

  /** The first window whose position k lies inside the image. */
  public int firstWindow(int k) {
    return Math.min(windows, Math.max(0, before - k + stride - 1) / stride);
  }

  /** The first window, after {@link #firstWindow}, whose position k lies behind the image. */
  public int endWindow(int k) {
    int last = length - 1 + before - k;
    return last < 0
        ? firstWindow(k)
        : Math.max(firstWindow(k), Math.min(windows, last / stride + 1));
  }

  /** Whether each window is exactly one position, and each position one window. */
  boolean pointwise() {
    return kernel == 1 && stride == 1;
  }

  /**
   * For windows side by side, the axis of the way back: along it, window i covers the windows of
   * this one that cover position i, the last of them first.
   */
  Axis back() {
    if (stride != 1) {
      throw new IllegalStateException("stride " + stride + " has no way back by windows");
    }
    return new Axis(/* length= */ windows, kernel, 1, kernel - 1 - before, /* windows= */ length);
  }
}
