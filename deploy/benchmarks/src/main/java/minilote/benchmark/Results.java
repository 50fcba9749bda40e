package minilote.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Json;

/** What was measured, as JSON, as a page and as a figure. */
final class Results {
  private static final List<String> PEERS = List.of("libtorch", "plain");
  private static final List<String> VARIANTS = List.of("default-lanes", "tree-aggregate", "spread");

  private final Path folder;
  private final Machine machine;
  private final String command;
  private final String data;
  private final List<Row> rows;
  private final List<ObjectNode> perceptrons = new ArrayList<>();
  private final List<ObjectNode> workers = new ArrayList<>();
  private final List<ObjectNode> plans = new ArrayList<>();
  private final List<String> notPlanned = new ArrayList<>();

  /**
   * @param folder for the files
   * @param command how the benchmark was called
   * @param data what the examples are
   * @param rows filled while it runs
   */
  Results(Path folder, Machine machine, String command, String data, List<Row> rows) {
    this.folder = folder;
    this.machine = machine;
    this.command = command;
    this.data = data;
    this.rows = rows;
  }

  /** Adds what {@link TimeToLoss} measured. */
  void addTimesToLoss(List<ObjectNode> measured) {
    perceptrons.addAll(measured);
  }

  /** Adds what {@link Workers} measured. */
  void addWorkers(List<ObjectNode> measured) {
    workers.addAll(measured);
  }

  /** Adds what {@link PlanCheck} found. */
  void addPlans(List<ObjectNode> checked, List<String> skipped) {
    plans.addAll(checked);
    notPlanned.addAll(skipped);
  }

  /** Writes all files anew. */
  void write() throws IOException {
    ObjectNode json = Json.object();
    json.set("machine", machine.toJson());
    json.put("command", command);
    json.put("data", data);
    ArrayNode array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    json.putArray("time_to_loss").addAll(perceptrons);
    json.putArray("workers").addAll(workers);
    json.putArray("plans").addAll(plans);
    Files.writeString(folder.resolve("results.json"), Json.pretty(json));
    Files.writeString(folder.resolve("RESULTS.md"), page());
    List<String> drawn = PEERS.stream().filter(this::isThere).toList();
    if (!drawn.isEmpty()) {
      Files.writeString(folder.resolve("figure.svg"), new Figure(rows, drawn).toSvg());
    }
  }

  private boolean isThere(String contender) {
    return rows.stream().anyMatch(row -> row.has(contender));
  }

  private String page() {
    return """
        # Results of deploy/benchmark

        %s. %s. Data: %s.

        ```sh
        %s
        ```

        %s"""
        .formatted(machine.describe(), machine.describePeak(), data, command, tables());
  }

  /** All tables. */
  String tables() {
    StringBuilder tables = new StringBuilder();
    if (!rows.isEmpty()) {
      tables.append(peers());
    }
    if (VARIANTS.stream().anyMatch(this::isThere)) {
      tables.append("\n").append(variants());
    }
    if (!perceptrons.isEmpty()) {
      tables.append("\n").append(timesToLoss());
    }
    if (!workers.isEmpty()) {
      tables.append("\n").append(twoWorkers());
    }
    if (!plans.isEmpty()) {
      tables.append("\n").append(predictions());
    }
    return tables.toString();
  }

  private String peers() {
    StringBuilder table =
        new StringBuilder(
            """
            | network | batch | Minilote | libtorch | plain loop | Minilote / libtorch | Minilote / plain loop | losses differ by | with checkpoints | whole command |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %,.0f | %s | %s | %s | %s | %s | %,.0f | %.0f s |\n",
              row.network(),
              row.batch(),
              row.rate(Row.MINILOTE),
              rate(row, "libtorch"),
              rate(row, "plain"),
              ratio(row, "libtorch"),
              ratio(row, "plain"),
              row.has("libtorch")
                  ? String.format(Locale.ROOT, "%.1g %%", 100 * row.lossDifference("libtorch"))
                  : "",
              row.rateWithCheckpoints(Row.MINILOTE),
              row.wallSeconds(Row.MINILOTE)));
    }
    return table.toString();
  }

  private static String rate(Row row, String peer) {
    return row.has(peer) ? String.format(Locale.ROOT, "%,.0f", row.rate(peer)) : "";
  }

  private static String ratio(Row row, String peer) {
    if (!row.has(peer)) {
      return "";
    }
    return row.isValid(peer)
        ? String.format(Locale.ROOT, "%.2f×", row.ratio(peer))
        : "invalid: not the same work";
  }

  private String variants() {
    StringBuilder table =
        new StringBuilder(
            """
            | network | batch | Minilote, examples/s | default lanes | tree aggregate | spread | default lanes / lanes = slots | time of tree aggregate / Minilote's | spread / whole |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %,.0f | %s | %s | %s | %s | %s | %s |\n",
              row.network(),
              row.batch(),
              row.rate(Row.MINILOTE),
              rate(row, "default-lanes"),
              rate(row, "tree-aggregate"),
              rate(row, "spread"),
              inverse(row, "default-lanes"),
              ratio(row, "tree-aggregate"),
              inverse(row, "spread")));
    }
    return table.toString();
  }

  /** A variant's rate over Minilote's. */
  private static String inverse(Row row, String variant) {
    return row.has(variant) ? String.format(Locale.ROOT, "%.2f×", 1 / row.ratio(variant)) : "";
  }

  private String timesToLoss() {
    StringBuilder table =
        new StringBuilder(
            """
            | network | MLPC | its time | its training loss | Minilote below it after | Minilote is faster | Minilote's options |
            | --- | --- | ---: | ---: | ---: | ---: | --- |
            """);
    for (JsonNode result : perceptrons) {
      boolean reached = result.has("times_as_fast");
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s, %d iterations | %.1f s | %.4f | %s | %s | `%s` |\n",
              result.path("network").asText(),
              result.path("solver").asText(),
              result.path("iterations").asInt(),
              result.path("seconds").asDouble(),
              result.path("training_loss").asDouble(),
              reached
                  ? String.format(
                      Locale.ROOT,
                      "%.1f s, %d epochs",
                      result.path("minilote_seconds").asDouble(),
                      result.path("minilote_epochs").asInt())
                  : "not reached",
              reached
                  ? String.format(Locale.ROOT, "%.1f×", result.path("times_as_fast").asDouble())
                  : "",
              result.path("minilote_options").asText()));
    }
    return table.toString();
  }

  private String twoWorkers() {
    StringBuilder table =
        new StringBuilder(
            """
            | network | batch | one worker, examples/s | two workers | two / one | one plain loop | two at once | two / one |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (JsonNode result : workers) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %,.0f | %,.0f | %.2f× | %,.0f | %,.0f | %.2f× |\n",
              result.path("network").asText(),
              result.path("batch").asInt(),
              result.path("one_worker").asDouble(),
              result.path("two_workers").asDouble(),
              result.path("workers_ratio").asDouble(),
              result.path("one_loop").asDouble(),
              result.path("two_loops").asDouble(),
              result.path("loops_ratio").asDouble()));
    }
    return table.toString();
  }

  private String predictions() {
    StringBuilder table =
        new StringBuilder(
            """
            | network | batch | cluster | a step predicted | measured | error |
            | --- | ---: | --- | ---: | ---: | ---: |
            """);
    for (JsonNode result : plans) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %s | %.1f ms | %.1f ms | %+.0f %% |\n",
              result.path("network").asText(),
              result.path("batch").asInt(),
              result.path("cluster").asText(),
              1e3 * result.path("predicted_seconds").asDouble(),
              1e3 * result.path("measured_seconds").asDouble(),
              100 * result.path("error").asDouble()));
    }
    notPlanned.forEach(reason -> table.append("\nSkipped: ").append(reason).append("\n"));
    return table.toString();
  }
}
