package minilote.driver.lesson;

import minilote.datasets.UserError;
import minilote.driver.report.Words;

/** The rows of a CSV file as examples that are written out, number by number. */
final class OwnExamples {
  private static final int MOST = 12;

  private OwnExamples() {}

  /**
   * Inputs, then targets.
   *
   * @param targets how many columns these are, the last ones
   * @throws UserError where there are too many to be read, or no column is left for an input
   */
  static SmallData of(LessonCsv csv, int targets) {
    int inputs = csv.columns() - targets;
    if (inputs < 1) {
      throw new UserError(
          "%s has %s, and it needs at least %d: inputs, then the target"
              .formatted(csv.file(), Words.count(csv.columns(), "column"), targets + 1));
    }
    if (csv.rows().length > MOST || inputs > MOST) {
      throw new UserError(
          "%s has %s of %s, and each number is written out here: at most %d of %d"
              .formatted(
                  csv.file(),
                  Words.count(csv.rows().length, "example"),
                  Words.count(inputs, "input"),
                  MOST,
                  MOST));
    }
    float[][] x = new float[csv.rows().length][inputs];
    float[][] y = new float[csv.rows().length][targets];
    for (int row = 0; row < x.length; row++) {
      for (int column = 0; column < csv.columns(); column++) {
        float number = (float) csv.rows()[row][column];
        if (column < inputs) {
          x[row][column] = number;
        } else {
          y[row][column - inputs] = number;
        }
      }
    }
    return new SmallData(x, y);
  }

  /** Whether all targets are such as a probability has. */
  static boolean areProbabilities(SmallData data) {
    for (float[] y : data.targets()) {
      for (float number : y) {
        if (number < 0 || number > 1) {
          return false;
        }
      }
    }
    return true;
  }
}
