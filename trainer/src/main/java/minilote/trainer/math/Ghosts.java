package minilote.trainer.math;

/**
 * The ghosts that a block of rows is cut into for batch normalization: so many rows at a time,
 * whose numbers share a mean and a variance for each channel. The last one may have fewer rows.
 * Hoffer, Hubara and Soudry, <i>Train longer, generalize better</i>, 2017, algorithm 1.
 *
 * @param size rows of a ghost, at least 1
 * @param pixels of a row; 1 where rows are no images
 * @param channels of a pixel
 */
public record Ghosts(int size, int pixels, int channels) {
  public Ghosts {
    if (size < 1 || pixels < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "ghosts of %d rows of %d pixels of %d channels".formatted(size, pixels, channels));
    }
  }

  /** Numbers of a row. */
  public int columns() {
    return Math.multiplyExact(pixels, channels);
  }

  /** How many ghosts so many rows are. */
  public int count(int rows) {
    return (int) ((rows - 1L + size) / size);
  }

  /** Rows of ghost {@code ghost} of so many rows. */
  public int rows(int ghost, int rows) {
    return (int) Math.min(size, rows - (long) ghost * size);
  }
}
