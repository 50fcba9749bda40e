package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of a lesson.
 *
 * @param columns their titles; the first one is of what names a row
 * @param rows as many cells each
 */
public record LessonTable(List<String> columns, List<List<String>> rows) {
  public LessonTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row of %d cells in a table of %d columns: %s"
                .formatted(row.size(), columns.size(), row));
      }
    }
  }

  /** A table without rows. */
  public static LessonTable of(String... columns) {
    return new LessonTable(List.of(columns), List.of());
  }

  /** The same with one more row. */
  public LessonTable with(String... cells) {
    List<List<String>> more = new ArrayList<>(rows);
    more.add(List.of(cells));
    return new LessonTable(columns, more);
  }
}
