package minilote.datasets.source;

import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import org.jspecify.annotations.Nullable;

/** The test split of a data set that comes without one. */
public final class TestFraction {
  /** One example in five, when nothing is said. */
  public static final double DEFAULT = 0.2;

  private TestFraction() {}

  /**
   * Which of so many examples are for the test split (the "validation" examples of the result).
   *
   * @throws UserError when the fraction is out of its range or leaves nothing to train on
   */
  static ValidationSplit of(@Nullable Double fraction, long seed, long examples) {
    double value = fraction == null ? DEFAULT : fraction;
    ValidationSplit split = new ValidationSplit(examples, value, seed, "test");
    if (split.trainingExamples() == 0) {
      throw new UserError(
          "a test fraction of %s leaves none of %d examples for training"
              .formatted(value, examples));
    }
    return split;
  }
}
