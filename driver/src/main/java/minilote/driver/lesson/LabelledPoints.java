package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;

/** Examples of two inputs as points over a plane, by their labels. */
final class LabelledPoints {
  /** More of one label cannot be told apart. */
  static final int MOST = 200;

  private LabelledPoints() {}

  /**
   * Two series, "y = 1" and the other one.
   *
   * @param no what is written where 1 is not
   */
  static List<Series> of(float[][] x, float[] y, int no) {
    return List.of(points(x, y, 1, 1), points(x, y, no, 0));
  }

  private static Series points(float[][] x, float[] y, int label, int style) {
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      if (y[i] == label) {
        all.add(x[i]);
      }
    }
    int stride = Math.max(1, (all.size() + MOST - 1) / MOST);
    List<float[]> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += stride) {
      some.add(all.get(i));
    }
    return Series.points(
        "y = " + Written.brief(label),
        "s" + style,
        style == 1 ? Mark.SQUARE : Mark.CIRCLE,
        some.stream().mapToDouble(p -> p[0]).toArray(),
        some.stream().mapToDouble(p -> p[1]).toArray());
  }
}
