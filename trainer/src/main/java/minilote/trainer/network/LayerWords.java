package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import minilote.datasets.UserError;

/**
 * The words of one layer of a network's text, read from left to right. Every error says the layer
 * and the character, both from 1.
 */
final class LayerWords {
  /** A word and where it stands. */
  record Word(String text, LayerNumber layer, int character) {
    UserError error(String sentence) {
      return new UserError(where() + sentence);
    }

    /** Does something with the word; of an error it says where. */
    <T> T at(Supplier<T> action) {
      try {
        return action.get();
      } catch (UserError e) {
        throw new UserError(where() + e.getMessage(), e);
      }
    }

    /** The word as a number of something. */
    int wholeNumber(String what, String form) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw error("'%s' is no %s; this layer is written %s".formatted(text, what, form));
      }
    }

    /** The word as a number of any kind. */
    double number(String what, String form) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw error("'%s' is no %s; this layer is written %s".formatted(text, what, form));
      }
    }

    /** What bars separate within its parentheses. */
    List<Word> parts() {
      List<Word> parts = new ArrayList<>();
      int from = 1;
      while (from < text.length()) {
        int end = endOfPart(text, from, text.length() - 1, '|');
        parts.add(new Word(text.substring(from, end), layer, character + from));
        from = end + 1;
      }
      return parts;
    }

    private String where() {
      return "layer %s, character %d: ".formatted(layer, character);
    }
  }

  private final List<Word> words;
  private int next;

  private LayerWords(List<Word> words) {
    this.words = words;
  }

  /**
   * The layers of a text: separated by commas, their words by white space; neither separates within
   * parentheses.
   *
   * @param offset of the text in the whole one, in which characters are counted
   * @param numbers the layers' numbers, by their places from 1
   */
  static List<LayerWords> split(String text, int offset, IntFunction<LayerNumber> numbers) {
    List<LayerWords> layers = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int end = endOfPart(text, from, text.length(), ',');
      LayerNumber number = numbers.apply(layers.size() + 1);
      layers.add(new LayerWords(words(text, from, end, offset, number)));
      from = end + 1;
    }
    return layers;
  }

  /** Where the next separator is that lies within no parentheses; the end where there is none. */
  private static int endOfPart(String text, int from, int end, char separator) {
    int at = from;
    int depth = 0;
    while (at < end && (text.charAt(at) != separator || depth > 0)) {
      depth += depthChange(text.charAt(at));
      at++;
    }
    return at;
  }

  private static List<Word> words(String text, int from, int end, int offset, LayerNumber layer) {
    List<Word> words = new ArrayList<>();
    int at = from;
    while (at < end) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      int begin = at;
      int depth = 0;
      do {
        depth += depthChange(text.charAt(at));
        at++;
      } while (at < end && (depth > 0 || !endsWord(text, begin, at, words.isEmpty())));
      String word = text.substring(begin, at).toLowerCase(Locale.ROOT);
      words.add(new Word(word, layer, offset + begin + 1));
      if (depth != 0) {
        String wrong = depth > 0 ? "a parenthesis is not closed" : "')' closes no parenthesis";
        throw words.get(words.size() - 1).error("'" + word + "': " + wrong);
      }
    }
    if (words.isEmpty()) {
      throw new Word("", layer, offset + from + 1)
          .error(
              "a layer is missing here; layers are separated by single commas, as in"
                  + " 'dense 512 relu, dense 10 softmax'");
    }
    return words;
  }

  /** A space does; and a list of layers needs none around it. */
  private static boolean endsWord(String text, int begin, int at, boolean kind) {
    return Character.isWhitespace(text.charAt(at))
        || text.charAt(begin) == '('
        || (kind && text.charAt(at) == '(');
  }

  private static int depthChange(char c) {
    return c == '(' ? 1 : c == ')' ? -1 : 0;
  }

  boolean hasNext() {
    return next < words.size();
  }

  /** The next word; where there is none, the sentence says what is missing after the last. */
  Word next(String what, String form) {
    if (!hasNext()) {
      Word last = words.get(words.size() - 1);
      throw last.error("'%s' needs %s; it is written %s".formatted(last.text(), what, form));
    }
    return words.get(next++);
  }

  /** What {@link #next} will be, where there is one. */
  Word peek() {
    return words.get(next);
  }

  /** Checks that the next word, where there is one, is not a misspelt option. */
  void refuseSimilar(List<String> options) {
    if (hasNext()) {
      String meant = Suggestion.of(peek().text(), options);
      if (!meant.isEmpty()) {
        throw peek()
            .error(
                "'%s' is no option of this layer (known: %s)%s"
                    .formatted(peek().text(), String.join(", ", options), meant));
      }
    }
  }

  /** The last word as an activation; linear where all words were read. */
  Activation activation(String form) {
    Activation activation = Activation.LINEAR;
    if (hasNext() && !LayerKind.allWords().contains(peek().text())) {
      Word word = next("its activation", form);
      activation = word.at(() -> Activation.parse(word.text()));
    }
    requireEnd(form);
    return activation;
  }

  /** Checks that all words were read. */
  void requireEnd(String form) {
    if (hasNext()) {
      Word word = words.get(next);
      throw word.error(
          LayerKind.allWords().contains(word.text())
              ? "'%s' begins a layer: write a comma before it".formatted(word.text())
              : "'%s' is one word too many; this layer is written %s".formatted(word.text(), form));
    }
  }
}
