package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import minilote.trainer.math.Norms;
import minilote.trainer.math.PhaseClock;
import org.junit.jupiter.api.Test;

class LaneSquaresTest {
  /**
   * What is complete may be added into at once: it has been counted, and is not looked at again.
   */
  @Test
  void end_completeInAnyPieces_givesTheBitsOfTheWhole() {
    Random random = new Random(1);
    for (int trained : new int[] {1, 1000, Norms.BLOCK, 3 * Norms.BLOCK + 17}) {
      LaneSquares squares = new LaneSquares(2, trained, PhaseClock.OFF);
      for (int trial = 0; trial < 5; trial++) {
        // Behind what is trained are statistics, which do not count.
        float[] gradient = new float[trained + 7];
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] = (float) random.nextGaussian();
        }
        double expected = LaneSquares.of(gradient.clone(), trained, 3);
        float[] other = gradient.clone();
        squares.begin(0, gradient);
        squares.begin(1, other);
        for (int from = trained; from > 0; from -= 1 + random.nextInt(Norms.BLOCK)) {
          squares.complete(from);
          int whole = (from + Norms.BLOCK - 1) / Norms.BLOCK * Norms.BLOCK;
          if (whole < trained) {
            Arrays.fill(gradient, whole, gradient.length, Float.NaN);
          }
        }
        assertEquals(expected, squares.end(0, 3));
        assertEquals(expected, squares.end(1, 3));
        assertThrows(IllegalStateException.class, () -> squares.end(0, 3));
      }
    }
  }

  @Test
  void of_smallLane_isTheSquareOfItsMean() {
    assertEquals(4 + 9, LaneSquares.of(new float[] {8, -12, 100}, 2, 4));
  }
}
