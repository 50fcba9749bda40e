package minilote.driver.report;

import java.util.List;

/** One direction of a chart: where numbers lie, and which of them are written beside it. */
public interface Axis {
  /** Where {@code value} lies: 0 at the axis's low end, 1 at its high end. */
  double place(double value);

  /** The numbers that are written, in order. */
  List<Double> ticks();

  /** What is written at a tick. */
  String label(double tick);

  /** Makes the axis for numbers of a range. */
  @FunctionalInterface
  interface Scale {
    /** About so many labels find room across and up. */
    int TICKS_ACROSS = 8;

    int TICKS_UP = 5;

    /** Up a chart, on round numbers. */
    Scale LINEAR = (least, most) -> LinearAxis.over(least, most, Scale.TICKS_UP);

    /** The same across a chart, where there is room for more of them. */
    Scale LINEAR_ACROSS = (least, most) -> LinearAxis.over(least, most, Scale.TICKS_ACROSS);

    /** Across a chart, whole numbers from 0, such as epochs. */
    Scale COUNTING = (least, most) -> LinearAxis.counting(most > 0 ? most : 1, Scale.TICKS_ACROSS);

    /** Equal factors are equal distances. */
    Scale LOG = (least, most) -> LogAxis.over(least, most, Scale.TICKS_UP);

    /** The same across a chart, with ticks at these numbers, above 0 and increasing. */
    static Scale logAt(List<Double> values) {
      List<Double> ticks = List.copyOf(values);
      return (least, most) -> LogAxis.at(ticks);
    }

    /** The axis from {@code least} to {@code most}; both the same where there is one number. */
    Axis over(double least, double most);
  }
}
