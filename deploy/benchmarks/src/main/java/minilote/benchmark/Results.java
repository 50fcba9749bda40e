package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Json;

/** What was measured, as JSON and as a page. */
final class Results {
  private final Path folder;
  private final Machine machine;
  private final String data;
  private final List<Row> rows;

  Results(Path folder, Machine machine, String data, List<Row> rows) {
    this.folder = folder;
    this.machine = machine;
    this.data = data;
    this.rows = rows;
  }

  /** Writes all files anew. */
  void write() throws IOException {
    ObjectNode json = Json.object();
    json.set("machine", machine.toJson());
    json.put("data", data);
    ArrayNode array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    Files.writeString(folder.resolve("results.json"), Json.pretty(json));
    Files.writeString(folder.resolve("RESULTS.md"), page());
  }

  /** The table alone. */
  String describe() {
    return table();
  }

  private String page() {
    return """
        # Results of deploy/benchmark

        %s; %s. Data: %s.

        %s"""
        .formatted(machine.describe(), machine.describePeak(), data, table());
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| network | batch | Minilote, examples/s | plain loop | libtorch | Minilote/libtorch | Minilote/plain | with checkpoints | whole command |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (Row row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %,.0f | %s | %s | %s | %s | %,.0f | %.0f s |\n",
              row.network(),
              row.batch(),
              row.rate("minilote"),
              rate(row, "plain"),
              rate(row, "libtorch"),
              ratio(row, "libtorch"),
              ratio(row, "plain"),
              row.rateWithCheckpoints("minilote"),
              row.wallSeconds("minilote")));
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
}
