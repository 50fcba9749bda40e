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
  private static final List<String> PEERS = List.of("libtorch", Row.PORTABLE, Row.PLAIN);
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
    notPlanned.forEach(reason -> tables.append("\nSkipped: ").append(reason).append("\n"));
    return tables.toString();
  }

  private MarkdownTable peers() {
    MarkdownTable table =
        new MarkdownTable(
            "network",
            "#batch",
            "#Minilote",
            "#Minilote, portable",
            "#libtorch",
            "#plain loop",
            "#Minilote / libtorch",
            "#Minilote / Minilote, portable",
            "#Minilote, portable / plain loop",
            "#losses differ by",
            "#with checkpoints",
            "#whole command");
    for (Row row : rows) {
      table.row(
          row.network().name(),
          String.valueOf(row.batch()),
          rate(row, Row.MINILOTE),
          rate(row, Row.PORTABLE),
          rate(row, "libtorch"),
          rate(row, Row.PLAIN),
          ratio(row, "libtorch"),
          ratio(row, Row.PORTABLE),
          ratio(row, Row.PLAIN),
          row.has("libtorch") ? text("%.1g %%", 100 * row.lossDifference("libtorch")) : "",
          text("%,.0f", row.rateWithCheckpoints(Row.MINILOTE)),
          text("%.0f s", row.wallSeconds(Row.MINILOTE)));
    }
    return table;
  }

  private static String rate(Row row, String peer) {
    return row.has(peer) ? text("%,.0f", row.rate(peer)) : "";
  }

  private static String ratio(Row row, String peer) {
    if (!row.has(peer)) {
      return "";
    }
    return row.isValid(peer) ? times(row.ratio(peer)) : "invalid: not the same work";
  }

  private MarkdownTable variants() {
    MarkdownTable table =
        new MarkdownTable(
            "network",
            "#batch",
            "#Minilote, examples/s",
            "#default lanes",
            "#tree aggregate",
            "#spread",
            "#default lanes / lanes = slots",
            "#time of tree aggregate / Minilote's",
            "#spread / whole");
    for (Row row : rows) {
      table.row(
          row.network().name(),
          String.valueOf(row.batch()),
          rate(row, Row.MINILOTE),
          rate(row, "default-lanes"),
          rate(row, "tree-aggregate"),
          rate(row, "spread"),
          inverse(row, "default-lanes"),
          ratio(row, "tree-aggregate"),
          inverse(row, "spread"));
    }
    return table;
  }

  /** A variant's rate over Minilote's. */
  private static String inverse(Row row, String variant) {
    return row.has(variant) ? times(1 / row.ratio(variant)) : "";
  }

  private MarkdownTable timesToLoss() {
    MarkdownTable table =
        new MarkdownTable(
            "network",
            "MLPC",
            "#its time",
            "#its training loss",
            "#Minilote below it after",
            "#Minilote is faster",
            "Minilote's options");
    for (JsonNode result : perceptrons) {
      boolean reached = result.has("times_as_fast");
      table.row(
          result.path("network").asText(),
          text("%s, %d iterations", result.path("solver").asText(), integer(result, "iterations")),
          text("%.1f s", number(result, "seconds")),
          text("%.4g", number(result, "training_loss")),
          reached
              ? text(
                  "%.1f s, %d epochs",
                  number(result, "minilote_seconds"), integer(result, "minilote_epochs"))
              : "not reached",
          reached ? text("%.1f×", number(result, "times_as_fast")) : "",
          "`" + result.path("minilote_options").asText() + "`");
    }
    return table;
  }

  private MarkdownTable twoWorkers() {
    MarkdownTable table =
        new MarkdownTable(
            "network",
            "#batch",
            "#one worker, examples/s",
            "#two workers",
            "#two / one",
            "#one plain loop",
            "#two at once",
            "#two / one");
    for (JsonNode result : workers) {
      table.row(
          result.path("network").asText(),
          String.valueOf(integer(result, "batch")),
          text("%,.0f", number(result, "one_worker")),
          text("%,.0f", number(result, "two_workers")),
          times(number(result, "workers_ratio")),
          text("%,.0f", number(result, "one_loop")),
          text("%,.0f", number(result, "two_loops")),
          times(number(result, "loops_ratio")));
    }
    return table;
  }

  private MarkdownTable predictions() {
    MarkdownTable table =
        new MarkdownTable(
            "network", "#batch", "cluster", "#a step predicted", "#measured", "#error");
    for (JsonNode result : plans) {
      table.row(
          result.path("network").asText(),
          String.valueOf(integer(result, "batch")),
          result.path("cluster").asText(),
          text("%.1f ms", 1e3 * number(result, "predicted_seconds")),
          text("%.1f ms", 1e3 * number(result, "measured_seconds")),
          text("%+.0f %%", 100 * number(result, "error")));
    }
    return table;
  }

  private static double number(JsonNode result, String name) {
    return result.path(name).asDouble();
  }

  private static int integer(JsonNode result, String name) {
    return result.path(name).asInt();
  }

  private static String times(double ratio) {
    return text("%.2f×", ratio);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
