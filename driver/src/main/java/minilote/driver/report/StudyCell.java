package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Runs that differ in nothing but their seed, and their row of the table.
 *
 * @param row the row
 * @param x where it lies across figures
 * @param label what it is called among others of its group
 * @param words what it is called among all
 * @param runs those that have ended and have not diverged
 * @param diverged those that have
 */
record StudyCell(
    JsonNode row,
    double x,
    String label,
    String words,
    List<JsonNode> runs,
    List<JsonNode> diverged) {
  StudyCell {
    runs = List.copyOf(runs);
    diverged = List.copyOf(diverged);
  }

  /** Whose curves are drawn: where all have diverged, how they did so is what there is to see. */
  List<JsonNode> drawn() {
    return runs.isEmpty() ? diverged : runs;
  }

  /** A mean over the runs; NaN where there is none. */
  double mean(String figure) {
    return StudyData.number(row, figure + "_mean");
  }

  /** Half the width of the mean's 95 % interval; NaN where there is none. */
  double ci95(String figure) {
    return StudyData.number(row, figure + "_ci95");
  }
}
