package minilote.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.driver.report.Words;
import minilote.driver.study.Study;
import minilote.trainer.run.RunFolder;
import org.apache.hadoop.fs.Path;

/** How a study ended, as a table for a terminal. */
final class StudyText {
  private static final double PERCENT = 100;

  /** Columns, from the last one on, that others can stand without. */
  private static final int LEAST_NEEDED = 3;

  private StudyText() {}

  /**
   * The table and the comparisons.
   *
   * @param study the content of {@code study.json}
   */
  static String of(JsonNode study, Path folder) {
    boolean classified = isThere(study, "train_accuracy_mean");
    List<String> parts = new ArrayList<>();
    parts.add(table(study, classified));
    JsonNode target = study.path("target");
    StringBuilder sentences = new StringBuilder();
    for (JsonNode arm : study.path("arms")) {
      String name = arm.path("name").asText();
      sentence(sentences, (name.isEmpty() ? "" : name + ": ") + arm.path("held_equal").asText());
    }
    if (target.isObject()) {
      sentence(
          sentences,
          "To target: updates until %s is %s%s."
              .formatted(
                  target.path("metric").asText().replace('_', ' '),
                  classified
                      ? Words.percent(target.path("value").asDouble())
                      : Words.number(target.path("value").asDouble()),
                  target.path("given").asBoolean() ? "" : ", the best that all runs reach"));
    }
    for (JsonNode comparison : study.path("comparisons")) {
      sentence(sentences, comparison.path("sentence").asText());
    }
    for (JsonNode caution : study.path("cautions")) {
      sentence(sentences, caution.asText());
    }
    parts.add(sentences.toString().stripTrailing());
    if (study.has("published")) {
      parts.add(published(study.path("published")));
    }
    parts.add(
        "report   %s\nnumbers  %s"
            .formatted(new Path(folder, RunFolder.REPORT), new Path(folder, Study.FILE)));
    return String.join("\n\n", parts);
  }

  /** Without its last columns where a terminal does not have room for them. */
  private static String table(JsonNode study, boolean classified) {
    String table = "";
    for (int left = 0; left <= LEAST_NEEDED; left++) {
      table = table(study, classified, left);
      if (table.lines().allMatch(line -> line.length() < Terminal.WIDTH)) {
        break;
      }
    }
    return table;
  }

  private static String table(JsonNode study, boolean classified, int without) {
    String figure = classified ? "accuracy" : "loss";
    String unseen =
        isThere(study, "test_" + figure + "_mean") || !isThere(study, "validation_loss_mean")
            ? "test"
            : "validation";
    TextTable table = new TextTable("lrr");
    List<String> head =
        List.of("", "runs", "training", unseen, "± 95 %", "gap", "updates", "to target", "seconds");
    table.row(head.subList(0, head.size() - without));
    for (JsonNode row : study.path("table")) {
      List<String> cells =
          List.of(
              name(row),
              row.path("runs").asText()
                  + (row.path("diverged").asInt() > 0
                      ? " (%d diverged)".formatted(row.path("diverged").asInt())
                      : ""),
              value(row.path("train_" + figure + "_mean"), classified),
              value(row.path(unseen + "_" + figure + "_mean"), classified),
              value(row.path(unseen + "_" + figure + "_ci95"), classified),
              value(row.path("generalization_gap_mean"), classified),
              count(row.path("steps_mean")),
              count(row.path("steps_to_target_mean")),
              count(row.path("seconds_mean")));
      table.row(cells.subList(0, cells.size() - without));
    }
    return table.toString();
  }

  /** Whether a row of the table has the figure; those whose runs have all diverged have none. */
  private static boolean isThere(JsonNode study, String figure) {
    for (JsonNode row : study.path("table")) {
      if (row.path(figure).isNumber()) {
        return true;
      }
    }
    return false;
  }

  private static String published(JsonNode published) {
    String source = TextTable.wrap(published.path("source").asText(), Terminal.WIDTH - 1, "");
    if (published.path("figures").isEmpty()) {
      return source;
    }
    TextTable table = new TextTable("llrrr");
    table.row("batch", "figure", "published", "own", "± 95 %");
    for (JsonNode figure : published.path("figures")) {
      String name = figure.path("figure").asText();
      boolean share = name.contains("accuracy");
      table.row(
          (figure.path("arm").asText() + " " + figure.path("batch").asText()).strip(),
          name.replace('_', ' '),
          value(figure.path("published"), share)
              + (figure.path("published_plus_minus").isNumber()
                  ? " ± " + value(figure.path("published_plus_minus"), share)
                  : ""),
          value(figure.path("own"), share),
          value(figure.path("own_ci95"), share));
    }
    return source
        + (published.path("small").asBoolean()
            ? "\nThis is the small form: its figures are not comparable with the published ones."
            : "")
        + "\n\n"
        + table;
  }

  private static void sentence(StringBuilder sentences, String text) {
    sentences.append(TextTable.wrap(text, Terminal.WIDTH - 1, "  ")).append('\n');
  }

  private static String name(JsonNode row) {
    StringBuilder name = new StringBuilder(row.path("arm").asText());
    for (String field : (Iterable<String>) row::fieldNames) {
      if (field.equals("runs")) {
        break; // Figures follow.
      }
      if (!field.equals("arm")) {
        name.append(name.length() == 0 ? "" : ", ")
            .append(field.equals("batch") ? "" : field + " ")
            .append(row.path(field).asText());
      }
    }
    return name.toString();
  }

  private static String value(JsonNode value, boolean share) {
    if (!value.isNumber()) {
      return "–";
    }
    return String.format(
        Locale.ROOT, share ? "%.2f" : "%.4f", value.asDouble() * (share ? PERCENT : 1));
  }

  private static String count(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%,.0f", value.asDouble()) : "–";
  }
}
