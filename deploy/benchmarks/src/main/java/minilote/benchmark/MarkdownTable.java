package minilote.benchmark;

import java.util.List;
import java.util.stream.Collectors;

/** A table of a Markdown page. */
final class MarkdownTable {
  /** Before the heading of a column of numbers, which are aligned to the right. */
  private static final String NUMBER = "#";

  private final int columns;
  private final StringBuilder text = new StringBuilder();

  /**
   * An empty table.
   *
   * @param headings of the columns; those of numbers begin with {@code #}
   */
  MarkdownTable(String... headings) {
    this.columns = headings.length;
    List<String> all = List.of(headings);
    add(all.stream().map(heading -> heading.replaceFirst("^" + NUMBER, "")).toList());
    add(all.stream().map(heading -> heading.startsWith(NUMBER) ? "---:" : "---").toList());
  }

  /** Adds a row, a cell for each column. */
  MarkdownTable row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "%d cells in a table of %d columns".formatted(cells.length, columns));
    }
    add(List.of(cells));
    return this;
  }

  private void add(List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
