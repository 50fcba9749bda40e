package minilote.datasets;

/**
 * One operation of an {@link Augmentation}: a function of an image and its key. Immutable, safe for
 * any number of threads, and without allocation in {@link #apply}.
 */
public sealed interface ImageOperation permits PadAndCrop, HorizontalFlip, Cutout {
  /**
   * Changes an image where it lies.
   *
   * @param key of the example; what is drawn is a function of it and of the operation's name
   * @param image channels × height × width, row-major, from {@code offset} on; 0 is the neutral
   *     colour
   */
  void apply(long key, float[] image, int offset, int channels, int height, int width);

  /**
   * Checks that it makes sense for images of that size.
   *
   * @throws UserError with what would
   */
  void check(int height, int width);

  /** The word that it begins with. */
  String name();

  /** As {@link Augmentation#parse} reads it. */
  String toWords();
}
