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
 */
record StudyCell(JsonNode row, double x, String label, String words, List<JsonNode> runs) {
  StudyCell {
    runs = List.copyOf(runs);
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
