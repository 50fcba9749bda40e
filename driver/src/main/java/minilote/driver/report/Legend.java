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
public record Legend(String name, String sample) {
  /**
   * The lines of series, those of single runs last; none where there is one series, which the title
   * names.
   */
  static List<Legend> of(List<Series> series) {
    if (series.size() < 2) {
      return List.of();
    }
    Map<String, Legend> lines = new LinkedHashMap<>();
    series.stream()
        .sorted(Comparator.comparing((Series s) -> s.style().contains(Styles.FAINT)))
        .forEach(s -> lines.putIfAbsent(s.name(), new Legend(s.name(), SeriesDrawing.sample(s))));
    return List.copyOf(lines.values());
  }
}
