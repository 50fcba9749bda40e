package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A figure of runs, as tables show it.
 *
 * @param figure its name in {@code study.json}
 * @param title what stands above it
 * @param kind how it is written
 */
record StudyColumn(String figure, String title, Kind kind) {
  /** Names of measures of how sharp a minimum is begin so. */
  static final String SHARPNESS = "sharpness";

  /** The figures that the study's runs have. */
  static List<StudyColumn> of(StudyData data) {
    List<StudyColumn> columns = new ArrayList<>();
    String split = data.has("test_loss") ? "test" : "validation";
    if (data.isClassified()) {
      columns.add(new StudyColumn("train_accuracy", "training accuracy", Kind.SHARE));
      columns.add(new StudyColumn(split + "_accuracy", split + " accuracy", Kind.SHARE));
      columns.add(new StudyColumn("generalization_gap", "gap, points", Kind.POINTS));
    } else {
      columns.add(new StudyColumn("train_loss", "training loss", Kind.LOSS));
      columns.add(new StudyColumn(split + "_loss", split + " loss", Kind.LOSS));
      columns.add(new StudyColumn("generalization_gap", "gap", Kind.LOSS));
    }
    for (String figure : sharpness(data)) {
      if (figure.contains("corner")) {
        continue; // A bound beside each: CSV and JSON have it.
      }
      columns.add(new StudyColumn(figure, sharpnessWords(figure), Kind.BRIEF));
    }
    columns.add(
        new StudyColumn(
            "hessian_largest_eigenvalue", "largest eigenvalue of the Hessian", Kind.BRIEF));
    columns.add(new StudyColumn("hessian_trace", "its trace", Kind.BRIEF));
    columns.add(new StudyColumn("distance", "distance from the start", Kind.BRIEF));
    columns.add(
        new StudyColumn(
            "test_accuracy_by_batch_statistics", "test accuracy by batch statistics", Kind.SHARE));
    columns.add(new StudyColumn("learning_rate", "learning rate", Kind.BRIEF));
    columns.add(new StudyColumn("epochs", "epochs", Kind.COUNT));
    columns.add(new StudyColumn("steps", "updates", Kind.COUNT));
    columns.add(new StudyColumn("steps_to_target", "updates to target", Kind.COUNT));
    columns.add(new StudyColumn("seconds", "seconds", Kind.SECONDS));
    return columns.stream().filter(column -> data.has(column.figure)).toList();
  }

  /** "sharpness, ε = 0.001", where the measure's name ends in a number. */
  static String sharpnessWords(String figure) {
    return figure
        .replaceFirst("^sharpness_corner", "sharpness at the corner")
        .replaceFirst("_([0-9].*)$", ", ε = $1")
        .replace('_', ' ');
  }

  /** The names of the runs' measures of sharpness. */
  static List<String> sharpness(StudyData data) {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode run : data.json().path("runs")) {
      for (String name : (Iterable<String>) run::fieldNames) {
        if (name.startsWith(SHARPNESS) && run.path(name).isNumber()) {
          names.add(name);
        }
      }
    }
    return List.copyOf(names);
  }

  /** Of a run. */
  String of(JsonNode run) {
    return kind.words(StudyData.number(run, figure));
  }

  /** Of a cell: the mean with its 95 % interval. */
  String of(StudyCell cell) {
    return kind.words(cell.mean(figure), cell.ci95(figure));
  }
}
