package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Which learning rates were tried, and which were taken. */
final class TuningTable {
  private final StudyData data;

  TuningTable(StudyData data) {
    this.data = data;
  }

  /**
   * What was tried for a cell.
   *
   * @param cell the cell in words
   * @param tried a rate each, with what came of it
   */
  record Row(String cell, List<Tried> tried) {}

  /**
   * A rate.
   *
   * @param rate the rate
   * @param score accuracy or loss on the validation examples
   * @param chosen whether it was taken
   */
  record Tried(String rate, String score, boolean chosen) {}

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (JsonNode one : data.json().path("tuning")) {
      List<Tried> tried = new ArrayList<>();
      for (JsonNode rate : one.path("tried")) {
        tried.add(tried(rate, one.path("learning_rate")));
      }
      rows.add(new Row(data.words(one.path("cell")), tried));
    }
    return rows;
  }

  private static Tried tried(JsonNode rate, JsonNode chosen) {
    double accuracy = StudyData.number(rate, "validation_accuracy");
    double loss = StudyData.number(rate, "validation_loss");
    double number = StudyData.number(rate, "learning_rate");
    return new Tried(
        Kind.BRIEF.words(number),
        Double.isFinite(accuracy)
            ? Kind.SHARE.words(accuracy)
            : Double.isFinite(loss) ? Kind.LOSS.words(loss) : "no result",
        chosen.isNumber() && chosen.asDouble() == number);
  }
}
