package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormsTest {

  @Test
  void norm_knownParts_isTheKnownNorm() {
    float[] x = {9, 3, 4, 12, 9};

    assertEquals(5, Norms.norm(x, 1, 2));
    assertEquals(13, Norms.norm(x, 1, 3));
    assertEquals(0, Norms.norm(x, 2, 0));
  }

  @Test
  void squares_randomLengths_equalExactSums() {
    Random random = new Random(3);
    int[] lengths = {0, 1, 2, 3, 5, 1000, 65535, 65536, 65537, 131072, 200001};
    for (int length : lengths) {
      float[] x = new float[length + 2];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      BigDecimal exact = BigDecimal.ZERO;
      for (int i = 0; i < length; i++) {
        BigDecimal value = new BigDecimal(x[i + 1]);
        exact = exact.add(value.multiply(value));
      }

      double squares = Norms.squares(x, 1, length);

      assertEquals(exact.doubleValue(), squares, 1e-13 * exact.doubleValue(), "length " + length);
    }
  }

  /** Who sends its blocks' sums, and has them added along the tree, gets the same bits. */
  @Test
  void squares_blocksByThemselves_giveTheSameBits() {
    Random random = new Random(4);
    for (int trial = 0; trial < 20; trial++) {
      int length = 1 + random.nextInt(12 * Norms.BLOCK);
      float[] x = new float[length];
      for (int i = 0; i < length; i++) {
        x[i] = random.nextFloat() * random.nextInt(1000);
      }
      double[] sums = new double[Norms.blocks(length)];
      for (int block = sums.length - 1; block >= 0; block--) {
        sums[block] = Norms.squaresOfBlock(x, 0, length, block);
      }

      assertEquals(Norms.squares(x, 0, length), PairwiseSum.of(sums, sums.length));
    }
  }

  @Test
  void squares_largestFloats_doNotOverflow() {
    float[] x = new float[100];
    Arrays.fill(x, Float.MAX_VALUE);

    assertEquals(Float.MAX_VALUE * 10.0, Norms.norm(x, 0, 100), 1e25);
  }

  @Test
  void firstNonFinite_eachKind_isItsIndex() {
    float[] x = {1, Float.MAX_VALUE, Float.NaN, 2, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};

    assertEquals(2, Norms.firstNonFinite(x, 0, 6));
    assertEquals(4, Norms.firstNonFinite(x, 3, 6));
    assertEquals(-1, Norms.firstNonFinite(x, 5, 6));
    assertEquals(-1, Norms.firstNonFinite(x, 0, 2));
    assertEquals(-1, Norms.firstNonFinite(x, 2, 2));
  }

  /** Terms that only this order adds to this result: (((a+b)+(c+d))+((e+f)+g)). */
  @Test
  void pairwiseSum_roundedTerms_followsTheTree() {
    double[] terms = {1e16, 1, -1e16, 1, 1, 1e16, -1e16};
    double expected = ((1e16 + 1) + (-1e16 + 1)) + ((1 + 1e16) + -1e16);

    assertEquals(expected, PairwiseSum.of(terms, 7));
    assertTrue(expected != Arrays.stream(terms).reduce(0, Double::sum), "order matters here");
    assertEquals(1e16, PairwiseSum.of(terms, 1));
    assertEquals(1e16 + 1 + -1e16, PairwiseSum.of(terms, 3));
    assertEquals(0, PairwiseSum.of(terms, 0));
  }

  @Test
  void pairwiseSum_alignedStretches_areSubtrees() {
    Random random = new Random(5);
    double[] terms = random.doubles(11, -1, 1).toArray();

    double first8 = PairwiseSum.of(terms, 8);
    double last3 = PairwiseSum.of(Arrays.copyOfRange(terms, 8, 11), 3);

    assertEquals(first8 + last3, PairwiseSum.of(terms, 11));
  }
}
