package minilote.trainer.math;

import minilote.datasets.TargetKind;

/** When the output for an example counts as correct. */
public enum Correctness {
  /**
   * The largest output stands where the largest target stands; of equal ones the first counts. No
   * output is correct where one of them is not a number.
   */
  LARGEST_OUTPUT,
  /** Every output lies on the same side of ½ as its target: above it, or not. */
  EVERY_LABEL,
  /** Nothing counts as correct, because there are no classes: regression. */
  NONE;

  /** What suits targets of that kind, given to a network with that many outputs. */
  public static Correctness of(TargetKind kind, int outputs) {
    return switch (kind) {
      case CLASS -> outputs == 1 ? EVERY_LABEL : LARGEST_OUTPUT;
      case LABELS -> EVERY_LABEL;
      case NUMBERS -> NONE;
    };
  }
}
