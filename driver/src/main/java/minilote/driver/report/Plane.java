package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A part of a plane: what a function of two variables is there, as shades, and points, lines and
 * paths over it. What leaves the part is cut off.
 *
 * @param title what is shown
 * @param xLabel the horizontal axis
 * @param yLabel the vertical one
 * @param x what is seen of the horizontal axis
 * @param y what is seen of the vertical one
 * @param ground what lies below; null for nothing
 * @param series what is drawn over it, the last one on top
 */
public record Plane(
    String title,
    String xLabel,
    String yLabel,
    Range x,
    Range y,
    @Nullable Ground ground,
    List<Series> series)
    implements Drawing {
  private static final int SIDE = 360;
  private static final int LEFT = 58;
  private static final int TOP = 10;
  private static final int RIGHT = 14;
  private static final int BOTTOM = 44;
  private static final int TICKS = 6;

  public Plane {
    series = series.stream().filter(s -> !s.isEmpty()).toList();
  }

  /** From {@code least} to {@code most}. */
  public record Range(double least, double most) {
    public Range {
      if (!(least < most)) {
        throw new IllegalArgumentException("from %s to %s is no range".formatted(least, most));
      }
    }

    /** The middle of the {@code index}-th of {@code cells} equal parts. */
    public double middle(int index, int cells) {
      return least + (index + 0.5) / cells * (most - least);
    }
  }

  /**
   * Shades on a grid of equal cells.
   *
   * @param rows from the lowest; a number a cell, from the left: which of the classes from 0 on, if
   *     {@code classes}, else how much, from 0 to 1; NaN stays bare
   * @param classes whether numbers are classes, each of a colour
   * @param colour of what is no class, as {@link Styles} counts them
   */
  public record Ground(List<double[]> rows, boolean classes, int colour) {
    private static final int SHADES = 14;
    private static final double DARKEST = 0.75;
    private static final double OF_A_CLASS = 0.22;

    public Ground {
      rows = List.copyOf(rows);
    }

    /** In the first colour. */
    public Ground(List<double[]> rows, boolean classes) {
      this(rows, classes, 0);
    }

    /** What a function says in the middles of {@code cells} times {@code cells} cells. */
    public static Ground of(Range x, Range y, int cells, boolean classes, OfTwo function) {
      List<double[]> rows = new ArrayList<>();
      for (int i = 0; i < cells; i++) {
        double[] row = new double[cells];
        for (int j = 0; j < cells; j++) {
          row[j] = function.at(x.middle(j, cells), y.middle(i, cells));
        }
        rows.add(row);
      }
      return new Ground(rows, classes);
    }

    /** Neighbours of one shade are one rectangle. */
    private void draw(Svg svg, double left, double top, double side) {
      double height = side / rows.size();
      for (int i = 0; i < rows.size(); i++) {
        double[] row = rows.get(i);
        double width = side / row.length;
        double y = top + side - (i + 1) * height;
        int from = 0;
        for (int j = 1; j <= row.length; j++) {
          if (j == row.length || shade(row[j]) != shade(row[from])) {
            rectangle(svg, left + from * width, y, (j - from) * width, height, shade(row[from]));
            from = j;
          }
        }
      }
    }

    private int shade(double number) {
      if (Double.isNaN(number)) {
        return -1;
      }
      return classes
          ? (int) number
          : (int) Math.min(SHADES - 1, Math.max(0, Math.floor(number * SHADES)));
    }

    private void rectangle(Svg svg, double x, double y, double width, double height, int shade) {
      double opacity = classes ? OF_A_CLASS : DARKEST * shade / (SHADES - 1);
      if (shade < 0 || opacity == 0) {
        return;
      }
      svg.add(
          String.format(
              Locale.ROOT,
              "<rect class=\"ground %s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill-opacity=\"%.3f\"/>\n",
              Styles.of(classes ? shade : colour),
              x,
              y,
              width,
              height,
              opacity));
    }
  }

  /** A function of two variables. */
  @FunctionalInterface
  public interface OfTwo {
    double at(double x, double y);
  }

  @Override
  public List<Legend> legend() {
    return Legend.of(series);
  }

  @Override
  public String toSvg() {
    Axis across = new LinearAxisWithin(x, TICKS);
    Axis up = new LinearAxisWithin(y, TICKS);
    Plot plot = new Plot(across, up, LEFT, TOP, LEFT + SIDE, TOP + SIDE);
    Svg svg = new Svg();
    svg.add(
        "<svg class=\"chart plane\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM, Html.escape(summary(plot))));
    // An image within the image, which cuts off what leaves it.
    svg.add(
        "<svg x=\"%1$d\" y=\"%2$d\" width=\"%3$d\" height=\"%3$d\" viewBox=\"%1$d %2$d %3$d %3$d\">\n"
            .formatted(LEFT, TOP, SIDE));
    if (ground != null) {
      ground.draw(svg, LEFT, TOP, SIDE);
    }
    for (Series s : series) {
      svg.add(new SeriesDrawing(plot, s, xLabel, "").toSvg());
    }
    svg.add("</svg>\n");
    axes(svg, plot);
    return svg.add("</svg>").toString();
  }

  private void axes(Svg svg, Plot plot) {
    int bottom = TOP + SIDE;
    svg.line("axis", LEFT, TOP, LEFT, bottom);
    svg.line("axis", LEFT, bottom, LEFT + SIDE, bottom);
    for (double tick : plot.across().ticks()) {
      svg.line("tick", plot.x(tick), bottom, plot.x(tick), bottom + 5);
      svg.text("middle", plot.x(tick), bottom + 20, plot.across().label(tick));
    }
    for (double tick : plot.up().ticks()) {
      svg.line("tick", LEFT - 5, plot.y(tick), LEFT, plot.y(tick));
      svg.text("end", LEFT - 8, plot.y(tick) + 4.5, plot.up().label(tick));
    }
    svg.text("middle", LEFT + SIDE / 2.0, bottom + 38, xLabel);
    svg.add(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(14 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            TOP + SIDE / 2.0,
            Html.escape(yLabel)));
  }

  private String summary(Plot plot) {
    StringBuilder words = new StringBuilder(title);
    for (Series s : series) {
      words.append(new SeriesDrawing(plot, s, xLabel, "").summary());
    }
    return words.toString();
  }

  /** Exactly a range, with the round numbers within it. */
  private record LinearAxisWithin(Range range, List<Double> ticks, Axis labels) implements Axis {
    LinearAxisWithin(Range range, int most) {
      this(range, LinearAxis.over(range.least(), range.most(), most));
    }

    private LinearAxisWithin(Range range, Axis wider) {
      this(
          range,
          wider.ticks().stream()
              .filter(tick -> tick >= range.least() - 1e-9 && tick <= range.most() + 1e-9)
              .toList(),
          wider);
    }

    @Override
    public double place(double value) {
      return (value - range.least()) / (range.most() - range.least());
    }

    @Override
    public String label(double tick) {
      return labels.label(tick);
    }
  }
}
