package minilote.trainer.network;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;

/**
 * Height and width of a window, or of its steps, in pixels: {@code 3x3}.
 *
 * @param height 0 to {@value #MOST}
 * @param width 0 to {@value #MOST}
 */
public record Size(int height, int width) {
  static final int MOST = 1024;

  private static final Pattern WORD = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

  public Size {
    if (height < 0 || width < 0 || height > MOST || width > MOST) {
      throw new UserError("%dx%d: at most %dx%d is possible".formatted(height, width, MOST, MOST));
    }
  }

  /** As it is written: {@code 3x3}. */
  public String word() {
    return height + "x" + width;
  }

  /** The same, and for a square a single number. */
  String shortWord() {
    return height == width ? Integer.toString(height) : word();
  }

  /** Checks that neither side is 0. */
  Size requirePositive(String what) {
    if (height == 0 || width == 0) {
      throw new UserError("%s %s: both sides are at least 1".formatted(what, word()));
    }
    return this;
  }

  /** Reads {@code HEIGHTxWIDTH}, or a number for both. */
  static Size parse(LayerWords.Word word, String what) {
    Matcher matcher = WORD.matcher(word.text());
    if (!matcher.matches()) {
      throw word.error(
          "'%s' is no %s; write HEIGHTxWIDTH, as in '3x3'".formatted(word.text(), what));
    }
    int height = Integer.parseInt(matcher.group(1));
    int width = matcher.group(2) == null ? height : Integer.parseInt(matcher.group(2));
    return word.at(() -> new Size(height, width));
  }
}
