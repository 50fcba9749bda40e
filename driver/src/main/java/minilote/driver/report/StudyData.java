package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The content of {@code study.json}, and the epochs of its runs, in the order of figures. */
final class StudyData {
  private static final String ARM = "arm";
  private static final String BATCH = "batch";
  private static final int MOST_CURVES = 6;

  private final JsonNode study;
  private final Map<String, List<JsonNode>> epochs;
  private final List<String> varied;
  private final Across across;
  private final List<StudyGroup> groups;

  /**
   * @param study the content of {@code study.json}
   * @param epochs by a run's key, the lines of its {@code metrics.jsonl} that end an epoch
   */
  StudyData(JsonNode study, Map<String, List<JsonNode>> epochs) {
    this.study = study;
    this.epochs = epochs;
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode arm : study.path("arms")) {
      arm.path("varied").fieldNames().forEachRemaining(option -> names.add(option.substring(2)));
    }
    varied = List.copyOf(names);
    across = acrossOf();
    groups = grouped();
  }

  /** A number of an object; NaN where there is none. */
  static double number(JsonNode object, String field) {
    return number(object.path(field));
  }

  /** A number; NaN where it is none. */
  static double number(JsonNode value) {
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }

  JsonNode json() {
    return study;
  }

  Across across() {
    return across;
  }

  private Across acrossOf() {
    List<Double> batches = distinct(BATCH);
    JsonNode table = study.path("table");
    if (batches.size() > 1 || table.size() <= 1) {
      return Across.batches(batches.isEmpty() ? List.of(1.0) : batches);
    }
    for (String option : varied) {
      List<Double> values = distinct(option);
      if (values.size() > 1 && values.stream().allMatch(Double::isFinite)) {
        return Across.option(option, values);
      }
    }
    List<String> words = new ArrayList<>();
    table.forEach(row -> words.add(words(row, Set.of(BATCH))));
    return Across.names(words);
  }

  /** The values of a field in the table, increasing; with NaN among them where one is no number. */
  private List<Double> distinct(String field) {
    Set<Double> values = new TreeSet<>();
    study.path("table").forEach(row -> values.add(value(row, field)));
    return List.copyOf(values);
  }

  private static double value(JsonNode row, String field) {
    try {
      return Double.parseDouble(row.path(field).asText());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** What tells cells apart: fields of rows and runs, those that are there. */
  List<String> identity() {
    List<String> identity = new ArrayList<>();
    if (study.path("arms").size() > 1) {
      identity.add(ARM);
    }
    identity.add(BATCH);
    identity.addAll(varied);
    return identity;
  }

  /** "batch 128, learning-rate 0.1". */
  String words(JsonNode row) {
    return words(row, Set.of());
  }

  private String words(JsonNode row, Set<String> without) {
    List<String> words = new ArrayList<>();
    for (String field : identity()) {
      JsonNode value = row.path(field);
      if (without.contains(field) || value.isMissingNode()) {
        continue;
      }
      words.add(field.equals(ARM) ? value.asText() : label(field, value));
    }
    return String.join(", ", words);
  }

  private static String label(String field, JsonNode value) {
    return field.equals(BATCH)
        ? "batch %,d".formatted(value.asLong())
        : field.replace('-', ' ') + " " + value.asText();
  }

  private List<StudyGroup> grouped() {
    Map<String, List<StudyCell>> byName = new LinkedHashMap<>();
    int index = 0;
    for (JsonNode row : study.path("table")) {
      String name = across.isNames() ? "" : words(row, Set.of(across.field()));
      double x = across.isNames() ? index : value(row, across.field());
      String label =
          across.isNames()
              ? words(row, Set.of(BATCH))
              : label(across.field(), row.path(across.field()));
      byName
          .computeIfAbsent(name, unused -> new ArrayList<>())
          .add(new StudyCell(row, x, label, words(row), runs(row, false), runs(row, true)));
      index++;
    }
    List<StudyGroup> found = new ArrayList<>();
    byName.forEach(
        (name, cells) -> {
          cells.sort(Comparator.comparingDouble(StudyCell::x));
          found.add(new StudyGroup(byName.size() > 1 ? name : "", cells));
        });
    return found;
  }

  private List<JsonNode> runs(JsonNode row, boolean diverged) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode run : study.path("runs")) {
      boolean same = identity().stream().allMatch(field -> row.path(field).equals(run.path(field)));
      if (same && hasEnded(run) && hasDiverged(run) == diverged) {
        found.add(run);
      }
    }
    return found;
  }

  static boolean hasEnded(JsonNode run) {
    return run.path("folder").isTextual();
  }

  static boolean hasDiverged(JsonNode run) {
    return run.path("diverged").isTextual();
  }

  List<StudyGroup> groups() {
    return groups;
  }

  List<StudyCell> cells() {
    return groups.stream().flatMap(group -> group.cells().stream()).toList();
  }

  /**
   * What shares a chart of curves: all cells, where they can still be told apart; else those of a
   * group.
   */
  List<StudyGroup> charts() {
    return isTogether() ? List.of(new StudyGroup("", cells())) : groups;
  }

  private boolean isTogether() {
    return groups.size() > 1 && cells().size() <= MOST_CURVES;
  }

  /** Which colour and mark a cell has among those of its chart. */
  int index(StudyCell cell) {
    return isTogether() ? cells().indexOf(cell) : across.index(cell.x());
  }

  /** What a cell is called among those of its chart. */
  String name(StudyCell cell) {
    return isTogether() ? cell.words() : cell.label();
  }

  /** A run's lines at the ends of epochs. */
  List<JsonNode> epochs(JsonNode run) {
    return epochs.getOrDefault(run.path("key").asText(), List.of());
  }

  /** Whether the targets are classes; else they are numbers, and there is a loss alone. */
  boolean isClassified() {
    return has("train_accuracy");
  }

  /** Whether a run has this figure. */
  boolean has(String figure) {
    for (JsonNode run : study.path("runs")) {
      if (run.path(figure).isNumber()) {
        return true;
      }
    }
    return false;
  }

  /** The examples that runs are judged by: of the test split or, without one, of validation. */
  String split() {
    return has("test_loss") ? "test" : has("validation_loss") ? "validation" : "train";
  }

  /** The figure that they are judged by: accuracy, or loss. */
  String judged() {
    return split() + (isClassified() ? "_accuracy" : "_loss");
  }

  /** How many seeds cells have, at most, by now. */
  int seeds() {
    return cells().stream().mapToInt(cell -> cell.runs().size()).max().orElse(0);
  }
}
