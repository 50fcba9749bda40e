package minilote.driver.lesson;

import minilote.driver.report.Mark;
import minilote.driver.report.Plane;
import minilote.driver.report.Series;

/** Where a unit of two inputs is undecided: w₁x₁ + w₂x₂ + b = 0. */
final class SeparatingLine {
  /** Its ends lie outside, where nothing marks them. */
  private static final double BEYOND = 0.1;

  private SeparatingLine() {}

  /** The part of it over a plane; no points where both weights are 0 and there is no line. */
  static Series over(
      Plane.Range across,
      Plane.Range up,
      String name,
      String style,
      double w1,
      double w2,
      double b) {
    double[] x = beyond(across);
    double[] y = beyond(up);
    for (int i = 0; i < 2; i++) {
      if (w1 == 0 && w2 == 0) {
        y[i] = Double.NaN;
      } else if (Math.abs(w2) * (across.most() - across.least())
          >= Math.abs(w1) * (up.most() - up.least())) { // It crosses the sides.
        y[i] = -(w1 * x[i] + b) / w2;
      } else {
        x[i] = -(w2 * y[i] + b) / w1;
      }
    }
    return Series.line(name, style, Mark.CIRCLE, x, y);
  }

  private static double[] beyond(Plane.Range range) {
    double more = BEYOND * (range.most() - range.least());
    return new double[] {range.least() - more, range.most() + more};
  }
}
