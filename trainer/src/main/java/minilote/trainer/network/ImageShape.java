package minilote.trainer.network;

import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;

/** The shape of an image, as users see it. */
record ImageShape(int channels, int height, int width) {
  private static final int DIMENSIONS = 3;

  /** Whether examples of that shape are images, (channels, height, width). */
  static boolean isImage(List<Integer> shape) {
    return shape.size() == DIMENSIONS;
  }

  /**
   * The shape of the image that a layer is given.
   *
   * @throws UserError if it is none
   */
  static ImageShape of(List<Integer> shape) {
    if (!isImage(shape)) {
      throw new UserError(
          "it takes an image, channels × height × width; after 'flatten' or a dense layer there are"
              + " none, and data of images has to be prepared as such");
    }
    return new ImageShape(shape.get(0), shape.get(1), shape.get(2));
  }

  /** Pixels of a channel. */
  int area() {
    return Math.multiplyExact(height, width);
  }

  /** {@code 3 × 32 × 32}, or {@code 784 numbers}. */
  static String words(List<Integer> shape) {
    if (shape.size() == 1) {
      return String.format(
          Locale.ROOT, "%d %s", shape.get(0), shape.get(0) == 1 ? "number" : "numbers");
    }
    return String.join(" × ", shape.stream().map(Object::toString).toList());
  }
}
