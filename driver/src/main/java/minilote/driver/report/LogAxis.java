package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A logarithmic axis: equal factors are equal distances.
 *
 * @param low the lowest number on the axis, above 0
 * @param high the highest, above {@code low}
 * @param ticks the numbers that are written
 */
record LogAxis(double low, double high, List<Double> ticks) implements Axis {
  /** Room beyond the outermost numbers, as a share of the axis: marks stand there. */
  private static final double MARGIN = 0.04;

  /** Labels of this many digits need so much of an axis. */
  private static final double LABEL = 0.125;

  private static final double TINY = 1e-9;
  private static final double[][] FACTORS = {{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}};
  private static final int LEAST_TICKS = 3;
  private static final double SMALLEST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e6;

  LogAxis {
    if (!(low > 0 && high > low && high < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("no logarithmic axis from %s to %s".formatted(low, high));
    }
    ticks = List.copyOf(ticks);
  }

  /** Takes in a range of numbers above 0, with some room, and about so many ticks. */
  static LogAxis over(double least, double most, int ticks) {
    LogAxis bare = around(least, most);
    return new LogAxis(bare.low, bare.high, roundTicks(bare.low, bare.high, ticks));
  }

  /**
   * Takes in numbers, with ticks at as many of them as have room for their labels.
   *
   * @param values above 0, increasing
   */
  static LogAxis at(List<Double> values) {
    LogAxis bare = around(values.get(0), values.get(values.size() - 1));
    List<Double> ticks = new ArrayList<>();
    double last = bare.place(values.get(values.size() - 1));
    double taken = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      double place = bare.place(value);
      if (place - taken >= LABEL && (last - place >= LABEL || last == place)) {
        ticks.add(value);
        taken = place;
      }
    }
    return new LogAxis(bare.low, bare.high, ticks);
  }

  private static LogAxis around(double least, double most) {
    double factor = least == most ? 2 : StrictMath.pow(most / least, MARGIN);
    return new LogAxis(least / factor, most * factor, List.of());
  }

  /** Powers of ten; where the range is too small for several of them, round numbers between. */
  private static List<Double> roundTicks(double low, double high, int wanted) {
    for (double[] factors : FACTORS) {
      List<Double> ticks = new ArrayList<>();
      int first = (int) Math.floor(Math.log10(low));
      int last = (int) Math.floor(Math.log10(high));
      int stride = factors.length == 1 ? Math.max(1, (last - first) / wanted) : 1;
      for (int power = first; power <= last; power++) {
        for (double factor : factors) {
          double tick = factor * power(power);
          if (tick >= low * (1 - TINY)
              && tick <= high * (1 + TINY)
              && Math.floorMod(power, stride) == 0) {
            ticks.add(tick);
          }
        }
      }
      if (ticks.size() >= LEAST_TICKS) {
        return ticks;
      }
    }
    return LinearAxis.over(low, high, wanted).ticks().stream()
        .filter(tick -> tick >= low && tick <= high)
        .toList();
  }

  /** Exact where a number can be. */
  private static double power(int power) {
    return Double.parseDouble("1e" + power);
  }

  @Override
  public double place(double value) {
    return Math.log(value / low) / Math.log(high / low);
  }

  @Override
  public String label(double tick) {
    if (tick >= LARGEST_PLAIN || tick < SMALLEST_PLAIN) {
      return String.format(Locale.ROOT, "%.2g", tick).replaceFirst("\\.0+(e|$)", "$1");
    }
    if (tick == Math.rint(tick)) {
      return String.format(Locale.ROOT, "%,.0f", tick);
    }
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(tick)));
    return String.format(Locale.ROOT, "%." + decimals + "f", tick)
        .replaceFirst("0+$", "")
        .replaceFirst("\\.$", "");
  }
}
