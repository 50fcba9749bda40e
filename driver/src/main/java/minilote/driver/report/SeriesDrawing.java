package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws one series: its spread, the line above it, and marks on top, which have words each. */
final class SeriesDrawing {
  /** Of a line with more points than this most marks are seen only under the pointer. */
  private static final int MOST_VISIBLE_MARKS = 30;

  /** So many marks tell a line with more points from others. */
  private static final int VISIBLE_OF_MANY = 8;

  /** More points than this get no mark each. */
  private static final int MOST_MARKS = 200;

  /** More points than this cannot be told apart on the page, and would only make it long. */
  private static final int MOST_POINTS = 1000;

  /** Half the width of a bar's ends. */
  private static final double CAP = 4;

  private final Plot plot;
  private final Series series;
  private final String xLabel;
  private final String unit;

  SeriesDrawing(Plot plot, Series series, String xLabel, String unit) {
    this.plot = plot;
    this.series = series;
    this.xLabel = xLabel;
    this.unit = unit;
  }

  /** A group with the series' style. */
  String toSvg() {
    StringBuilder svg = new StringBuilder("<g class=\"%s\">".formatted(series.style()));
    Series.Spread spread = series.spread();
    if (spread != null && spread.band()) {
      svg.append(band(spread));
    }
    if (series.lined()) {
      svg.append("<path d=\"%s\"/>".formatted(line()));
    }
    if (spread != null && !spread.band()) {
      svg.append(bars(spread));
    }
    return svg.append(marks()).append("</g>\n").toString();
  }

  private boolean isDrawn(int i) {
    return Double.isFinite(series.y()[i]) && Double.isFinite(plot.y(series.y()[i]));
  }

  private double x(int i) {
    return plot.x(series.x()[i]) + series.shift();
  }

  private boolean isSkipped(int i) {
    int stride = (series.x().length + MOST_POINTS - 1) / MOST_POINTS;
    return i % stride != 0 && i != series.x().length - 1;
  }

  private String line() {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < series.x().length; i++) {
      if (isSkipped(i)) {
        continue;
      }
      if (isDrawn(i)) {
        path.append(drawing ? 'L' : 'M').append(point(x(i), plot.y(series.y()[i])));
      }
      drawing = isDrawn(i);
    }
    return path.toString();
  }

  private static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f %.1f", x, y);
  }

  private String band(Series.Spread spread) {
    List<String> there = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (int i = 0; i < series.x().length; i++) {
      if (isSkipped(i) || !isDrawn(i)) {
        continue;
      }
      there.add(point(x(i), plot.yWithin(spread.low()[i])));
      back.add(0, point(x(i), plot.yWithin(spread.high()[i])));
    }
    there.addAll(back);
    return there.isEmpty()
        ? ""
        : "<path class=\"band\" d=\"M%sZ\"/>".formatted(String.join("L", there));
  }

  /** An end that lies beyond the drawing has no cap: there the bar goes on. */
  private String bars(Series.Spread spread) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < series.x().length; i++) {
      double low = spread.low()[i];
      double high = spread.high()[i];
      if (!isDrawn(i) || !Double.isFinite(low) || !Double.isFinite(high)) {
        continue;
      }
      path.append('M').append(point(x(i), plot.yWithin(low)));
      path.append('L').append(point(x(i), plot.yWithin(high)));
      for (double end : new double[] {low, high}) {
        if (!plot.isBeyond(end)) {
          path.append('M').append(point(x(i) - CAP, plot.y(end)));
          path.append('L').append(point(x(i) + CAP, plot.y(end)));
        }
      }
    }
    return path.length() == 0 ? "" : "<path class=\"bar\" d=\"%s\"/>".formatted(path);
  }

  private String marks() {
    int count = series.x().length;
    if (count > MOST_MARKS) {
      return "";
    }
    boolean all = !series.lined() || count <= MOST_VISIBLE_MARKS;
    int stride = all ? 1 : count / VISIBLE_OF_MANY;
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < count; i++) {
      if (isDrawn(i)) {
        boolean seen = (i + stride / 2) % stride == 0;
        marks
            .append(series.mark().open(x(i), plot.y(series.y()[i]), seen ? "" : "quiet"))
            .append("<title>%s</title>".formatted(Html.escape(words(i))))
            .append(series.mark().close());
      }
    }
    return marks.toString();
  }

  private String words(int i) {
    StringBuilder words =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s, %s %s: %.4g%s",
                series.name(),
                xLabel,
                across(series.x()[i]),
                series.y()[i],
                unit));
    Series.Spread spread = series.spread();
    if (spread != null && Double.isFinite(spread.low()[i])) {
      words.append(
          String.format(
              Locale.ROOT,
              ", %s %.4g to %.4g%s",
              spread.band() ? "from" : "95 % interval",
              spread.low()[i],
              spread.high()[i],
              unit));
    }
    return words.toString();
  }

  private String across(double x) {
    return plot.across() instanceof NamedAxis named
        ? named.names().get((int) x)
        : x == Math.rint(x) ? String.format(Locale.ROOT, "%,.0f", x) : "%.4g".formatted(x);
  }

  /** What the series is in words, for those who cannot see it; empty where it has no points. */
  String summary() {
    int first = -1;
    int last = -1;
    int count = 0;
    for (int i = 0; i < series.y().length; i++) {
      if (Double.isFinite(series.y()[i])) {
        first = first < 0 ? i : first;
        last = i;
        count++;
      }
    }
    if (count == 0) {
      return "";
    }
    return series.lined()
        ? String.format(
            Locale.ROOT,
            "; %s from %.4g%s to %.4g%s",
            series.name(),
            series.y()[first],
            unit,
            series.y()[last],
            unit)
        : "; %s, %s".formatted(series.name(), Words.count(count, "point"));
  }

  /** A piece of the series for a legend, 32 wide and 10 high. */
  static String sample(Series series) {
    return "<g class=\"%s\">%s%s%s</g>"
        .formatted(
            series.style(),
            series.lined() ? "<path d=\"M1 5h30\"/>" : "",
            series.mark().open(16, 5, ""),
            series.mark().close());
  }
}
