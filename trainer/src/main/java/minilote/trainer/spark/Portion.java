package minilote.trainer.spark;

import minilote.datasets.Dataset;
import minilote.datasets.RandomLabels;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.TrainingSettings;

/**
 * The examples of a data set that a measure is taken on.
 *
 * @param split {@code train} or {@code test}
 * @param validation the share of the split that is set apart, and does not count
 * @param validationSeed by which it is chosen
 * @param labels which of the others have drawn labels
 * @param first of the others only so many, those with the lowest ids; all where there are fewer
 */
public record Portion(
    String split, double validation, long validationSeed, RandomLabels labels, long first) {
  /** As many as there are. */
  public static final long ALL = Long.MAX_VALUE;

  public Portion {
    if (first < 1) {
      throw new UserError("--examples %d: it must be at least 1".formatted(first));
    }
  }

  /** All examples of a split. */
  public static Portion of(String split) {
    return new Portion(split, 0, 0, RandomLabels.NONE, ALL);
  }

  /** The examples that a run learns from, with the labels that it learns. */
  public static Portion training(TrainingSettings settings) {
    return new Portion(
        Dataset.TRAIN,
        settings.validation(),
        settings.validationSeed(),
        settings.randomLabels(),
        ALL);
  }

  /** At most so many of these. */
  public Portion first(long most) {
    return new Portion(split, validation, validationSeed, labels, Math.min(first, most));
  }

  /** How many examples that is of a data set. */
  public long count(Dataset dataset) {
    return Math.min(first, chosen(dataset).trainingExamples());
  }

  ValidationSplit chosen(Dataset dataset) {
    return new ValidationSplit(dataset.split(split).examples(), validation, validationSeed);
  }

  /** Behind the last id that counts. */
  long endId(ValidationSplit chosen) {
    if (first >= chosen.trainingExamples()) {
      return Selection.ALL_IDS;
    }
    long id = 0;
    for (long left = first; left > 0; id++) {
      left -= chosen.isValidation(id) ? 0 : 1;
    }
    return id;
  }
}
