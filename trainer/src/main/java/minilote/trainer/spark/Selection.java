package minilote.trainer.spark;

import java.io.Serializable;
import minilote.datasets.ValidationSplit;

/**
 * Which examples of a split count, and how its blocks of {@link Examples#BLOCK} ids lie in
 * partitions: what a task must know before it walks through them ({@link BlockRows}). Crosses
 * Spark.
 */
final class Selection implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All of them, however many there are. */
  static final long ALL_IDS = Long.MAX_VALUE;

  private final long examples;
  private final int partitions;
  private final Evaluation.Subset subset;
  private final long endId;
  private final double validationFraction;
  private final long validationSeed;

  /**
   * @param endId examples from this id on do not count
   */
  Selection(Examples examples, Evaluation.Subset subset, long endId) {
    this.examples = examples.count();
    this.partitions = examples.partitions();
    this.subset = subset;
    this.endId = endId;
    this.validationFraction = examples.validation().fraction();
    this.validationSeed = examples.validation().seed();
  }

  /** Blocks of all partitions. */
  int blocks() {
    return Math.toIntExact(Examples.blockCount(examples));
  }

  /** The first block of a partition; for the one behind the last, {@link #blocks}. */
  int firstBlock(int partition) {
    return Math.toIntExact(Examples.firstBlock(partition, examples, partitions));
  }

  /** To be asked about many ids. */
  ValidationSplit validation() {
    return new ValidationSplit(examples, validationFraction, validationSeed);
  }

  /** Whether an example counts. */
  boolean counts(long id, ValidationSplit validation) {
    return id < endId
        && (subset == Evaluation.Subset.ALL
            || (subset == Evaluation.Subset.VALIDATION) == validation.isValidation(id));
  }
}
