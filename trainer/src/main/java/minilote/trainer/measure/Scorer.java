package minilote.trainer.measure;

/** How a network does on a set of examples, at any weights. */
@FunctionalInterface
public interface Scorer {
  /**
   * Its score.
   *
   * @param parameters all of the network's numbers, running statistics included; only read
   */
  Score score(float[] parameters);
}
