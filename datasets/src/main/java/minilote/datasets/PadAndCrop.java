package minilote.datasets;

import java.util.Arrays;

/**
 * Pads an image on every side with the neutral colour, and takes from that a window of its own
 * size, anywhere with the same probability: pixel (y, x) becomes what was at (y + down, x + right),
 * both from −padding to padding (K. He et al., Deep Residual Learning for Image Recognition, CVPR
 * 2016, section 4.2).
 *
 * @param padding in pixels, at least 1
 */
record PadAndCrop(int padding) implements ImageOperation {
  static final String NAME = "crop";

  private static final long PURPOSE = KeyedRandom.hash(NAME);

  @Override
  public void apply(long key, float[] image, int offset, int channels, int height, int width) {
    long own = KeyedRandom.derive(key, PURPOSE);
    int places = 2 * padding + 1;
    int down = KeyedRandom.below(places, KeyedRandom.bits(own, 0)) - padding;
    int right = KeyedRandom.below(places, KeyedRandom.bits(own, 1)) - padding;
    for (int channel = 0; channel < channels; channel++) {
      move(image, offset + channel * height * width, height, width, down, right);
    }
  }

  /**
   * What was {@code down} rows below and {@code right} columns to the right comes to each pixel.
   */
  static void move(float[] plane, int offset, int height, int width, int down, int right) {
    int kept = width - Math.abs(right);
    int from = Math.max(0, right);
    int to = Math.max(0, -right);
    for (int i = 0; i < height; i++) {
      int y = down >= 0 ? i : height - 1 - i; // So that no row is overwritten before it is needed.
      int row = offset + y * width;
      int source = y + down;
      if (source < 0 || source >= height) {
        Arrays.fill(plane, row, row + width, 0f);
      } else {
        System.arraycopy(plane, offset + source * width + from, plane, row + to, kept);
        Arrays.fill(plane, row, row + to, 0f);
        Arrays.fill(plane, row + to + kept, row + width, 0f);
      }
    }
  }

  @Override
  public void check(int height, int width) {
    int most = Math.min(height, width) - 1;
    if (padding > most) {
      throw new UserError(
          "of an image of %dx%d pixels nothing may be left: crop takes at most %d"
              .formatted(width, height, most));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String toWords() {
    return NAME + " " + padding;
  }
}
