package minilote.driver.report;

import java.util.Locale;

/** SVG as text. */
final class Svg {
  private final StringBuilder content = new StringBuilder();

  /** Adds a piece that is SVG already. */
  Svg add(String piece) {
    content.append(piece);
    return this;
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    return add(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            style,
            x1,
            y1,
            x2,
            y2));
  }

  Svg text(String anchor, double x, double y, String words) {
    return add(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            Html.escape(words)));
  }

  @Override
  public String toString() {
    return content.toString();
  }
}
