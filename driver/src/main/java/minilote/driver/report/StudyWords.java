package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import minilote.driver.report.RunWords.Row;

/** What a study says, in sentences. */
final class StudyWords {
  private static final int MOST_VALUES = 12;

  private final StudyData data;

  StudyWords(StudyData data) {
    this.data = data;
  }

  /** The network, or how many there are. */
  String network() {
    Set<String> networks = settings("network");
    return networks.size() == 1
        ? networks.iterator().next()
        : Words.count(networks.size(), "network");
  }

  private Set<String> settings(String name) {
    Set<String> values = new LinkedHashSet<>();
    for (JsonNode run : data.json().path("runs")) {
      values.add(setting(name, run.path("settings").path(name)));
    }
    return values;
  }

  private static String setting(String name, JsonNode value) {
    if (name.equals("lanes") && value.asInt() == 0) {
      return "the batch's default";
    }
    if (name.equals("loss")) {
      return value.isNull() ? "follows from the last layer" : RunWords.lossWords(value);
    }
    if (name.equals("validation_patience") && value.asInt() == 0) {
      return "none";
    }
    return RunWords.words(value);
  }

  /** What was compared, and what was equal. */
  List<String> compared() {
    List<String> sentences = new ArrayList<>();
    JsonNode arms = data.json().path("arms");
    for (JsonNode arm : arms) {
      List<String> batches = new ArrayList<>();
      arm.path("batches").forEach(batch -> batches.add("%,d".formatted(batch.asLong())));
      StringBuilder what = new StringBuilder();
      what.append(
          "%s of %s examples, with %s each"
              .formatted(
                  batches.size() == 1 ? "a batch" : "batches",
                  listed(batches),
                  Words.count(arm.path("seeds").size(), "seed")));
      arm.path("varied")
          .properties()
          .forEach(
              option ->
                  what.append(
                      ", and %s %s".formatted(plain(option.getKey()), values(option.getValue()))));
      String name = arm.path("name").asText();
      sentences.add(
          "%s: %s. %s"
              .formatted(
                  name.isEmpty() ? "Compared" : name, what, arm.path("held_equal").asText()));
    }
    return sentences;
  }

  private static String plain(String option) {
    return option.replaceFirst("^--", "").replace('-', ' ');
  }

  private static String values(JsonNode values) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> words.add(value.asText()));
    return listed(words);
  }

  /** "32, 256 and 2,048". */
  private static String listed(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join("; ", words.subList(0, last)).replace("; ", ", ") + " and " + words.get(last);
  }

  /** What of the plan is missing, or went wrong; perhaps nothing. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    int all = 0;
    int ended = 0;
    List<String> diverged = new ArrayList<>();
    for (JsonNode run : data.json().path("runs")) {
      all++;
      ended += StudyData.hasEnded(run) ? 1 : 0;
      if (StudyData.hasDiverged(run)) {
        diverged.add("%s, seed %s".formatted(data.words(run), run.path("seed").asText()));
      }
    }
    if (!data.json().path("finished").asBoolean()) {
      warnings.add(
          "The study is not finished: %d of %s %s left, and figures are of those that have ended."
              .formatted(all - ended, Words.count(all, "run"), all - ended == 1 ? "is" : "are"));
    }
    if (!diverged.isEmpty()) {
      warnings.add(
          "%s diverged and %s left out of means: %s."
              .formatted(
                  Words.count(diverged.size(), "run"),
                  diverged.size() == 1 ? "is" : "are",
                  String.join("; ", diverged)));
    }
    if (!data.json().path("same_numerics").asBoolean(true)) {
      warnings.add(
          "The runs were computed by different engines, libraries or kernels, as their pages say.");
    }
    return warnings;
  }

  /** What came out, in one sentence of means; empty before there is one. */
  String outcome() {
    String judged = data.judged();
    boolean classified = data.isClassified();
    Kind kind = classified ? Kind.SHARE : Kind.LOSS;
    List<StudyCell> cells =
        data.cells().stream()
            .filter(cell -> Double.isFinite(cell.mean(judged)))
            .sorted(Comparator.comparingDouble(cell -> cell.mean(judged)))
            .toList();
    if (cells.isEmpty()) {
      return "";
    }
    StudyCell lowest = cells.get(0);
    StudyCell highest = cells.get(cells.size() - 1);
    String figure = BatchFigures.plain(judged).toLowerCase(Locale.ROOT);
    if (cells.size() == 1) {
      return "Mean %s: %s.".formatted(figure, words(highest, judged, kind));
    }
    return "The highest mean %s is %s (%s), the lowest %s (%s)."
        .formatted(
            figure,
            words(highest, judged, kind),
            highest.words(),
            words(lowest, judged, kind),
            lowest.words());
  }

  private static String words(StudyCell cell, String figure, Kind kind) {
    return kind.words(cell.mean(figure), cell.ci95(figure));
  }

  /** What tests say of differences. */
  List<String> comparisons() {
    List<String> sentences = new ArrayList<>();
    data.json().path("comparisons").forEach(one -> sentences.add(one.path("sentence").asText()));
    return sentences;
  }

  /** What is to be kept in mind of the figures. */
  List<String> cautions() {
    List<String> sentences = new ArrayList<>();
    data.json().path("cautions").forEach(one -> sentences.add(one.asText()));
    return sentences;
  }

  /** What computed it: a sentence for each combination of engine and versions. */
  List<String> computedBy() {
    List<String> sentences = new ArrayList<>();
    data.json()
        .path("computed_by")
        .forEach(by -> sentences.add("Computed by %s.".formatted(RunWords.computedBy(by))));
    return sentences;
  }

  /** What the target is; empty without one. */
  String target() {
    JsonNode target = data.json().path("target");
    if (!target.isObject()) {
      return "";
    }
    String metric = target.path("metric").asText();
    boolean share = metric.endsWith("accuracy");
    return "The end of the first epoch with a %s of %s or %s%s."
        .formatted(
            metric.replace('_', ' ').replaceFirst("^train ", "training "),
            (share ? Kind.SHARE : Kind.LOSS).words(StudyData.number(target, "value")),
            share ? "more" : "less",
            target.path("given").asBoolean() ? "" : ", which is the best that all runs reach");
  }

  /** Settings, those that differ between runs with all that they are. */
  List<Row> settings() {
    List<Row> rows = new ArrayList<>();
    JsonNode first = data.json().path("runs").path(0).path("settings");
    for (String name : (Iterable<String>) first::fieldNames) {
      List<String> values = List.copyOf(settings(name));
      String words =
          values.size() <= MOST_VALUES
              ? String.join(values.stream().anyMatch(v -> v.contains(",")) ? " | " : ", ", values)
              : "%s and %,d others".formatted(values.get(0), values.size() - 1);
      rows.add(new Row(RunWords.plain(name), words, RunWords.meaning(name)));
    }
    return rows;
  }
}
