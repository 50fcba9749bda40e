package minilote.datasets;

import java.util.Locale;

/** What a record's target is. */
public enum TargetKind {
  /** One of several classes, numbered from 0; two bytes, unsigned, little-endian. */
  CLASS,
  /** Several yes-or-no labels; a byte 0 or 1 for each. */
  LABELS,
  /** One or several numbers; a little-endian IEEE 754 single for each. */
  NUMBERS;

  /** The word for it in {@code dataset.json} and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
