package minilote.driver.report;

import java.util.List;
import minilote.driver.report.Axis.Scale;

/**
 * Series over a common horizontal axis, as one SVG element.
 *
 * <p>Colours are CSS classes of the page that holds it, so that one drawing serves light, dark and
 * print, and its words are text that can be searched and read aloud. It is written out here rather
 * than by a plotting library: those that are at hand draw through AWT, which fails on machines
 * without fonts (where drivers of clusters often run), and turn each letter into outlines (187 kB a
 * chart where this takes 10).
 *
 * @param title what is shown
 * @param xLabel the horizontal axis, with its unit
 * @param across the scale of the horizontal axis
 * @param up the scale of the vertical axis
 * @param unit written after numbers of the vertical axis: " %", or nothing
 * @param series what is drawn, the last one on top
 */
public record Chart(
    String title, String xLabel, Scale across, Scale up, String unit, List<Series> series)
    implements Drawing {
  static final int WIDTH = 480;
  static final int HEIGHT = 280;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;

  /** In percent. */
  private static final double WHOLE = 100;

  /** About half the width of a digit, where pages write them large. */
  private static final double HALF_A_DIGIT = 4.4;

  public Chart {
    series = series.stream().filter(s -> !s.isEmpty()).toList();
  }

  /** Curves over the epochs. */
  public static Chart overEpochs(String title, String unit, List<Series> series) {
    return new Chart(title, "epoch", Scale.COUNTING, Scale.LINEAR, unit, series);
  }

  /** Whether there is nothing to draw. */
  public boolean isEmpty() {
    return series.isEmpty();
  }

  private boolean isLog() {
    return up.equals(Scale.LOG);
  }

  /** Whether some series' spread goes on beyond the drawing. */
  boolean isCut() {
    return Extent.up(series, isLog(), ceiling()).isCut();
  }

  private double ceiling() {
    return unit.equals(Kind.SHARE.axisUnit()) ? WHOLE : Double.POSITIVE_INFINITY;
  }

  private Plot plot() {
    Extent x = Extent.across(series);
    Extent y = Extent.up(series, isLog(), ceiling());
    return new Plot(
        across.over(x.least(), x.most()),
        up.over(y.least(), y.most()),
        LEFT,
        TOP,
        WIDTH - RIGHT,
        HEIGHT - BOTTOM);
  }

  @Override
  public List<Legend> legend() {
    return Legend.of(series);
  }

  @Override
  public String toSvg() {
    return "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n%s</svg>"
        .formatted(WIDTH, HEIGHT, Html.escape(summary()), content());
  }

  /** What is in it. */
  String content() {
    Plot plot = plot();
    Svg svg = new Svg();
    for (double tick : plot.up().ticks()) {
      double y = plot.y(tick);
      svg.line("grid", LEFT, y, WIDTH - RIGHT, y);
      svg.text("end", LEFT - 8, y + 4.5, plot.up().label(tick) + unit);
    }
    for (double tick : plot.across().ticks()) {
      double x = plot.x(tick);
      svg.line("tick", x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5);
      String label = plot.across().label(tick);
      double within = Math.min(x, WIDTH - HALF_A_DIGIT * label.length());
      svg.text("middle", within, HEIGHT - BOTTOM + 20, label);
    }
    svg.line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    svg.text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, xLabel);
    for (Series s : series) {
      svg.add(new SeriesDrawing(plot, s, xLabel, unit).toSvg());
    }
    return svg.toString();
  }

  /** What the chart shows, for those who cannot see it. */
  String summary() {
    Plot plot = plot();
    StringBuilder words = new StringBuilder(title);
    for (Series s : series) {
      words.append(new SeriesDrawing(plot, s, xLabel, unit).summary());
    }
    return words.toString();
  }
}
