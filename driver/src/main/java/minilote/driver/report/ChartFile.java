package minilote.driver.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chart as a file of its own: with title, legend, a white ground and the light colours, written
 * out for programs that know no CSS variables.
 */
final class ChartFile {
  private static final int TITLE = 30;
  private static final int LEGEND_ROW = 20;

  /** About the width of a letter, and of a sample with its surroundings. */
  private static final double LETTER = 7.2;

  private static final double SAMPLE = 44;
  private static final int MARGIN = 12;

  /** What text is written in, where there is no page to say it. */
  static final String FONTS = "system-ui, Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif";

  /** The style of charts in its light colours. */
  static final String STYLE = lightStyle();

  private final Chart chart;

  ChartFile(Chart chart) {
    this.chart = chart;
  }

  private static String lightStyle() {
    Map<String, String> colours = new LinkedHashMap<>();
    String colourSheet = Resources.text("colours.css");
    Matcher definition =
        Pattern.compile("--([a-z0-9]+): (#[0-9a-f]+);")
            .matcher(colourSheet.substring(0, colourSheet.indexOf("@media")));
    while (definition.find()) {
      colours.put(definition.group(1), definition.group(2));
    }
    return Pattern.compile("var\\(--([a-z0-9]+)\\)")
        .matcher(Resources.text("chart.css"))
        .replaceAll(use -> colours.getOrDefault(use.group(1), "black"));
  }

  /** The whole file. */
  String toSvg() {
    Svg head = new Svg();
    head.add(
        "<text class=\"title\" x=\"%d\" y=\"20\">%s</text>\n"
            .formatted(MARGIN, Html.escape(chart.title())));
    int rows = legend(head);
    int top = TITLE + rows * LEGEND_ROW;
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="%s">
        <title>%s</title>
        <style>
        %s</style>
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        %s<g transform="translate(0 %d)">
        %s</g>
        </svg>
        """
        .formatted(
            Chart.WIDTH,
            Chart.HEIGHT + top,
            2 * Chart.WIDTH,
            2 * (Chart.HEIGHT + top),
            FONTS,
            Html.escape(chart.summary()),
            STYLE,
            head,
            top,
            chart.content());
  }

  /** Draws samples with names in as many rows as they need; tells how many. */
  private int legend(Svg svg) {
    List<Legend> entries = chart.legend();
    int row = 0;
    double x = MARGIN;
    for (Legend entry : entries) {
      double width = SAMPLE + LETTER * entry.name().length();
      if (x > MARGIN && x + width > Chart.WIDTH - MARGIN) {
        row++;
        x = MARGIN;
      }
      int y = TITLE + row * LEGEND_ROW;
      svg.add("<g transform=\"translate(%.1f %d)\">%s</g>\n".formatted(x, y, entry.sample()));
      svg.text("start", x + 38, y + 9.5, entry.name());
      x += width + MARGIN;
    }
    return entries.isEmpty() ? 0 : row + 1;
  }
}
