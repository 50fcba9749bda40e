package minilote.driver.report;

import java.util.List;
import java.util.Locale;

/**
 * Numbers on a square grid as colours, as one SVG element. From one colour to the next the number
 * grows by the same factor, as losses around a minimum do; what is no number stays white.
 *
 * @param title what is shown
 * @param xLabel the horizontal axis
 * @param yLabel the vertical axis
 * @param at coordinates of the columns from the left, and of the rows from below
 * @param rows numbers above 0, from the lowest row on
 */
@SuppressWarnings("ArrayRecordComponent") // Maps are not compared.
record HeatMap(String title, String xLabel, String yLabel, double[] at, List<double[]> rows) {
  private static final int SIDE = 360;
  private static final int LEFT = 58;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;
  private static final int RIGHT = 96;
  private static final int LEGEND_WIDTH = 16;
  private static final int LEGEND_STEPS = 40;
  private static final int LEGEND_LABELS = 5;

  /** Of the largest number; smaller ones have the lowest colour. */
  private static final double SMALLEST = 1e-9;

  /** From low to high, lighter and lighter, as people with any colour vision see it. */
  private static final int[] COLOURS = {0x2b0b57, 0x40478c, 0x2c7a8e, 0x2bab7f, 0x8fd14a, 0xfde725};

  HeatMap {
    if (rows.size() != at.length || rows.stream().anyMatch(row -> row.length != at.length)) {
      throw new IllegalArgumentException("a heat map has as many rows and columns as coordinates");
    }
  }

  /** The SVG element. */
  String toSvg() {
    double most = 0;
    for (double[] row : rows) {
      for (double number : row) {
        most = Double.isFinite(number) ? Math.max(most, number) : most;
      }
    }
    double least = most;
    for (double[] row : rows) {
      for (double number : row) {
        least = number >= most * SMALLEST ? Math.min(least, number) : least;
      }
    }
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(
                LEFT + SIDE + RIGHT,
                TOP + SIDE + BOTTOM,
                Html.escape(
                    "%s, from %s to %s"
                        .formatted(title, Words.number(least), Words.number(most)))));
    double cell = (double) SIDE / at.length;
    for (int y = 0; y < at.length; y++) {
      for (int x = 0; x < at.length; x++) {
        double number = rows.get(y)[x];
        rectangle(
            svg,
            LEFT + x * cell,
            TOP + SIDE - (y + 1) * cell,
            cell,
            cell,
            colour(place(number, least, most)),
            "%s, %s: %s".formatted(Words.number(at[x]), Words.number(at[y]), Words.number(number)));
      }
    }
    axes(svg, cell);
    legend(svg, least, most);
    return svg.append("</svg>").toString();
  }

  private void axes(StringBuilder svg, double cell) {
    for (int i : new int[] {0, at.length / 2, at.length - 1}) {
      String label = String.format(Locale.ROOT, "%.3g", at[i]);
      text(svg, "middle", LEFT + (i + 0.5) * cell, TOP + SIDE + 18, label);
      text(svg, "end", LEFT - 6, TOP + SIDE - (i + 0.5) * cell + 4.5, label);
    }
    text(svg, "middle", LEFT + SIDE / 2.0, TOP + SIDE + 38, xLabel);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(16 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            TOP + SIDE / 2.0,
            Html.escape(yLabel)));
  }

  private static void legend(StringBuilder svg, double least, double most) {
    double left = LEFT + SIDE + 14;
    double step = (double) SIDE / LEGEND_STEPS;
    for (int i = 0; i < LEGEND_STEPS; i++) {
      double place = (i + 0.5) / LEGEND_STEPS;
      rectangle(
          svg,
          left,
          TOP + SIDE - (i + 1) * step,
          LEGEND_WIDTH,
          step,
          colour(place),
          Words.number(number(place, least, most)));
    }
    for (int i = 0; i < LEGEND_LABELS; i++) {
      double place = (double) i / (LEGEND_LABELS - 1);
      text(
          svg,
          "start",
          left + LEGEND_WIDTH + 5,
          TOP + SIDE - place * SIDE + (i == 0 ? 0 : i == LEGEND_LABELS - 1 ? 9 : 4.5),
          String.format(Locale.ROOT, "%.3g", number(place, least, most)));
    }
  }

  private static double number(double place, double least, double most) {
    return least * Math.pow(most / least, place);
  }

  private static double place(double number, double least, double most) {
    if (!Double.isFinite(number)) {
      return Double.NaN;
    }
    return most > least ? Math.max(0, Math.log(number / least) / Math.log(most / least)) : 0;
  }

  /** From 0 to 1; white for what is no number. */
  private static String colour(double place) {
    if (Double.isNaN(place)) {
      return "#ffffff";
    }
    double at = Math.min(1, place) * (COLOURS.length - 1);
    int below = Math.min((int) at, COLOURS.length - 2);
    double share = at - below;
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int from = (COLOURS[below] >> shift) & 0xff;
      int to = (COLOURS[below + 1] >> shift) & 0xff;
      mixed |= (int) Math.round(from + share * (to - from)) << shift;
    }
    return String.format(Locale.ROOT, "#%06x", mixed);
  }

  private static void rectangle(
      StringBuilder svg,
      double x,
      double y,
      double width,
      double height,
      String colour,
      String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"><title>%s</title></rect>\n",
            x,
            y,
            width,
            height,
            colour,
            Html.escape(words)));
  }

  private static void text(StringBuilder svg, String anchor, double x, double y, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            x,
            y,
            anchor,
            Html.escape(words)));
  }
}
