package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis: a range that ends on round numbers, and the round numbers within it.
 *
 * @param low the lowest number on the axis
 * @param high the highest, above {@code low}
 * @param step the distance of two ticks: 1, 2 or 5 times a power of ten
 */
record LinearAxis(double low, double high, double step) implements Axis {
  /** Beyond these powers of ten a number is written with an exponent. */
  private static final double SMALLEST_PLAIN = 1e-4;

  private static final double LARGEST_PLAIN = 1e6;

  /** What a quotient may be off a whole number by rounding alone. */
  private static final double TINY = 1e-9;

  /** Takes in the range from {@code least} to {@code most} with about so many ticks. */
  static LinearAxis over(double least, double most, int ticks) {
    double low = least;
    double high = most;
    if (low == high) {
      // A constant is drawn in the middle, with round numbers around it.
      double margin = low == 0 ? 1 : Math.abs(low) / 2;
      low -= margin;
      high += margin;
    }
    double step = round((high - low) / ticks);
    return new LinearAxis(
        Math.floor(low / step + TINY) * step, Math.ceil(high / step - TINY) * step, step);
  }

  /** Whole numbers from 0, such as epochs, without room beyond {@code most}. */
  static LinearAxis counting(double most, int ticks) {
    return new LinearAxis(0, most, Math.max(1, round(most / ticks)));
  }

  /** The least of 1, 2, 5, 10 times a power of ten that is no less than {@code least}. */
  private static double round(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - TINY)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  @Override
  public double place(double value) {
    return (value - low) / (high - low);
  }

  @Override
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - TINY); i * step <= high + step * TINY; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** With the decimals that tell it from its neighbours. */
  @Override
  public String label(double tick) {
    double most = Math.max(Math.abs(low), Math.abs(high));
    if (tick == 0 || (step >= SMALLEST_PLAIN && most < LARGEST_PLAIN)) {
      int decimals = tick == 0 ? 0 : (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      return String.format(Locale.ROOT, "%." + decimals + "f", tick);
    }
    return String.format(Locale.ROOT, "%.2g", tick).replaceFirst("\\.0+(e|$)", "$1");
  }
}
