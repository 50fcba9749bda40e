package minilote.datasets.source;

import java.util.function.Supplier;
import minilote.datasets.UserError;

/** Numbers as people and programs write them in text files: decimal, with a point. */
final class FloatText {
  private FloatText() {}

  /**
   * Whether a text is a decimal number. Java itself reads more as one ("NaN", "1f", "0x1p3"), which
   * are slips in a data file.
   */
  static boolean isNumber(String text) {
    int at = sign(text, 0);
    int whole = digits(text, at);
    int digits = whole - at;
    at = whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      digits += fraction - at - 1;
      at = fraction;
    }
    if (digits == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = sign(text, at + 1);
      at = digits(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length();
  }

  private static int sign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? at + 1 : at;
  }

  private static int digits(String text, int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /**
   * The number that a text is, rounded to a float.
   *
   * @param where names file and place, for the message
   * @throws UserError when the text is empty, no number, or too large for a float
   */
  static float parse(String text, Supplier<String> where) {
    if (!isNumber(text)) {
      throw new UserError(
          text.isEmpty()
              ? where.get() + " is empty where a number is needed"
              : "%s is \"%s\" where a number is needed".formatted(where.get(), shortened(text)));
    }
    float value = Float.parseFloat(text);
    if (!Float.isFinite(value)) {
      throw new UserError(
          "%s is %s, beyond what a float can hold (3.4e38)"
              .formatted(where.get(), shortened(text)));
    }
    return value;
  }

  static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
