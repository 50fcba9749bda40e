package minilote.driver;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/** Options whose values are words. */
final class Choice {
  private Choice() {}

  /**
   * The constant that a word names, in lower case and with hyphens.
   *
   * @throws UserError with the words that there are
   */
  static <E extends Enum<E>> E of(String option, String word, Class<E> constants) {
    for (E constant : constants.getEnumConstants()) {
      if (word(constant).equals(word)) {
        return constant;
      }
    }
    throw new UserError(
        "%s %s: it must be %s"
            .formatted(
                option,
                word,
                Arrays.stream(constants.getEnumConstants())
                    .map(Choice::word)
                    .collect(Collectors.joining(" or "))));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a reader of words gives; where it refuses them, the option is named. */
  static <T> T named(String option, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (UserError e) {
      String sentence = String.valueOf(e.getMessage());
      throw sentence.startsWith("--") ? e : new UserError(option + ": " + sentence, e);
    }
  }
}
