package minilote.driver.report;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Points of a chart that belong together.
 *
 * @param name what they are called in the legend
 * @param style the CSS class that gives colour and dashes
 * @param mark the shape of a point
 * @param lined whether a line goes from point to point
 * @param x one number a point; increasing where there is a line
 * @param y as many; NaN or infinite where there is none
 * @param spread how far they are uncertain; or null
 * @param shift how far the points are moved to the right, in units of the drawing, so that those of
 *     another series at the same place stay visible
 */
@SuppressWarnings("ArrayRecordComponent") // Series are not compared.
public record Series(
    String name,
    String style,
    Mark mark,
    boolean lined,
    double[] x,
    double[] y,
    @Nullable Spread spread,
    double shift) {
  public Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "\"%s\" has %d numbers across and %d up".formatted(name, x.length, y.length));
    }
    if (spread != null && (spread.low().length != y.length || spread.high().length != y.length)) {
      throw new IllegalArgumentException(
          "\"%s\" has %d points, and a spread of %d to %d"
              .formatted(name, y.length, spread.low().length, spread.high().length));
    }
  }

  /**
   * How far points are uncertain.
   *
   * @param low the lower ends, one a point; NaN where there is none
   * @param high the upper ends
   * @param band whether it is drawn as one area; else as a bar at each point
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Spread(double[] low, double[] high, boolean band) {}

  /** A line through points. */
  public static Series line(String name, String style, Mark mark, double[] x, double[] y) {
    return new Series(name, style, mark, true, x, y, null, 0);
  }

  /** Points alone. */
  public static Series points(String name, String style, Mark mark, double[] x, double[] y) {
    return new Series(name, style, mark, false, x, y, null, 0);
  }

  /** With a bar at each point, so far to either side. */
  public Series withBars(double[] halves) {
    double[] low = IntStream.range(0, y.length).mapToDouble(i -> y[i] - halves[i]).toArray();
    double[] high = IntStream.range(0, y.length).mapToDouble(i -> y[i] + halves[i]).toArray();
    return new Series(name, style, mark, lined, x, y, new Spread(low, high, false), shift);
  }

  /** With an area from the lower ends to the upper ones. */
  public Series withBand(double[] low, double[] high) {
    return new Series(name, style, mark, lined, x, y, new Spread(low, high, true), shift);
  }

  public Series shifted(double by) {
    return new Series(name, style, mark, lined, x, y, spread, by);
  }

  /** With other numbers up, such as percents of shares. */
  public Series scaled(DoubleUnaryOperator by) {
    Spread scaled =
        spread == null
            ? null
            : new Spread(map(spread.low(), by), map(spread.high(), by), spread.band());
    return new Series(name, style, mark, lined, x, map(y, by), scaled, shift);
  }

  private static double[] map(double[] values, DoubleUnaryOperator by) {
    return DoubleStream.of(values).map(by).toArray();
  }

  /** Whether there is a point to draw. */
  boolean isEmpty() {
    return DoubleStream.of(y).noneMatch(Double::isFinite);
  }
}
