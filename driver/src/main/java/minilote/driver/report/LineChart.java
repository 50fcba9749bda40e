package minilote.driver.report;

import java.util.List;
import java.util.Locale;

/**
 * Curves over a common horizontal axis, as one inline SVG element.
 *
 * <p>Colours are CSS classes of the page that holds it, so that one drawing serves light, dark and
 * print, and its words are text that can be searched and read aloud. It is written out here rather
 * than by a plotting library: those that are at hand draw through AWT, which fails on machines
 * without fonts (where drivers of clusters often run), and turn each letter into outlines (187 kB a
 * chart where this takes 10).
 *
 * @param title what is shown
 * @param xLabel the horizontal axis, with its unit
 * @param unit written after numbers of the vertical axis: " %", or nothing
 * @param series the curves
 */
record LineChart(String title, String xLabel, String unit, List<Series> series) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 280;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;
  private static final int TICKS_ACROSS = 8;
  private static final int TICKS_UP = 5;

  /** More points than this get marks that are seen only under the pointer: they hide the curve. */
  private static final int MOST_VISIBLE_MARKS = 30;

  /** More points than this get no mark each. */
  private static final int MOST_MARKS = 200;

  /** More points than this cannot be told apart on the page, and would only make it long. */
  private static final int MOST_POINTS = 1000;

  /**
   * A curve.
   *
   * @param name what it is called in the legend
   * @param style the CSS class that gives its colour and dashes
   * @param x one number a point, increasing
   * @param y as many; NaN or infinite where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // Curves are not compared.
  record Series(String name, String style, double[] x, double[] y) {
    Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "curve \"%s\" has %d numbers across and %d up".formatted(name, x.length, y.length));
      }
    }
  }

  /** Whether there is a point to draw. */
  boolean isEmpty() {
    return series.stream().noneMatch(s -> count(s) > 0);
  }

  private static int count(Series series) {
    int count = 0;
    for (double y : series.y()) {
      count += Double.isFinite(y) ? 1 : 0;
    }
    return count;
  }

  /** The SVG element. */
  String toSvg() {
    Axis across = across();
    Axis up = up();
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Html.escape(summary())));
    for (double tick : up.ticks()) {
      double y = y(up, tick);
      line(svg, "grid", LEFT, y, WIDTH - RIGHT, y);
      text(svg, "end", LEFT - 8, y + 4.5, up.label(tick) + unit);
    }
    for (double tick : across.ticks()) {
      double x = x(across, tick);
      line(svg, "tick", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5);
      text(svg, "middle", x, HEIGHT - BOTTOM + 20, across.label(tick));
    }
    line(svg, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    text(svg, "middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, xLabel);
    for (Series s : series) {
      curve(svg, s, across, up);
    }
    return svg.append("</svg>").toString();
  }

  /** What the chart shows, for those who cannot see it. */
  private String summary() {
    StringBuilder words = new StringBuilder(title);
    for (Series s : series) {
      int last = s.y().length - 1;
      while (last >= 0 && !Double.isFinite(s.y()[last])) {
        last--;
      }
      if (last >= 0) {
        words.append(
            String.format(
                Locale.ROOT,
                "; %s from %.4g%s to %.4g%s",
                s.name(),
                firstFinite(s),
                unit,
                s.y()[last],
                unit));
      }
    }
    return words.toString();
  }

  private static double firstFinite(Series series) {
    for (double y : series.y()) {
      if (Double.isFinite(y)) {
        return y;
      }
    }
    return Double.NaN;
  }

  private Axis across() {
    double least = 0;
    double most = 0;
    for (Series s : series) {
      for (double x : s.x()) {
        least = Math.min(least, x);
        most = Math.max(most, x);
      }
    }
    if (least < 0) {
      return Axis.over(least, most, TICKS_ACROSS);
    }
    return Axis.counting(most > 0 ? most : 1, TICKS_ACROSS);
  }

  private Axis up() {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Series s : series) {
      for (double y : s.y()) {
        if (Double.isFinite(y)) {
          least = Math.min(least, y);
          most = Math.max(most, y);
        }
      }
    }
    return least <= most ? Axis.over(least, most, TICKS_UP) : Axis.over(0, 1, TICKS_UP);
  }

  private static double x(Axis axis, double value) {
    return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void curve(StringBuilder svg, Series s, Axis across, Axis up) {
    int stride = (s.x().length + MOST_POINTS - 1) / MOST_POINTS;
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean marked = s.x().length <= MOST_MARKS;
    boolean drawing = false;
    for (int i = 0; i < s.x().length; i++) {
      boolean last = i == s.x().length - 1;
      if (i % stride != 0 && !last) {
        continue;
      }
      if (!Double.isFinite(s.y()[i])) {
        drawing = false;
        continue;
      }
      double x = x(across, s.x()[i]);
      double y = y(up, s.y()[i]);
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", x, y));
      drawing = true;
      if (marked) {
        marks.append(
            String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%s</title></circle>",
                x,
                y,
                "3",
                Html.escape(pointWords(s, i))));
      }
    }
    String density = s.x().length <= MOST_VISIBLE_MARKS ? "" : " dense";
    svg.append(
        "<g class=\"%s%s\"><path d=\"%s\"/>%s</g>\n".formatted(s.style(), density, path, marks));
  }

  private String pointWords(Series s, int i) {
    return String.format(
        Locale.ROOT, "%s, %s %.4g: %.4g%s", s.name(), xLabel, s.x()[i], s.y()[i], unit);
  }

  private static void line(
      StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            style,
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder svg, String anchor, double x, double y, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            Html.escape(words)));
  }
}
