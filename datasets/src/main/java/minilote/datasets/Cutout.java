package minilote.datasets;

import java.util.Arrays;

/**
 * Covers a square with the neutral colour. Its centre is any pixel, with the same probability, so
 * that it may lie partly outside: at a centre (y, x) it covers rows y − ⌊side/2⌋ to y − ⌊side/2⌋ +
 * side − 1, columns likewise (T. DeVries and G. W. Taylor, Improved Regularization of Convolutional
 * Neural Networks with Cutout, 2017, arXiv:1708.04552, section 3.2).
 *
 * @param side in pixels, at least 1
 */
record Cutout(int side) implements ImageOperation {
  static final String NAME = "cutout";

  private static final long PURPOSE = KeyedRandom.hash(NAME);

  @Override
  public void apply(long key, float[] image, int offset, int channels, int height, int width) {
    long own = KeyedRandom.derive(key, PURPOSE);
    int y = KeyedRandom.below(height, KeyedRandom.bits(own, 0));
    int x = KeyedRandom.below(width, KeyedRandom.bits(own, 1));
    for (int channel = 0; channel < channels; channel++) {
      cover(image, offset + channel * height * width, height, width, y, x);
    }
  }

  /** Covers the square around (y, x), as far as there are pixels. */
  void cover(float[] plane, int offset, int height, int width, int y, int x) {
    int left = Math.max(0, x - side / 2);
    int right = Math.min(width, x - side / 2 + side);
    int bottom = Math.min(height, y - side / 2 + side);
    for (int row = Math.max(0, y - side / 2); row < bottom; row++) {
      Arrays.fill(plane, offset + row * width + left, offset + row * width + right, 0f);
    }
  }

  @Override
  public void check(int height, int width) {
    int most = Math.min(height, width);
    if (side > most) {
      throw new UserError(
          "an image of %dx%d pixels has no square of this side: cutout takes at most %d"
              .formatted(width, height, most));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String toWords() {
    return NAME + " " + side;
  }
}
