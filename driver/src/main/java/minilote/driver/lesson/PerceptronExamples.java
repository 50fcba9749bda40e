package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.datasets.UserError;

/**
 * Examples for one threshold unit: inputs, and whether the answer is yes.
 *
 * @param x examples × inputs
 * @param y one an example
 * @param inputs their names
 */
@SuppressWarnings("ArrayRecordComponent") // Data are not compared.
record PerceptronExamples(float[][] x, float[] y, Perceptron.Coding coding, List<String> inputs) {
  private static final String DIGITS = "₀₁₂₃₄₅₆₇₈₉";

  /**
   * Those of a user's file: inputs, and in the last column the label.
   *
   * @throws UserError naming the label that is none
   */
  static PerceptronExamples of(LessonCsv csv) {
    int d = csv.columns() - 1;
    if (d == 0) {
      throw new UserError(
          "%s has one column: an example is its inputs and, in the last column, its label"
              .formatted(csv.file()));
    }
    float[][] x = new float[csv.rows().length][d];
    float[] y = new float[x.length];
    Perceptron.Coding coding = null;
    for (int i = 0; i < x.length; i++) {
      double label = csv.rows()[i][d];
      Perceptron.Coding of =
          label == 0 ? Perceptron.Coding.BITS : label == -1 ? Perceptron.Coding.SIGNS : null;
      if ((label != 1 && of == null) || (of != null && coding != null && of != coding)) {
        throw new UserError(
            "%s is %s where a label is needed: 0 or 1, or in all rows −1 or 1"
                .formatted(csv.place(i, d), Written.brief(label)));
      }
      coding = of == null ? coding : of;
      for (int j = 0; j < d; j++) {
        x[i][j] = (float) csv.rows()[i][j];
      }
      y[i] = (float) label;
    }
    return new PerceptronExamples(
        x, y, coding == null ? Perceptron.Coding.BITS : coding, names(csv, d));
  }

  private static List<String> names(LessonCsv csv, int d) {
    List<String> given = csv.names();
    List<String> names = new ArrayList<>();
    for (int j = 0; j < d; j++) {
      names.add(given == null || given.get(j).isEmpty() ? "x" + subscript(j + 1) : given.get(j));
    }
    return names;
  }

  /** 12 as ₁₂. */
  static String subscript(int number) {
    StringBuilder digits = new StringBuilder();
    for (char digit : String.valueOf(number).toCharArray()) {
      digits.append(DIGITS.charAt(digit - '0'));
    }
    return digits.toString();
  }
}
