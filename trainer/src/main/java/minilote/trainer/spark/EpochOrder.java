package minilote.trainer.spark;

import minilote.datasets.KeyedPermutation;

/**
 * The order of one epoch: a keyed permutation gives each training example, known by its rank {@code
 * 0 … n−1}, its position, and batch {@code t} is positions {@code tB … (t+1)B − 1}. Computed, never
 * stored.
 */
public final class EpochOrder {
  private final KeyedPermutation permutation;
  private final long examples;
  private final int batch;
  private final boolean dropLast;

  /**
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @param examples training examples {@code n}
   * @param batch the batch size {@code B}
   * @param dropLast whether a last batch of fewer than {@code B} examples is left out
   */
  public EpochOrder(long seed, long epoch, long examples, int batch, boolean dropLast) {
    this.permutation = new KeyedPermutation(seed, "epoch", epoch, examples);
    this.examples = examples;
    this.batch = batch;
    this.dropLast = dropLast;
  }

  /** Batches, and so steps, in the epoch. */
  public long steps() {
    return dropLast ? examples / batch : (examples + batch - 1) / batch;
  }

  /** Examples that the epoch's batches use: all, unless the last batch is dropped. */
  public long used() {
    return dropLast ? steps() * batch : examples;
  }

  /** The number of examples in batch {@code step}. */
  public int batchSize(long step) {
    return (int) Math.min(batch, examples - step * batch);
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
