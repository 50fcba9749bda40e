package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The tables of a study: as the page shows them, as CSV with all digits, and as Markdown. */
final class StudyTables {
  private final StudyData data;
  private final List<StudyColumn> columns;

  StudyTables(StudyData data) {
    this.data = data;
    this.columns = StudyColumn.of(data);
  }

  /** The columns of cells: what they are, how many runs, figures. */
  List<String> titles() {
    List<String> titles = identityTitles();
    titles.add("runs");
    columns.forEach(column -> titles.add(column.title()));
    return titles;
  }

  private List<String> identityTitles() {
    return data.identity().stream()
        .map(field -> field.replace('-', ' '))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** The cells, in the order of {@link #titles}. */
  List<List<String>> rows() {
    return data.cells().stream().map(this::row).toList();
  }

  private List<String> row(StudyCell cell) {
    List<String> row = identity(cell.row());
    int diverged = cell.row().path("diverged").asInt();
    row.add(
        cell.row().path("runs").asText()
            + (diverged > 0 ? " (%d diverged)".formatted(diverged) : ""));
    columns.forEach(column -> row.add(column.of(cell)));
    return row;
  }

  private List<String> identity(JsonNode of) {
    return data.identity().stream()
        .map(field -> value(of.path(field)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static String value(JsonNode value) {
    return value.isIntegralNumber() ? "%,d".formatted(value.asLong()) : value.asText();
  }

  /**
   * A run in the table of all.
   *
   * @param names what it is
   * @param figures its figures; none where it has not ended
   * @param ending why there are none; else empty
   * @param link its page, from the study's folder; empty where there is none
   */
  record Run(List<String> names, List<String> figures, String ending, String link) {}

  /** The columns of runs: what they are, and their figures. */
  List<String> runTitles() {
    List<String> titles = identityTitles();
    titles.add("seed");
    columns.forEach(column -> titles.add(column.title()));
    return titles;
  }

  int figureCount() {
    return Math.max(1, columns.size());
  }

  /** All runs, in the plan's order. */
  List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (JsonNode run : data.json().path("runs")) {
      List<String> names = identity(run);
      names.add(run.path("seed").asText());
      boolean plain = StudyData.hasEnded(run) && !StudyData.hasDiverged(run);
      runs.add(
          new Run(
              names,
              plain ? columns.stream().map(column -> column.of(run)).toList() : List.of(),
              plain ? "" : StudyData.hasDiverged(run) ? "diverged" : "not yet",
              StudyData.hasEnded(run) ? run.path("folder").asText() + "/report.html" : ""));
    }
    return runs;
  }

  /** The table by batch with all digits and all figures of {@code study.json}. */
  String byBatchCsv() {
    List<JsonNode> rows = new ArrayList<>();
    data.json().path("table").forEach(rows::add);
    return csv(rows);
  }

  /** All runs, likewise; without their settings. */
  String runsCsv() {
    List<JsonNode> rows = new ArrayList<>();
    data.json().path("runs").forEach(rows::add);
    return csv(rows);
  }

  private static String csv(Collection<JsonNode> objects) {
    Set<String> fields = new LinkedHashSet<>();
    for (JsonNode object : objects) {
      object
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isContainerNode()) {
                  fields.add(field.getKey());
                }
              });
    }
    StringWriter text = new StringWriter();
    try (CSVPrinter csv = new CSVPrinter(text, CSVFormat.RFC4180)) {
      csv.printRecord(fields);
      for (JsonNode object : objects) {
        List<String> values = new ArrayList<>();
        for (String field : fields) {
          JsonNode value = object.path(field);
          values.add(value.isNull() || value.isMissingNode() ? "" : value.asText());
        }
        csv.printRecord(values);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The table by batch as the page has it. */
  String byBatchMarkdown() {
    return markdown(titles(), data.identity().size(), rows());
  }

  /**
   * A table.
   *
   * @param names how many columns, from the first, hold names
   */
  static String markdown(List<String> titles, int names, List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    line(text, titles);
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      rules.add(i < names ? "---" : "---:");
    }
    line(text, rules);
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ")
        .append(
            cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")))
        .append(" |\n");
  }
}
