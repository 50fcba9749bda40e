package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.UserError;
import minilote.trainer.math.Axis;
import minilote.trainer.math.Window;

/**
 * What surrounds an image where windows reach beyond it: zeros for a convolution, nothing for a
 * pool.
 *
 * @param kind how much there is
 * @param pixels of {@link Kind#PIXELS}, above and below, left and right; otherwise 0x0
 */
public record Padding(Kind kind, Size pixels) {
  /** How much there is. */
  public enum Kind {
    /**
     * So much that with stride s there are ⌈n/s⌉ windows along n pixels. An odd pixel lies behind
     * the image, as TensorFlow has it.
     */
    SAME,
    /** None. */
    VALID,
    /** As many pixels as are said, on either side. */
    PIXELS
  }

  public static final Padding SAME = new Padding(Kind.SAME, new Size(0, 0));
  public static final Padding VALID = new Padding(Kind.VALID, new Size(0, 0));

  /** How it is written, for messages. */
  private static final String FORM = "'padding same', 'padding valid' or 'padding 1'";

  /** So many pixels on either side; {@link #VALID} where that is none. */
  public static Padding of(Size pixels) {
    return pixels.height() == 0 && pixels.width() == 0 ? VALID : new Padding(Kind.PIXELS, pixels);
  }

  /** As it is written: {@code same}, {@code valid}, {@code 1}, {@code 1x2}. */
  public String word() {
    return switch (kind) {
      case SAME -> "same";
      case VALID -> "valid";
      case PIXELS -> pixels.shortWord();
    };
  }

  static Padding parse(LayerWords.Word word) {
    return switch (word.text()) {
      case "same" -> SAME;
      case "valid" -> VALID;
      default -> {
        if (!Character.isDigit(word.text().charAt(0))) {
          throw word.error("'%s' is no padding; write %s".formatted(word.text(), FORM));
        }
        yield of(Size.parse(word, "padding"));
      }
    };
  }

  /** Reads what {@link #put} writes. */
  static Padding parse(LayerJson json, String name) {
    if (!json.isText(name)) {
      return of(json.size(name));
    }
    return switch (json.text(name)) {
      case "same" -> SAME;
      case "valid" -> VALID;
      default ->
          throw new UserError(
              "\"%s\" must be \"same\", \"valid\" or pixels, as in [1, 1], not \"%s\""
                  .formatted(name, json.text(name)));
    };
  }

  void put(ObjectNode json, String name) {
    if (kind == Kind.PIXELS) {
      ArrayNode list = json.putArray(name);
      list.add(pixels.height()).add(pixels.width());
    } else {
      json.put(name, word());
    }
  }

  /** Checks that no window lies in the padding alone. */
  void check(Size kernel) {
    if (pixels.height() > kernel.height() - 1 || pixels.width() > kernel.width() - 1) {
      throw new UserError(
          "padding %s: a window of %s would lie in the padding alone; at most %s is possible"
              .formatted(
                  word(),
                  kernel.word(),
                  new Size(kernel.height() - 1, kernel.width() - 1).shortWord()));
    }
  }

  /**
   * How windows lie on an image.
   *
   * @throws UserError if there is no room for one
   */
  Window window(ImageShape image, Size kernel, Size stride) {
    int height = image.height() + 2 * pixels.height();
    int width = image.width() + 2 * pixels.width();
    if (kind != Kind.SAME && (kernel.height() > height || kernel.width() > width)) {
      throw new UserError(
          "a window of %s does not fit into %d × %d pixels; at most %dx%d does, or any with 'padding same'"
              .formatted(kernel.word(), height, width, height, width));
    }
    return new Window(
        axis(image.height(), kernel.height(), stride.height(), pixels.height()),
        axis(image.width(), kernel.width(), stride.width(), pixels.width()));
  }

  private Axis axis(int length, int kernel, int stride, int pixels) {
    if (kind != Kind.SAME) {
      return Axis.of(length, kernel, stride, pixels, pixels);
    }
    int windows = (length - 1) / stride + 1;
    int padding = Math.max(0, (windows - 1) * stride + kernel - length);
    return new Axis(length, kernel, stride, padding / 2, windows);
  }
}
