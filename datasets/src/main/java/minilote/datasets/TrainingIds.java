package minilote.datasets;

import java.util.Arrays;
import java.util.Objects;

/**
 * The ids of training examples by their ranks (their order by id), where a {@link ValidationSplit}
 * leaves gaps between them: a bit an example and a count every 512 of them, so that even of a
 * billion examples every JVM can have them all. Where nothing is set apart, a rank is the id and
 * nothing is stored.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class TrainingIds {
  private static final int BLOCK_WORDS = 8;

  private final long count;
  private final long[] training; // a bit an id; empty where all are for training
  private final long[] before; // training examples before each block of words

  /** Costs as {@link ValidationSplit#trainingExamplesBefore}. */
  public TrainingIds(ValidationSplit split) {
    this.count = split.trainingExamples();
    this.training = split.validationExamples() == 0 ? new long[0] : split.trainingBits();
    this.before = new long[(training.length + BLOCK_WORDS - 1) / BLOCK_WORDS];
    long sum = 0;
    for (int word = 0; word < training.length; word++) {
      if (word % BLOCK_WORDS == 0) {
        before[word / BLOCK_WORDS] = sum;
      }
      sum += Long.bitCount(training[word]);
    }
  }

  /** The id of the training example of rank {@code rank}, 0 to their number − 1. */
  public long id(long rank) {
    Objects.checkIndex(rank, count);
    if (training.length == 0) {
      return rank;
    }
    int block = lastUpTo(rank);
    int left = (int) (rank - before[block]); // training examples to pass over from here on
    int word = block * BLOCK_WORDS;
    for (int here = Long.bitCount(training[word]); left >= here; ) {
      left -= here;
      here = Long.bitCount(training[++word]);
    }
    long bits = training[word];
    for (; left > 0; left--) {
      bits &= bits - 1; // without its lowest one
    }
    return (long) word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }

  /** The last block that has no more than {@code rank} training examples before it. */
  private int lastUpTo(long rank) {
    int found = Arrays.binarySearch(before, rank);
    if (found < 0) {
      return -found - 2;
    }
    while (found + 1 < before.length && before[found + 1] == rank) {
      found++; // Behind blocks without any.
    }
    return found;
  }
}
