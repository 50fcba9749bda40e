package minilote.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * Rates of Minilote over those of its peers, a group of bars for each network and batch, as SVG.
 * Written out here because plotting libraries need fonts on the machine and turn letters into
 * outlines.
 */
final class Figure {
  private static final int GROUP = 74;
  private static final int LEGEND = 150;
  private static final int BAR = 20;
  private static final int LEFT = 50;
  private static final int TOP = 34;
  private static final int PLOT = 220;
  private static final int BOTTOM = 50;
  private static final List<String> COLOURS = List.of("#2a6f97", "#e09f3e", "#7a7a7a");

  private final List<Row> rows;
  private final List<String> peers;
  private final int tallest;

  /**
   * @param peers the bars of each group
   */
  Figure(List<Row> rows, List<String> peers) {
    this.rows = rows;
    this.peers = peers;
    double largest = 1;
    for (Row row : rows) {
      for (String peer : peers) {
        if (row.isValid(peer) && row.has(peer)) {
          largest = Math.max(largest, row.ratio(peer));
        }
      }
    }
    this.tallest = (int) Math.ceil(largest);
  }

  /** The file's text. */
  String toSvg() {
    int width = LEFT + GROUP * rows.size() + 20;
    int height = TOP + PLOT + BOTTOM;
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        width,
        height);
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, height);
    for (int quarter = 0; quarter <= 4 * tallest; quarter += tallest > 2 ? 4 : 1) {
      double ratio = quarter / 4.0;
      // Where both are as fast.
      String colour = quarter == 4 ? "#333333" : "#dddddd";
      add(
          svg,
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
          LEFT,
          width - 20,
          y(ratio),
          y(ratio),
          colour);
      text(svg, LEFT - 6, y(ratio) + 4, "end", String.format(Locale.ROOT, "%.2f×", ratio));
    }
    for (int i = 0; i < rows.size(); i++) {
      group(svg, rows.get(i), LEFT + GROUP * i);
    }
    for (int i = 0; i < peers.size(); i++) {
      int x = LEFT + LEGEND * i;
      add(
          svg,
          "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/>",
          x,
          COLOURS.get(i));
      String one = Row.counterpart(peers.get(i)).equals(Row.MINILOTE) ? "Minilote" : Row.PORTABLE;
      text(svg, x + 18, 20, "start", one + " / " + peers.get(i));
    }
    return svg.append("</svg>\n").toString();
  }

  private void group(StringBuilder svg, Row row, int x) {
    for (int i = 0; i < peers.size(); i++) {
      String peer = peers.get(i);
      if (!row.has(peer) || !row.isValid(peer)) {
        continue;
      }
      double ratio = row.ratio(peer);
      add(
          svg,
          "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"><title>%s at %d: %.2f× %s</title></rect>",
          x + 6 + BAR * i,
          y(ratio),
          BAR,
          y(0) - y(ratio),
          COLOURS.get(i),
          row.network(),
          row.batch(),
          ratio,
          peer);
    }
    int middle = x + 6 + BAR * peers.size() / 2;
    text(svg, middle, TOP + PLOT + 18, "middle", String.valueOf(row.batch()));
    text(svg, middle, TOP + PLOT + 36, "middle", row.network().name());
  }

  private double y(double ratio) {
    return TOP + PLOT * (1 - ratio / tallest);
  }

  private static void text(StringBuilder svg, int x, double y, String anchor, String words) {
    add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, words);
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
