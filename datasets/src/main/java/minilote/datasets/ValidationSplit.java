package minilote.datasets;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Which examples of a training split are held back for validation: exactly ⌊fraction · N⌋ ids,
 * chosen by a keyed permutation of them, so that the choice depends on seed, N and fraction alone.
 * A larger fraction with the same seed holds back the same ids and more.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class ValidationSplit {
  private final long examples;
  private final double fraction;
  private final long seed;
  private final long validationExamples;
  private final KeyedPermutation permutation;

  /**
   * @param fraction in [0, 1), read as the decimal number that it prints as: 0.29 of 100 is 29
   * @throws UserError when the fraction is outside its range
   */
  public ValidationSplit(long examples, double fraction, long seed) {
    this(examples, fraction, seed, "validation");
  }

  /** The same choice for another purpose: a test split cut from a data set that has none. */
  public ValidationSplit(long examples, double fraction, long seed, String purpose) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new UserError(
          "the %s fraction must be at least 0 and below 1, not %s".formatted(purpose, fraction));
    }
    this.examples = examples;
    this.fraction = fraction;
    this.seed = seed;
    this.validationExamples =
        BigDecimal.valueOf(fraction)
            .multiply(BigDecimal.valueOf(examples))
            .setScale(0, RoundingMode.FLOOR)
            .longValueExact();
    this.permutation = new KeyedPermutation(seed, purpose, 0, examples);
  }

  /** The fraction that was asked for. */
  public double fraction() {
    return fraction;
  }

  public long seed() {
    return seed;
  }

  public boolean isValidation(long id) {
    return validationExamples > 0 && permutation.apply(id) < validationExamples;
  }

  public long validationExamples() {
    return validationExamples;
  }

  public long trainingExamples() {
    return examples - validationExamples;
  }

  /**
   * How many of the ids below each of {@code ids} are for training. Costs as many steps as the
   * smaller of the two parts has examples, not one for every example.
   *
   * @param ids in ascending order, each from 0 to the number of examples
   */
  public long[] trainingExamplesBefore(long[] ids) {
    boolean fewForValidation = fewForValidation();
    long[] counts = new long[ids.length]; // of the smaller part, by the first of ids beyond each
    smallerPart()
        .forEach(
            id -> {
              int at = firstAbove(ids, id);
              if (at < ids.length) {
                counts[at]++;
              }
            });
    long[] training = new long[ids.length];
    long smaller = 0;
    for (int i = 0; i < ids.length; i++) {
      smaller += counts[i];
      training[i] = fewForValidation ? ids[i] - smaller : smaller;
    }
    return training;
  }

  /**
   * The ids that are for training, in ascending order. Costs as {@link #trainingExamplesBefore}.
   *
   * @throws ArithmeticException where ids are no {@code int}
   */
  public int[] trainingIds() {
    int end = Math.toIntExact(examples);
    long[] training = trainingBits();
    int[] ids = new int[(int) trainingExamples()];
    int rank = 0;
    for (int id = 0; id < end; id++) {
      if (((training[id / Long.SIZE] >>> id) & 1) != 0) {
        ids[rank++] = id;
      }
    }
    return ids;
  }

  /**
   * A bit for each id, from the lowest on: whether it is for training. Costs as {@link
   * #trainingExamplesBefore}.
   */
  long[] trainingBits() {
    long[] bits = new long[Math.toIntExact((examples + Long.SIZE - 1) / Long.SIZE)];
    if (fewForValidation() && examples > 0) {
      Arrays.fill(bits, -1);
      bits[bits.length - 1] >>>= -examples; // By as many as there are no examples for.
    }
    smallerPart().forEach(id -> bits[(int) (id / Long.SIZE)] ^= 1L << id);
    return bits;
  }

  private boolean fewForValidation() {
    return validationExamples <= examples / 2;
  }

  /** The ids of those for validation or, where they are fewer, of those for training. */
  private LongStream smallerPart() {
    return (fewForValidation()
            ? LongStream.range(0, validationExamples)
            : LongStream.range(validationExamples, examples))
        .map(permutation::invert);
  }

  /** The index of the first of {@code ids} that is greater than {@code id}. */
  private static int firstAbove(long[] ids, long id) {
    int low = 0;
    int high = ids.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ids[middle] > id) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
