package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import minilote.datasets.ValidationSplit;
import org.jspecify.annotations.Nullable;

/**
 * One split of a data set whose examples are spread over the JVMs: how it is read, and in each of
 * them the partitions that it holds, for its own tasks and for those of others that ask for rows.
 *
 * <p>Like {@link WholeSplit} it crosses Spark in a broadcast, and only as text and numbers. A JVM
 * holds in its memory what it has once begun to hold, until told to {@link #release} it: the object
 * that Spark has made of the broadcast it may drop just when memory is short, since the examples
 * are many.
 */
final class SpreadSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final ConcurrentMap<UUID, SpreadSplit> HERE = new ConcurrentHashMap<>();

  private final long idHigh;
  private final long idLow;
  private final SplitFiles files;
  private final int partitions;
  private final double validationFraction;
  private final long validationSeed;
  private transient @Nullable AtomicReferenceArray<@Nullable HeldPartition> held;

  /**
   * Holds nothing yet.
   *
   * @param partitions into how many partitions the blocks are read
   * @param validation which of the ids are set apart for validation
   */
  SpreadSplit(SplitFiles files, int partitions, ValidationSplit validation) {
    UUID id = UUID.randomUUID();
    this.idHigh = id.getMostSignificantBits();
    this.idLow = id.getLeastSignificantBits();
    this.files = files;
    this.partitions = partitions;
    this.validationFraction = validation.fraction();
    this.validationSeed = validation.seed();
  }

  /** What messages that ask for its rows carry. */
  UUID id() {
    return new UUID(idHigh, idLow);
  }

  /** The one object for this split in this JVM. */
  SpreadSplit here() {
    return HERE.computeIfAbsent(id(), id -> this);
  }

  /** Forgets what this JVM holds of a split; what still works with it keeps it a while. */
  static void release(UUID id) {
    HERE.remove(id);
  }

  /** How many splits this JVM holds something of. */
  static int open() {
    return HERE.size();
  }

  SplitFiles files() {
    return files;
  }

  /** The partition's examples, where this JVM holds them. */
  @Nullable HeldPartition held(int partition) {
    return held().get(partition);
  }

  /** Holds a partition from now on. */
  void hold(int partition, HeldPartition examples) {
    held().set(partition, examples);
  }

  private synchronized AtomicReferenceArray<@Nullable HeldPartition> held() {
    AtomicReferenceArray<@Nullable HeldPartition> known = held;
    if (known == null) {
      known = new AtomicReferenceArray<>(partitions);
      held = known;
    }
    return known;
  }

  /** The places of the training examples among those of a partition. */
  int[] trainingRows(int partition) {
    HeldPartition known = held(partition);
    if (known != null) {
      return known.rows();
    }
    ValidationSplit validation =
        new ValidationSplit(files.count(), validationFraction, validationSeed);
    long from = Examples.firstBlock(partition, files.count(), partitions) * Examples.BLOCK;
    long to =
        Math.min(
            files.count(),
            Examples.firstBlock(partition + 1, files.count(), partitions) * Examples.BLOCK);
    int[] rows = new int[Math.toIntExact(to - from)];
    int count = 0;
    for (int row = 0; row < rows.length; row++) {
      if (!validation.isValidation(from + row)) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }
}
