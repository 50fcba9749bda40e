package minilote.datasets;

/**
 * The keys of the examples in one epoch: of each a random number that is a function of seed, epoch
 * and the example's id, and of nothing else, so that what is drawn by it (how an image is
 * augmented, which units are dropped) is the same whatever the batch, lane, partition or machine.
 * {@link KeyedRandom#derive} makes keys of purposes from it, {@link KeyedRandom#bits} random bits.
 *
 * <p>Immutable; safe for any number of threads. The function is part of what a run's result depends
 * on: it must never change.
 */
public final class ExampleKeys {
  private final long epochKey;

  /**
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   */
  public ExampleKeys(long seed, long epoch) {
    this.epochKey = KeyedRandom.of(seed, "example", epoch).nextLong();
  }

  /** The key of the example of that id. */
  public long of(long id) {
    return KeyedRandom.derive(epochKey, id);
  }
}
