package minilote.driver.lesson;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.driver.report.Words;

/** Numbers as tables of lessons have them, with a minus that is one. */
final class Written {
  private static final double SMALL = 1e-4;
  private static final double LARGE = 1e6;

  private Written() {}

  /** With so many significant digits, and no zeros behind. */
  static String brief(double number, int digits) {
    if (!Double.isFinite(number)) {
      return "–";
    }
    double size = Math.abs(number);
    if (size != 0 && (size < SMALL || size >= LARGE)) {
      return minus(String.format(Locale.ROOT, "%." + (digits - 1) + "e", number));
    }
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(digits)).stripTrailingZeros();
    return minus(rounded.signum() == 0 ? "0" : rounded.toPlainString());
  }

  /** With four significant digits. */
  static String brief(double number) {
    return brief(number, 4);
  }

  /** As the program writes losses. */
  static String number(double number) {
    return minus(Words.number(number));
  }

  /** With up to six decimals, and no zeros at the end. */
  static String trimmed(double number) {
    String written = String.format(Locale.ROOT, "%.6f", number).replaceFirst("\\.?0+$", "");
    return minus(written.equals("-0") ? "0" : written);
  }

  /** With so many decimals. */
  static String fixed(double number, int decimals) {
    return minus(String.format(Locale.ROOT, "%." + decimals + "f", number));
  }

  /** The same, but 0 without decimals and never −0. */
  static String decimals(int decimals, double number) {
    return number == 0 ? "0" : fixed(number, decimals).replaceFirst("^−(0\\.?0*)$", "$1");
  }

  /** In powers of ten, with two digits. */
  static String power(double number) {
    return number == 0 ? "0" : minus(String.format(Locale.ROOT, "%.1e", number));
  }

  /** "(0, 1)". */
  static String tuple(float... numbers) {
    double[] all = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      all[i] = numbers[i];
    }
    return Arrays.stream(all).mapToObj(Written::brief).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String minus(String number) {
    return number.replace('-', '−');
  }
}
