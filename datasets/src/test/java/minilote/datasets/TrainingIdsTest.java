package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingIdsTest {
  @Test
  void id_anyNumberAndFraction_isThatOfCountingThrough() {
    int cases = 0;
    for (long n : new long[] {1, 2, 63, 64, 65, 511, 512, 513, 1024, 20_001}) {
      for (double fraction : new double[] {0, 0.01, 0.1, 0.5, 0.51, 0.9, 0.999}) {
        ValidationSplit split = new ValidationSplit(n, fraction, 7);
        long[] expected = LongStream.range(0, n).filter(id -> !split.isValidation(id)).toArray();
        TrainingIds ids = new TrainingIds(split);
        for (int rank = 0; rank < expected.length; rank++) {
          assertEquals(expected[rank], ids.id(rank), n + " examples, validation " + fraction);
        }
        int[] listed = split.trainingIds();
        assertArrayEquals(
            expected, LongStream.range(0, listed.length).map(r -> listed[(int) r]).toArray());
        assertThrows(IndexOutOfBoundsException.class, () -> ids.id(expected.length));
        assertThrows(IndexOutOfBoundsException.class, () -> ids.id(-1));
        cases++;
      }
    }
    assertEquals(70, cases);
  }

  /** Blocks of ids without any training example lie between those that have some. */
  @Test
  void id_fewForTraining_passesOverTheGaps() {
    ValidationSplit split = new ValidationSplit(1_000_000, 0.9999, 1);
    TrainingIds ids = new TrainingIds(split);
    long[] found = LongStream.range(0, 100).map(ids::id).toArray();
    assertEquals(100, LongStream.of(found).filter(id -> !split.isValidation(id)).count());
    for (int rank = 1; rank < 100; rank++) {
      assertTrue(found[rank] > found[rank - 1]);
    }
  }
}
