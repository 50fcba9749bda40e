package minilote.driver.lesson;

import java.util.List;
import minilote.driver.report.Series;

/** XOR: 1 where the two inputs differ. */
final class XorTruth {
  private XorTruth() {}

  /**
   * The four examples.
   *
   * @param no what is written where 1 is not
   */
  static SmallData over(int no) {
    return new SmallData(
        new float[][] {{no, no}, {no, 1}, {1, no}, {1, 1}}, new float[][] {{no}, {1}, {1}, {no}});
  }

  /** As points over a plane. */
  static List<Series> points(int no) {
    SmallData data = over(no);
    float[] y = new float[data.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = data.targets()[i][0];
    }
    return LabelledPoints.of(data.inputs(), y, no);
  }
}
