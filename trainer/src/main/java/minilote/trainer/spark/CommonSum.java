package minilote.trainer.spark;

import java.util.BitSet;
import java.util.Iterator;
import org.apache.spark.rdd.RDD;

/**
 * The sum over a batch to which all tasks of one JVM add theirs, each when it ends: nothing of it
 * crosses Spark. One object serves step after step, and keeps its memory.
 *
 * <p>Spark may run a task twice, and one that is left over from a job that has failed may end after
 * the next step has begun. A partition therefore counts once, whichever of its tasks comes first
 * (their bits are the same), and only in the step that it belongs to. Thread-safe.
 */
final class CommonSum {
  private final LaneSum whole = new LaneSum();
  private final BitSet added = new BitSet();
  private long round;

  /**
   * The sum over all partitions, in a job of its own.
   *
   * @param task gives the sum over a partition's lanes
   * @return the sum, the caller's until it asks for the next one
   */
  LaneSum over(RDD<byte[]> partitions, PartitionTask<byte[], LaneSum> task) {
    long began = begin();
    try (Lent<CommonSum> lent = Lent.of(this)) {
      new Adding(task, lent, began).over(partitions, Boolean.class);
      return end(began);
    }
  }

  /** Adds a partition's sum to the one that is common to this JVM. */
  private static final class Adding extends PartitionTask<byte[], Boolean> {
    private static final long serialVersionUID = 1L;

    private final PartitionTask<byte[], LaneSum> task;
    private final Lent<CommonSum> common;
    private final long round;

    Adding(PartitionTask<byte[], LaneSum> task, Lent<CommonSum> common, long round) {
      this.task = task;
      this.common = common;
      this.round = round;
    }

    @Override
    Boolean run(int partition, Iterator<byte[]> held) {
      return common.get().add(round, partition, task.run(partition, held));
    }
  }

  /**
   * Forgets all sums.
   *
   * @return the number by which tasks of the round that begins now are known
   */
  synchronized long begin() {
    whole.clear();
    added.clear();
    return ++round;
  }

  /**
   * Adds the sum over a partition's lanes, which stays the caller's.
   *
   * @return whether it was needed
   */
  synchronized boolean add(long round, int partition, LaneSum sum) {
    if (round != this.round || added.get(partition)) {
      return false;
    }
    whole.addAll(sum);
    added.set(partition);
    return true;
  }

  /**
   * The sum over all that was added, once the round's job has ended; until the next round begins it
   * is the caller's.
   */
  synchronized LaneSum end(long round) {
    if (round != this.round) {
      throw new IllegalStateException("round %d is over, this is %d".formatted(round, this.round));
    }
    return whole;
  }
}
