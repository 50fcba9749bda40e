package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationSplitTest {
  @ParameterizedTest
  @CsvSource({
    "50000, 0.1, 5000",
    "100, 0.29, 29", // in doubles 0.29 · 100 is 28.999…
    "129, 0.1, 12",
    "10, 0, 0",
    "1, 0.9999, 0",
    "0, 0.5, 0",
    "3, 0.34, 1",
    "7, 0.999, 6",
  })
  void validationExamples_anyFraction_isTheFloorOfTheProduct(long n, double fraction, long held) {
    ValidationSplit split = new ValidationSplit(n, fraction, 5);
    assertEquals(held, split.validationExamples());
    assertEquals(n - held, split.trainingExamples());
    assertEquals(held, LongStream.range(0, n).filter(split::isValidation).count());
  }

  @Test
  void isValidation_largerFraction_holdsBackTheSameAndMore() {
    ValidationSplit tenth = new ValidationSplit(1000, 0.1, 3);
    ValidationSplit fifth = new ValidationSplit(1000, 0.2, 3);
    assertTrue(LongStream.range(0, 1000).filter(tenth::isValidation).allMatch(fifth::isValidation));
  }

  @Test
  void isValidation_anotherSeed_holdsBackOthers() {
    ValidationSplit a = new ValidationSplit(10_000, 0.5, 0);
    ValidationSplit b = new ValidationSplit(10_000, 0.5, 1);
    long both =
        LongStream.range(0, 10_000).filter(i -> a.isValidation(i) && b.isValidation(i)).count();
    assertEquals(2500.0, (double) both, 6 * 25); // hypergeometric, deviation 25
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
  void new_fractionOutOfRange_isRefusedInOneSentence(double fraction) {
    UserError e = assertThrows(UserError.class, () -> new ValidationSplit(10, fraction, 0));
    assertEquals(
        "the validation fraction must be at least 0 and below 1, not " + fraction, e.getMessage());
  }

  /** Against counting one by one, with few, many and no examples for validation. */
  @Test
  void trainingExamplesBefore_anyFraction_isWhatCountingGives() {
    long[] ids = {0, 0, 1, 7, 7, 40, 99, 100};
    for (double fraction : new double[] {0, 0.01, 0.1, 0.5, 0.51, 0.99}) {
      ValidationSplit split = new ValidationSplit(100, fraction, 3);
      long[] counted = new long[ids.length];
      for (int i = 0; i < ids.length; i++) {
        counted[i] = LongStream.range(0, ids[i]).filter(id -> !split.isValidation(id)).count();
      }
      assertArrayEquals(counted, split.trainingExamplesBefore(ids), "fraction " + fraction);
    }
  }
}
