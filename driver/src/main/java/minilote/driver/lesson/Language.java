package minilote.driver.lesson;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/** What lessons are written in. */
public enum Language {
  EN,
  ES;

  /** As it is written: {@code en}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The inverse of {@link #word()}.
   *
   * @throws UserError with the languages that there are
   */
  public static Language parse(String word) {
    for (Language language : values()) {
      if (language.word().equals(word)) {
        return language;
      }
    }
    throw new UserError(
        "--language %s: it must be %s"
            .formatted(
                word,
                Arrays.stream(values()).map(Language::word).collect(Collectors.joining(" or "))));
  }
}
