package minilote.trainer.spark;

import java.util.BitSet;

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
