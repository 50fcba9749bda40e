package minilote.trainer.spark;

import minilote.datasets.KeyedPermutation;
import minilote.trainer.optimizer.Course;

/**
 * The order of one epoch: a keyed permutation gives each training example, known by its rank {@code
 * 0 … n−1}, its position, and batch {@code t} is positions {@code tB … (t+1)B − 1}. Computed, never
 * stored.
 */
public final class EpochOrder {
  private final KeyedPermutation permutation;
  private final Course course;

  /**
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @param examples training examples {@code n}
   * @param batch the batch size {@code B}
   * @param dropLast whether a last batch of fewer than {@code B} examples is left out
   */
  public EpochOrder(long seed, long epoch, long examples, int batch, boolean dropLast) {
    this.permutation = new KeyedPermutation(seed, "epoch", epoch, examples);
    this.course = Course.over(examples, batch, dropLast, 1);
  }

  /** Batches, and so steps, in the epoch. */
  public long steps() {
    return course.stepsPerEpoch();
  }

  /** Examples that the epoch's batches use: all, unless the last batch is dropped. */
  public long used() {
    return course.examplesPerEpoch();
  }

  /** The number of examples in batch {@code step}. */
  public int batchSize(long step) {
    return course.batchSize(step);
  }

  /** The position in the epoch of the training example of rank {@code rank}. */
  public long position(long rank) {
    return permutation.apply(rank);
  }

  /** The rank of the training example at position {@code position}. */
  public long rank(long position) {
    return permutation.invert(position);
  }
}
