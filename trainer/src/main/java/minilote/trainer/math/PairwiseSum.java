package minilote.trainer.math;

/**
 * Sums of doubles along one fixed binary tree over their positions, so that the bits do not depend
 * on who added which part first.
 *
 * <p>The tree is the one that halves the next power of two: a node over positions {@code [a, a +
 * 2ᵏ)} adds its two halves, and where the second half lies beyond the end it is the first one
 * alone. So every aligned stretch of {@code 2ᵏ} positions is a subtree, and whoever holds one can
 * add it by itself.
 */
public final class PairwiseSum {

  private PairwiseSum() {}

  /** The sum of the first {@code count} terms; 0 for none. */
  public static double of(double[] terms, int count) {
    return count == 0 ? 0 : node(terms, 0, height(count), count);
  }

  /** The size of the smallest tree over so many positions, at least 1. */
  static int height(int count) {
    return count <= 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }

  private static double node(double[] terms, int first, int size, int count) {
    if (size == 1) {
      return terms[first];
    }
    int half = size / 2;
    double left = node(terms, first, half, count);
    return first + half < count ? left + node(terms, first + half, half, count) : left;
  }
}
