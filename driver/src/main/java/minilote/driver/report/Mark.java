package minilote.driver.report;

import java.util.Locale;

/** The shape of a point, by which series are told apart where colours are not. */
public enum Mark {
  CIRCLE(),
  SQUARE(-1, -1, 1, -1, 1, 1, -1, 1),
  TRIANGLE(0, -1.3, 1.2, 0.9, -1.2, 0.9),
  DIAMOND(0, -1.4, 1.4, 0, 0, 1.4, -1.4, 0),
  TIP(0, 1.3, 1.2, -0.9, -1.2, -0.9),
  CROSS(
      -1.2, -0.5, -0.5, -0.5, -0.5, -1.2, 0.5, -1.2, 0.5, -0.5, 1.2, -0.5, 1.2, 0.5, 0.5, 0.5, 0.5,
      1.2, -0.5, 1.2, -0.5, 0.5, -1.2, 0.5),
  BAR(-1.5, -0.5, 1.5, -0.5, 1.5, 0.5, -1.5, 0.5);

  private static final double RADIUS = 3;

  /** x and y of the corners, from the middle, in radii; none for a circle. */
  @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
  private final double[] corners;

  Mark(double... corners) {
    this.corners = corners;
  }

  /** The mark of the {@code index}-th series. */
  public static Mark of(int index) {
    return values()[index % values().length];
  }

  /**
   * The SVG element, without its end.
   *
   * @param style its CSS class; may be empty
   */
  String open(double x, double y, String style) {
    String styled = style.isEmpty() ? "" : " class=\"%s\"".formatted(style);
    if (corners.length == 0) {
      return String.format(
          Locale.ROOT, "<circle%s cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\">", styled, x, y, RADIUS);
    }
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      points.append(
          String.format(
              Locale.ROOT,
              "%s%.1f,%.1f",
              i == 0 ? "" : " ",
              x + RADIUS * corners[i],
              y + RADIUS * corners[i + 1]));
    }
    return "<polygon%s points=\"%s\">".formatted(styled, points);
  }

  /** What ends the element. */
  String close() {
    return corners.length == 0 ? "</circle>" : "</polygon>";
  }
}
