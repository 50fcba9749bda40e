package minilote.driver;

import java.util.Locale;
import minilote.datasets.UserError;
import picocli.CommandLine;

/** How words of the command line become numbers; what is not one is met in the program's words. */
final class Values {
  private Values() {}

  static void register(CommandLine program) {
    program.registerConverter(int.class, Values::integer);
    program.registerConverter(Integer.class, Values::integer);
    program.registerConverter(long.class, Values::longInteger);
    program.registerConverter(Long.class, Values::longInteger);
    program.registerConverter(double.class, Values::number);
    program.registerConverter(Double.class, Values::number);
  }

  private static int integer(String word) {
    long value = longInteger(word);
    if (value != (int) value) {
      throw new UserError(String.format(Locale.ROOT, "must be at most %d", Integer.MAX_VALUE));
    }
    return (int) value;
  }

  private static long longInteger(String word) {
    try {
      return Long.parseLong(word.strip());
    } catch (NumberFormatException e) {
      if (word.strip().matches("[+-]?\\d+")) {
        throw new UserError("must be from %d to %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE), e);
      }
      throw new UserError("must be a whole number", e);
    }
  }

  private static double number(String word) {
    double value;
    try {
      value = Double.parseDouble(word.strip());
    } catch (NumberFormatException e) {
      throw new UserError("must be a number, such as 0.1", e);
    }
    if (!Double.isFinite(value)) {
      throw new UserError("must be a finite number, such as 0.1");
    }
    return value;
  }
}
