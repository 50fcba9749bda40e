package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Json;
import minilote.datasets.TargetKind;
import minilote.driver.report.Words;

/**
 * What a model says of a file.
 *
 * @param file as the user named it
 * @param answers of classes the three most probable, the most probable first; of labels those that
 *     are more probable than not; of numbers all
 * @param kind what they are
 */
record ImagePrediction(String file, List<Answer> answers, TargetKind kind) {
  private static final int MOST = 3;
  private static final int LONGEST_NAME = 20;
  private static final int LONGEST_FILE = 30;

  /**
   * One of the model's outputs.
   *
   * @param output its number
   * @param name of the class, label or number
   * @param value a probability, or the number
   */
  record Answer(int output, String name, float value) {}

  static ImagePrediction of(String file, List<Answer> all, TargetKind kind) {
    List<Answer> sorted =
        all.stream().sorted(Comparator.comparingDouble(Answer::value).reversed()).toList();
    return new ImagePrediction(
        file,
        switch (kind) {
          case CLASS -> sorted.subList(0, Math.min(MOST, sorted.size()));
          case LABELS -> sorted.stream().filter(answer -> answer.value() > 0.5f).toList();
          case NUMBERS -> all;
        },
        kind);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object().put("file", file);
    for (Answer answer : answers) {
      json.withArray(kind == TargetKind.NUMBERS ? "numbers" : "classes")
          .addObject()
          .put(kind == TargetKind.NUMBERS ? "number" : "class", answer.output())
          .put("name", answer.name())
          .put(kind == TargetKind.NUMBERS ? "value" : "probability", answer.value());
    }
    return json;
  }

  /** Several predictions in at most 80 columns: a line an answer. */
  static String table(List<ImagePrediction> predictions) {
    TextTable table = new TextTable();
    for (ImagePrediction prediction : predictions) {
      String file = shortenPath(prediction.file());
      if (prediction.answers().isEmpty()) {
        table.row(file, "none");
      }
      for (Answer answer : prediction.answers()) {
        table.row(
            file,
            TextTable.shorten(answer.name(), LONGEST_NAME),
            prediction.kind() == TargetKind.NUMBERS
                ? String.format(Locale.ROOT, "%.6g", answer.value())
                : Words.percent((double) answer.value()));
        file = "";
      }
    }
    return table.toString();
  }

  /** Of a long path the end is what tells it from others. */
  private static String shortenPath(String path) {
    return path.length() <= LONGEST_FILE
        ? path
        : "…" + path.substring(path.length() - LONGEST_FILE + 1);
  }
}
