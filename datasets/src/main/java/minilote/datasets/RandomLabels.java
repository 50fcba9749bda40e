package minilote.datasets;

/**
 * Labels that are drawn instead of those that the examples have, to see how far a network can learn
 * what cannot be generalized (Zhang et al. 2017, "Understanding deep learning requires rethinking
 * generalization", section 2): an example's class is with probability {@code share} replaced by one
 * that is drawn evenly from all classes, which may be its own.
 *
 * <p>An example's label is a function of {@code seed} and its id alone, and the same in every
 * epoch. With a larger share and the same seed the same labels are replaced, by the same ones, and
 * more.
 *
 * @param share from 0 to 1
 * @param seed decides which examples they are, and what they get
 */
public record RandomLabels(double share, long seed) {
  /** All labels stay what they are. */
  public static final RandomLabels NONE = new RandomLabels(0, 0);

  /** Part of what a run's result depends on: it must never change. */
  private static final String PURPOSE = "random-labels";

  /**
   * Some share of random labels.
   *
   * @throws UserError where the share is none
   */
  public RandomLabels {
    if (!(share >= 0 && share <= 1)) {
      throw new UserError(
          "--random-labels %s: it must be a share of the training examples from 0 to 1"
              .formatted(share));
    }
  }

  /** Whether all labels stay what they are. */
  public boolean isNone() {
    return share == 0;
  }

  /**
   * Checks that there are labels to draw.
   *
   * @throws UserError where an example's target is not one of some classes
   */
  public void check(RecordFormat format) {
    if (!isNone() && format.targetKind() != TargetKind.CLASS) {
      throw new UserError(
          "--random-labels %s: it draws classes, and the data set's targets are %s"
              .formatted(share, format.targetKind().word()));
    }
  }

  /**
   * The label of an example.
   *
   * @param id the example
   * @param label the one that it has
   * @param classes from how many to draw
   */
  public int of(long id, int label, int classes) {
    KeyedRandom random = KeyedRandom.of(seed, PURPOSE, id);
    return random.nextDouble() < share ? random.nextInt(classes) : label;
  }

  /**
   * Replaces labels in packed records.
   *
   * @param records of consecutive ids; their labels are changed in place
   * @param firstId of the first one
   * @param validation whose examples keep their labels
   */
  public void replace(
      RecordFormat format, byte[] records, long firstId, ValidationSplit validation) {
    if (isNone()) {
      return;
    }
    long id = firstId;
    for (int at = 0; at < records.length; at += format.recordBytes(), id++) {
      if (!validation.isValidation(id)) {
        format.setLabel(records, at, of(id, format.label(records, at), format.targets()));
      }
    }
  }
}
