package minilote.driver.lesson;

import java.util.Locale;
import minilote.driver.report.Words;

/** Numbers as cells of tables and words of sentences. */
final class Written {
  private Written() {}

  /** As the program writes losses, with a minus sign. */
  static String number(double number) {
    return signed(Words.number(number));
  }

  /** With so many decimals; 0 without. */
  static String decimals(int decimals, double number) {
    return number == 0
        ? "0"
        : signed(String.format(Locale.ROOT, "%." + decimals + "f", number))
            .replaceFirst("^−(0\\.?0*)$", "$1");
  }

  /** As short as it can be: whole numbers without decimals, others without zeros at the end. */
  static String brief(double number) {
    String written = String.format(Locale.ROOT, "%.6f", number).replaceFirst("\\.?0+$", "");
    return signed(written.equals("-0") ? "0" : written);
  }

  private static String signed(String number) {
    return number.startsWith("-") ? "−" + number.substring(1) : number;
  }
}
