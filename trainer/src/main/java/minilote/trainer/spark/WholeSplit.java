package minilote.trainer.spark;

import java.io.InterruptedIOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.BitSet;
import minilote.datasets.ValidationSplit;
import org.jspecify.annotations.Nullable;

/**
 * One split of a data set, kept in the memory of every JVM that needs it, as blocks of {@link
 * Examples#BLOCK} ids; read by the tasks that need it first, each a part, as far as they need it.
 *
 * <p>It crosses Spark in a broadcast, and only as text and numbers. What makes it one for all tasks
 * of a JVM is that an executor's block manager hands each of them the one object that it has made
 * of the broadcast; on a local master, that is the driver's own. With the broadcast it is released.
 */
final class WholeSplit implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes that a JVM spends on an example beside its record: see {@link #trainingIds}. */
  static final int BYTES_BESIDE_A_RECORD = Integer.BYTES;

  /** What a task reads at once: much, as it opens a file for it, and little enough to share. */
  private static final int RUN_BYTES = 16 << 20;

  private final SplitFiles files;
  private final double validationFraction;
  private final long validationSeed;
  private transient @Nullable Content content;

  /**
   * @param files of at most {@code Integer.MAX_VALUE} examples
   * @param validation which of the ids are set apart for validation
   */
  WholeSplit(SplitFiles files, ValidationSplit validation) {
    this.files = files;
    this.validationFraction = validation.fraction();
    this.validationSeed = validation.seed();
  }

  int recordBytes() {
    return files.recordBytes();
  }

  /**
   * All blocks by their numbers, of which at least {@code from … to − 1} are there; packed records,
   * not to be changed.
   */
  byte[][] blocks(long from, long to) {
    return content().blocks((int) from, (int) to);
  }

  /** All blocks by their numbers. */
  byte[][] blocks() {
    return blocks(0, files.blockCount());
  }

  /** The ids of the training examples by their ranks. */
  int[] trainingIds() {
    return content().trainingIds();
  }

  private synchronized Content content() {
    Content known = content;
    if (known == null) {
      known =
          new Content(
              files, new ValidationSplit(files.count(), validationFraction, validationSeed));
      content = known;
    }
    return known;
  }

  /** Forgets what this JVM has read; what still works with it keeps it a while. */
  synchronized void release() {
    content = null;
  }

  /** What a JVM has of the split. */
  private static final class Content {
    private final SplitFiles files;
    private final ValidationSplit validation;
    private final byte[][] blocks;
    private final BitSet there = new BitSet();
    private final BitSet taken = new BitSet(); // There, or being read by some task.
    private final int runBlocks;
    private int @Nullable [] trainingIds;

    Content(SplitFiles files, ValidationSplit validation) {
      this.files = files;
      this.validation = validation;
      this.blocks = new byte[Math.toIntExact(files.blockCount())][];
      this.runBlocks = Math.max(1, RUN_BYTES / (files.recordBytes() * Examples.BLOCK));
    }

    byte[][] blocks(int from, int to) {
      for (Run run = claim(from, to); run != null; run = claim(from, to)) {
        boolean read = false;
        try (SplitFiles.BlockReader reader = files.open(run.from, run.to)) {
          for (int number = run.from; number < run.to; number++) {
            blocks[number] = reader.next();
          }
          read = true;
        } finally {
          settle(run, read);
        }
      }
      return blocks;
    }

    /** Consecutive blocks. */
    private record Run(int from, int to) {}

    /**
     * The next blocks to be read; null once all are there. What another task reads is waited for,
     * as it has to be read should that task fail.
     */
    private synchronized @Nullable Run claim(int from, int to) {
      while (there.nextClearBit(from) < to) {
        int first = taken.nextClearBit(from);
        if (first < to) {
          int next = taken.nextSetBit(first);
          Run run = new Run(first, Math.min(first + runBlocks, next < 0 ? to : Math.min(next, to)));
          taken.set(run.from, run.to);
          return run;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new UncheckedIOException(
              new InterruptedIOException("interrupted while another task reads the examples"));
        }
      }
      return null;
    }

    private synchronized void settle(Run run, boolean read) {
      (read ? there : taken).set(run.from, run.to, read);
      notifyAll();
    }

    synchronized int[] trainingIds() {
      int[] known = trainingIds;
      if (known == null) {
        known = validation.trainingIds();
        trainingIds = known;
      }
      return known;
    }
  }
}
