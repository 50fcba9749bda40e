package minilote.datasets.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;

/** The size that images are brought to, in pixels. */
public record ImageSize(int width, int height) {
  private static final Pattern WORDS = Pattern.compile("(\\d{1,5})[xX×](\\d{1,5})");

  public ImageSize {
    if (width < 1 || height < 1 || (long) width * height > ImageDecoder.MAX_PIXELS) {
      throw new UserError(
          "an image size must be between 1x1 and %d pixels, not %dx%d"
              .formatted(ImageDecoder.MAX_PIXELS, width, height));
    }
  }

  /**
   * The size that a text like "32x24" gives, width first.
   *
   * @throws UserError when it is none
   */
  public static ImageSize parse(String text) {
    Matcher matcher = WORDS.matcher(text);
    if (!matcher.matches()) {
      throw new UserError(
          "an image size is written WIDTHxHEIGHT, as in 32x24, not \"" + text + "\"");
    }
    return new ImageSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
