package minilote.driver.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of a chart's legend.
 *
 * @param name what the series is called
 * @param sample how it is drawn, as SVG of 32 by 10
 */
record Legend(String name, String sample) {
  /**
   * The lines of a chart, those of single runs last; none where there is one series, which the
   * title names.
   */
  static List<Legend> of(Chart chart) {
    if (chart.series().size() < 2) {
      return List.of();
    }
    Map<String, Legend> lines = new LinkedHashMap<>();
    chart.series().stream()
        .sorted(Comparator.comparing((Series series) -> series.style().contains(Styles.FAINT)))
        .forEach(
            series ->
                lines.putIfAbsent(
                    series.name(), new Legend(series.name(), SeriesDrawing.sample(series))));
    return List.copyOf(lines.values());
  }
}
