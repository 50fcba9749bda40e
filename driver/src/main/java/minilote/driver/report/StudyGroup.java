package minilote.driver.report;

import java.util.List;
import java.util.Locale;

/**
 * Cells that one line of a figure goes through.
 *
 * @param name what tells them from others; empty where there are no others
 * @param cells in the order of their place across
 */
record StudyGroup(String name, List<StudyCell> cells) {
  StudyGroup {
    cells = List.copyOf(cells);
  }

  /** What tells its files from those of other groups. */
  String suffix() {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    return plain.isEmpty() ? "" : "-" + plain;
  }
}
