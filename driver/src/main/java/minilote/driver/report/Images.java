package minilote.driver.report;

import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Images side by side, each with a word below.
 *
 * @param title what is shown
 * @param columns how many of them in a row
 * @param tiles the images
 */
public record Images(String title, int columns, List<Tile> tiles) implements Drawing {
  private static final double WIDTH = 480;
  private static final double GAP = 8;
  private static final double CAPTION = 20;

  public Images {
    tiles = List.copyOf(tiles);
    if (tiles.isEmpty() || columns < 1) {
      throw new IllegalArgumentException("images side by side are at least one");
    }
  }

  /**
   * An image of bytes.
   *
   * @param caption below it; may be empty
   * @param channels 1 for grey, 3 for red, green and blue
   * @param pixels channels × height × width, as data sets have them
   */
  @SuppressWarnings("ArrayRecordComponent") // Images are not compared.
  public record Tile(String caption, int width, int height, int channels, byte[] pixels) {
    private static final int GREATEST = 255;
    private static final double MIDDLE = 127.5;

    /** Numbers around 0 in grey: 0 is the middle, the one farthest from it black or white. */
    public static Tile signed(String caption, int width, int height, float[] numbers) {
      float most = 0;
      for (float number : numbers) {
        most = Math.max(most, Math.abs(number));
      }
      byte[] pixels = new byte[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        pixels[i] = (byte) Math.round(MIDDLE + MIDDLE * (most == 0 ? 0 : numbers[i] / most));
      }
      return new Tile(caption, width, height, 1, pixels);
    }

    /** Numbers from 0 on in grey: 0 is black, the greatest white. */
    public static Tile positive(String caption, int width, int height, float[] numbers) {
      float most = 0;
      for (float number : numbers) {
        most = Math.max(most, number);
      }
      byte[] pixels = new byte[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        pixels[i] = (byte) Math.round(most == 0 ? 0 : GREATEST * Math.max(0, numbers[i]) / most);
      }
      return new Tile(caption, width, height, 1, pixels);
    }

    private String source() {
      int area = width * height;
      byte[] lastChannels = new byte[pixels.length];
      for (int channel = 0; channel < channels; channel++) {
        for (int i = 0; i < area; i++) {
          lastChannels[i * channels + channel] = pixels[channel * area + i];
        }
      }
      return "data:image/png;base64,"
          + Base64.getEncoder().encodeToString(Png.of(width, height, channels, lastChannels));
    }
  }

  @Override
  public List<Legend> legend() {
    return List.of();
  }

  @Override
  public String toSvg() {
    double side = (WIDTH - GAP * (columns - 1)) / columns;
    double caption = tiles.stream().allMatch(tile -> tile.caption().isEmpty()) ? 0 : CAPTION;
    int rows = (tiles.size() + columns - 1) / columns;
    double height = rows * (side + caption + GAP) - GAP;
    Svg svg = new Svg();
    svg.add(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart images\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH,
            height,
            Html.escape(title)));
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      double x = i % columns * (side + GAP);
      int line = i / columns;
      double y = line * (side + caption + GAP);
      svg.add(
          String.format(
              Locale.ROOT,
              "<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" href=\"%s\"/>\n",
              x,
              y,
              side,
              side,
              tile.source()));
      if (caption > 0) {
        svg.text("middle", x + side / 2, y + side + 15, tile.caption());
      }
    }
    return svg.add("</svg>").toString();
  }
}
