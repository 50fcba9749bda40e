package minilote.driver.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How a figure is written. */
enum Kind {
  SHARE(100, " %", " %") {
    @Override
    String digits(double number) {
      return String.format(Locale.ROOT, "%.2f", number);
    }
  },
  POINTS(100, "", "") {
    @Override
    String digits(double number) {
      return SHARE.digits(number);
    }
  },
  LOSS(1, "", "") {
    @Override
    String digits(double number) {
      return Words.number(number);
    }
  },
  COUNT(1, "", "") {
    @Override
    String digits(double number) {
      return String.format(
          Locale.ROOT, number == Math.rint(number) || number >= 100 ? "%,.0f" : "%,.1f", number);
    }
  },
  SECONDS(1, " s", " s") {
    @Override
    String digits(double number) {
      return String.format(Locale.ROOT, number < 100 ? "%.1f" : "%,.0f", number);
    }
  },
  BRIEF(1, "", "") {
    @Override
    String digits(double number) {
      BigDecimal brief = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
      return brief.scale() > 0 ? brief.toPlainString() : String.format(Locale.ROOT, "%,.0f", brief);
    }
  };

  /** Of what needs few: learning rates, sharpness. */
  private static final MathContext DIGITS = new MathContext(3);

  static final String NONE = "–";

  /** What a figure is multiplied by before it is written. */
  private final double scale;

  /** What stands after numbers on a chart's axis. */
  private final String axisUnit;

  private final String unit;

  Kind(double scale, String axisUnit, String unit) {
    this.scale = scale;
    this.axisUnit = axisUnit;
    this.unit = unit;
  }

  abstract String digits(double number);

  String axisUnit() {
    return axisUnit;
  }

  double scaled(double number) {
    return number * scale;
  }

  /** "97.61 %". */
  String words(double number) {
    return Double.isFinite(number) ? digits(scaled(number)) + unit : NONE;
  }

  /** "97.61 ± 0.12 %"; without an interval that is none, or no wider than nothing. */
  String words(double mean, double ci95) {
    // Seconds are the machine's, and what else it does: their spread says nothing of the runs.
    if (!Double.isFinite(mean) || !(ci95 > 0) || this == SECONDS) {
      return words(mean);
    }
    return "%s ± %s%s".formatted(digits(scaled(mean)), digits(scaled(ci95)), unit);
  }
}
