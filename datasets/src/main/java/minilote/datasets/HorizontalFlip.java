package minilote.datasets;

/** Exchanges left and right, or leaves an image as it is, each with probability ½. */
record HorizontalFlip() implements ImageOperation {
  static final String NAME = "flip";

  private static final long PURPOSE = KeyedRandom.hash(NAME);

  @Override
  public void apply(long key, float[] image, int offset, int channels, int height, int width) {
    if (KeyedRandom.below(2, KeyedRandom.bits(KeyedRandom.derive(key, PURPOSE), 0)) == 1) {
      mirror(image, offset, channels * height, width);
    }
  }

  /** Reverses each row. */
  static void mirror(float[] image, int offset, int rows, int width) {
    for (int row = 0; row < rows; row++) {
      int left = offset + row * width;
      for (int right = left + width - 1; left < right; left++, right--) {
        float pixel = image[left];
        image[left] = image[right];
        image[right] = pixel;
      }
    }
  }

  @Override
  public void check(int height, int width) {
    // Of any size.
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String toWords() {
    return NAME;
  }
}
