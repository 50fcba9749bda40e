package minilote.driver.report;

import java.util.List;
import java.util.stream.IntStream;
import minilote.driver.report.Axis.Scale;

/**
 * What figures of a study have across: the batch; in a study of one batch an option whose values
 * are numbers; and else what is compared, one beside the other.
 *
 * @param field the name in {@code study.json}; empty for what is compared
 * @param label what it is in words
 * @param scale its scale
 * @param values all values, increasing
 */
record Across(String field, String label, Scale scale, List<Double> values) {
  private static final String BATCH = "batch";

  /** Beyond this factor between the greatest and the least number, factors matter. */
  private static final double WIDE = 8;

  Across {
    values = List.copyOf(values);
  }

  static Across batches(List<Double> batches) {
    return new Across(BATCH, "batch size", (least, most) -> LogAxis.at(batches), batches);
  }

  static Across option(String option, List<Double> values) {
    double least = values.get(0);
    boolean wide = least > 0 && values.get(values.size() - 1) / least >= WIDE;
    return new Across(
        option,
        option.replace('-', ' '),
        wide ? (low, high) -> LogAxis.at(values) : Scale.LINEAR_ACROSS,
        values);
  }

  /** The names of what is compared. */
  static Across names(List<String> names) {
    List<Double> places = IntStream.range(0, names.size()).mapToObj(i -> (double) i).toList();
    return new Across("", "", (least, most) -> new NamedAxis(names), places);
  }

  boolean isBatch() {
    return field.equals(BATCH);
  }

  boolean isNames() {
    return field.isEmpty();
  }

  /** The words at the axis, with its scale. */
  String axisLabel() {
    return isLog() ? label + ", logarithmic" : label;
  }

  private boolean isLog() {
    return scale.over(values.get(0), values.get(values.size() - 1)) instanceof LogAxis;
  }

  /** Which of the values one is: series of the same value look the same in all figures. */
  int index(double x) {
    return Math.max(0, values.indexOf(x));
  }

  /** "Test accuracy by batch size". */
  String titled(String figure) {
    return isNames() ? figure : figure + " by " + label;
  }
}
