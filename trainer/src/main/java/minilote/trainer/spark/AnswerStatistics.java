package minilote.trainer.spark;

import minilote.datasets.UserError;
import minilote.trainer.measure.Scorer;
import minilote.trainer.network.Network;

/** What batch normalization goes by where a network answers. */
public enum AnswerStatistics {
  /** The running statistics, which training has kept. */
  RUNNING,

  /** Those of the examples that are answered, in batches of up to {@value Examples#BLOCK}. */
  BATCH;

  /** Whether a network normalizes at all. */
  public static boolean matter(Network network) {
    return !network.runningStatistics().isEmpty();
  }

  /** What shows how networks between two trained ones do, of which training has kept none. */
  public static AnswerStatistics between(Network network) {
    return matter(network) ? BATCH : RUNNING;
  }

  /**
   * These, if a network can go by them.
   *
   * @throws UserError where it has no batch normalization to go by the batch
   */
  public AnswerStatistics of(Network network) {
    if (this == BATCH && !matter(network)) {
      throw new UserError("--statistics batch: the network has no batch normalization");
    }
    return this;
  }

  /** Scores that go by these. */
  public Scorer scorer(Landscape landscape) {
    return this == BATCH ? landscape.byBatch() : landscape;
  }
}
