package minilote.trainer.spark;

import minilote.datasets.UserError;

/**
 * How a batch is cut into lanes. A lane is one of {@code L} nearly equal slices of every batch,
 * given by positions in the batch alone: lane {@code l} of a batch of {@code n} examples holds
 * positions {@code ⌊l·n/L⌋ … ⌊(l+1)·n/L⌋ − 1}. Where examples are learned from in ghosts of {@code
 * g} consecutive positions, a lane holds whole ones: of {@code m = ⌈n/g⌉}, the last of which may
 * have fewer examples, ghosts {@code ⌊l·m/L⌋ … ⌊(l+1)·m/L⌋ − 1}. Gradients are computed a lane at a
 * time and added along one binary tree over the lanes, so {@code L} is part of a run's identity,
 * and the cluster is not.
 */
public final class Lanes {
  /** Far more than there are cores for; each costs every task a node of the tree. */
  private static final int MOST = 1 << 16;

  private final int count;
  private final int ghost; // g; 1 where there are none

  /**
   * @param count the number of lanes {@code L}, a power of two up to 65,536
   * @param batch the batch size {@code B ≥ L}
   */
  public Lanes(int count, int batch) {
    this(count, batch, 1);
  }

  /**
   * Of whole ghosts.
   *
   * @param count the number of lanes {@code L}, a power of two up to 65,536
   * @param batch the batch size {@code B}, of at least {@code L} ghosts
   * @param ghost examples of a ghost {@code g}, 1 where there are none
   */
  public Lanes(int count, int batch, int ghost) {
    if (count < 1 || Integer.bitCount(count) != 1) {
      throw new UserError(
          "--lanes %d: the number of lanes is a power of two (1, 2, 4, 8, …)".formatted(count));
    }
    if (count > MOST) {
      throw new UserError("--lanes %d: there are at most %d".formatted(count, MOST));
    }
    if (count > batch) {
      throw new UserError(
          "--lanes %d: a batch of %d cannot be cut into more lanes than it has examples; at most %d here"
              .formatted(count, batch, Integer.highestOneBit(batch)));
    }
    if (count > ghosts(batch, ghost)) {
      throw new UserError(
          "--lanes %d: a batch of %d is %d ghosts of %d for batch normalization, and a lane holds whole ones; at most %d here"
              .formatted(
                  count,
                  batch,
                  ghosts(batch, ghost),
                  ghost,
                  Integer.highestOneBit(ghosts(batch, ghost))));
    }
    this.count = count;
    this.ghost = ghost;
  }

  /** The number of lanes {@code L}. */
  public int count() {
    return count;
  }

  /**
   * The first position of lane {@code lane} in a batch of {@code n} examples; for {@code lane = L}
   * it is {@code n}.
   */
  public int first(int lane, int n) {
    long ghosts = (long) lane * ghosts(n, ghost) / count;
    return (int) Math.min(n, ghosts * ghost);
  }

  /** How many ghosts so many examples are. */
  private static int ghosts(int n, int ghost) {
    return (int) ((n - 1L + ghost) / ghost);
  }

  /** The examples of lane {@code lane} in a batch of {@code n}. */
  int size(int lane, int n) {
    return first(lane + 1, n) - first(lane, n);
  }

  /** The lane that holds position {@code position} of a batch of {@code n} examples. */
  public int laneOf(int position, int n) {
    // The largest l with ⌊l·m/L⌋ ≤ j for the position's ghost j, that is l·m < (j + 1)·L.
    return (int) (((position / ghost + 1L) * count - 1) / ghosts(n, ghost));
  }

  /**
   * The first lane of partition {@code partition} when the lanes are dealt out, whole and in order,
   * to {@code partitions} partitions; for {@code partition = partitions} it is {@code L}.
   */
  public int firstOfPartition(int partition, int partitions) {
    return (int) ((long) partition * count / partitions);
  }

  /** The partition, of {@code partitions}, that holds lane {@code lane}. */
  public int partitionOf(int lane, int partitions) {
    return (int) (((lane + 1L) * partitions - 1) / count);
  }
}
