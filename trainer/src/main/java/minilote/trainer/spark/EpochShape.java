package minilote.trainer.spark;

import java.io.Serializable;

/**
 * Which rows of an epoch are where: the arithmetic that a shuffle, a step and a test share. All of
 * it follows from the numbers here, none from the data.
 */
final class EpochShape implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final long epoch;
  private final long examples;
  private final int batch;
  private final boolean dropLast;
  private final int laneCount;
  private final int ghost;
  private final int partitions;

  private transient volatile EpochOrder order;
  private transient volatile Lanes lanes;
  private transient volatile NoiseSampling sampling;

  /** Of a network that learns from each example by itself. */
  EpochShape(
      long seed,
      long epoch,
      long examples,
      int batch,
      boolean dropLast,
      int laneCount,
      int partitions) {
    this(seed, epoch, examples, batch, dropLast, laneCount, 1, partitions);
  }

  /**
   * @param examples training examples {@code n}
   * @param batch the batch size {@code B}, at most {@code n}
   * @param laneCount lanes {@code L}
   * @param ghost examples that must be in one lane, see {@link Lanes}
   * @param partitions how many partitions hold the lanes, at most {@code L}
   */
  EpochShape(
      long seed,
      long epoch,
      long examples,
      int batch,
      boolean dropLast,
      int laneCount,
      int ghost,
      int partitions) {
    this.seed = seed;
    this.epoch = epoch;
    this.examples = examples;
    this.batch = batch;
    this.dropLast = dropLast;
    this.laneCount = laneCount;
    this.ghost = ghost;
    this.partitions = partitions;
    this.order = new EpochOrder(seed, epoch, examples, batch, dropLast);
    this.lanes = new Lanes(laneCount, batch, ghost);
    this.sampling = new NoiseSampling(lanes, batch);
  }

  /** Only the numbers cross Spark; what follows from them is made anew. */
  private Object readResolve() {
    return new EpochShape(seed, epoch, examples, batch, dropLast, laneCount, ghost, partitions);
  }

  EpochOrder order() {
    return order;
  }

  Lanes lanes() {
    return lanes;
  }

  NoiseSampling sampling() {
    return sampling;
  }

  /** Whether the squares of the gradients of a step's lanes are added up. */
  boolean measures(long step) {
    return sampling.takes(step, order.batchSize(step));
  }

  long seed() {
    return seed;
  }

  long epoch() {
    return epoch;
  }

  int partitions() {
    return partitions;
  }

  int firstLane(int partition) {
    return lanes.firstOfPartition(partition, partitions);
  }

  /**
   * The epoch's position of a partition's first row in batch {@code step}; for {@code partition =
   * partitions} the position after the batch's last.
   */
  long firstPosition(int partition, long step) {
    return step * batch + lanes.first(firstLane(partition), order.batchSize(step));
  }

  /** Rows that a partition holds of a batch of {@code n} examples. */
  int rowsOfBatch(int partition, int n) {
    return lanes.first(firstLane(partition + 1), n) - lanes.first(firstLane(partition), n);
  }

  /** Rows that a partition holds of all batches before {@code step}. */
  long rowsBefore(int partition, long step) {
    // Every batch before the last one is full.
    long full = Math.min(step, examples / batch);
    long rows = full * rowsOfBatch(partition, batch);
    return step > full ? rows + rowsOfBatch(partition, (int) (examples % batch)) : rows;
  }

  /** Rows that a partition holds in the whole epoch. */
  long rows(int partition) {
    return rowsBefore(partition, order.steps());
  }

  /** The partition that holds the example at {@code position} of the epoch. */
  int partitionOf(long position) {
    long step = position / batch;
    return lanes.partitionOf(
        lanes.laneOf((int) (position % batch), order.batchSize(step)), partitions);
  }

  /**
   * The row, within partition {@code partition}, of the example at {@code position}, which must be
   * the partition's.
   */
  long rowOf(long position, int partition) {
    long step = position / batch;
    int first = lanes.first(firstLane(partition), order.batchSize(step));
    return rowsBefore(partition, step) + (int) (position % batch) - first;
  }
}
