package minilote.trainer.math;

/**
 * Norms of parts of a flat array, and whether its numbers are finite.
 *
 * <p>Squares are added in double precision within fixed blocks of {@value #BLOCK} elements, counted
 * from the part's first one, and the blocks' sums along the tree of {@link PairwiseSum}. Threads or
 * machines may therefore each add whole blocks: the bits are the same.
 */
public final class Norms {

  /** Elements of a block. */
  public static final int BLOCK = 64 * 1024;

  private Norms() {}

  /** How many blocks a part of so many elements has; the last one may be shorter. */
  public static int blocks(int length) {
    return (int) ((length + BLOCK - 1L) / BLOCK);
  }

  /**
   * The sum of squares of one block.
   *
   * @param x the array
   * @param offset where the part begins
   * @param length how many elements the part has
   * @param block the block's number, counted from 0
   */
  public static double squaresOfBlock(float[] x, int offset, int length, int block) {
    int from = offset + block * BLOCK;
    int to = from + Math.min(BLOCK, length - block * BLOCK);
    // Four sums, because one would wait for each addition to end before the next.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      a += (double) x[i] * x[i];
      b += (double) x[i + 1] * x[i + 1];
      c += (double) x[i + 2] * x[i + 2];
      d += (double) x[i + 3] * x[i + 3];
    }
    for (; i < to; i++) {
      a += (double) x[i] * x[i];
    }
    return (a + b) + (c + d);
  }

  /** The sum of squares of {@code length} elements from {@code offset} on. */
  public static double squares(float[] x, int offset, int length) {
    int blocks = blocks(length);
    return blocks == 0 ? 0 : node(x, offset, length, 0, PairwiseSum.height(blocks), blocks);
  }

  /** The Euclidean norm of {@code length} elements from {@code offset} on. */
  public static double norm(float[] x, int offset, int length) {
    return Math.sqrt(squares(x, offset, length));
  }

  /**
   * {@link PairwiseSum}'s tree over blocks that are added up when reached: nothing is allocated.
   */
  private static double node(float[] x, int offset, int length, int first, int size, int blocks) {
    if (size == 1) {
      return squaresOfBlock(x, offset, length, first);
    }
    int half = size / 2;
    double left = node(x, offset, length, first, half, blocks);
    return first + half < blocks
        ? left + node(x, offset, length, first + half, half, blocks)
        : left;
  }

  /**
   * The first element of {@code [from, to)} that is infinite or not a number.
   *
   * @return its index in the array, or −1 if all are finite
   */
  public static int firstNonFinite(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(x[i])) {
        return i;
      }
    }
    return -1;
  }
}
