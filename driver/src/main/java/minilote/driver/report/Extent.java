package minilote.driver.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The range of a chart's numbers.
 *
 * @param least the least of them
 * @param most the greatest
 * @param isCut whether spreads go on beyond it
 */
record Extent(double least, double most, boolean isCut) {
  /** On a logarithmic axis, spreads may reach so far beyond points that are the same. */
  private static final double LEAST_FACTOR = 1.5;

  /** Of all x. */
  static Extent across(List<Series> series) {
    DoubleStream all = series.stream().flatMapToDouble(s -> DoubleStream.of(s.x()));
    return of(all.filter(Double::isFinite).toArray(), 0, 1);
  }

  /**
   * Of all y, and of spreads as far as they do not make the points flat: an interval over two seeds
   * can be a hundred times as wide as all that there is to see.
   *
   * @param positive whether only numbers above 0 can be drawn
   * @param ceiling what no number can be above, whatever an interval says
   */
  static Extent up(List<Series> series, boolean positive, double ceiling) {
    double[] points =
        series.stream()
            .flatMapToDouble(s -> DoubleStream.of(s.y()))
            .filter(y -> Double.isFinite(y) && (!positive || y > 0))
            .toArray();
    Extent bare = of(points, positive ? 0.1 : 0, 1);
    double lowest;
    double highest;
    if (positive) {
      double factor = Math.max(LEAST_FACTOR, Math.sqrt(bare.most / bare.least));
      lowest = bare.least / factor;
      highest = bare.most * factor;
    } else {
      double range = bare.most - bare.least;
      lowest = range == 0 ? Double.NEGATIVE_INFINITY : bare.least - range;
      highest = range == 0 ? Double.POSITIVE_INFINITY : bare.most + range;
    }
    highest = Math.max(bare.most, Math.min(highest, ceiling));
    double least = bare.least;
    double most = bare.most;
    boolean cut = false;
    for (Series s : series) {
      Series.Spread spread = s.spread();
      for (int i = 0; spread != null && i < s.y().length; i++) {
        double low = spread.low()[i];
        double high = spread.high()[i];
        if (Double.isFinite(low) && Double.isFinite(high)) {
          cut |= low < lowest || high > highest;
          least = Math.min(least, Math.max(low, lowest));
          most = Math.max(most, Math.min(high, highest));
        }
      }
    }
    return new Extent(least, most, cut);
  }

  private static Extent of(double[] values, double leastOfNone, double mostOfNone) {
    return values.length == 0
        ? new Extent(leastOfNone, mostOfNone, false)
        : new Extent(
            DoubleStream.of(values).min().orElse(leastOfNone),
            DoubleStream.of(values).max().orElse(mostOfNone),
            false);
  }
}
