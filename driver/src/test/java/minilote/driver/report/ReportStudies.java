package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;

/** What studies leave, for tests of reports: one arm, batches and seeds as wanted. */
final class ReportStudies {
  private static final int EPOCHS = 4;

  private final ObjectNode json = Json.object();
  private final Map<String, List<JsonNode>> epochs = new LinkedHashMap<>();
  private final List<ObjectNode> runs = new ArrayList<>();

  /** An arm of classes, or of numbers, that has ended. */
  static ReportStudies of(boolean classified, int seeds, int... batches) {
    ReportStudies study = new ReportStudies();
    study.begin(seeds, batches);
    for (int seed = 0; seed < seeds; seed++) {
      for (int batch : batches) {
        study.run(classified, batch, seed);
      }
    }
    return study.summarized();
  }

  private void begin(int seeds, int... batches) {
    json.put("data", "mnist").put("data_sha256", "872b3767");
    ObjectNode arm = json.putArray("arms").addObject().put("name", "");
    arm.putObject("options").put("--data", "/data/mnist");
    for (int batch : batches) {
      arm.withArray("/batches").add(batch);
    }
    for (int seed = 0; seed < seeds; seed++) {
      arm.withArray("/seeds").add(seed);
    }
    arm.putObject("varied");
    arm.put("held_equal", "Runs of all batches take as many epochs, with the same learning rate.");
    json.put("finished", true);
    json.putObject("target")
        .put("metric", "validation_accuracy")
        .put("value", 0.9)
        .put("given", true);
    json.put("same_numerics", true);
    ObjectNode by = json.putArray("computed_by").addObject();
    by.putObject("versions").put("minilote", "0.1").put("java", "17.0.15");
    ObjectNode numerics = by.putObject("numerics").put("engine", "native");
    numerics.put("architecture", "amd64");
    numerics.putObject("onednn").put("name", "oneDNN 3.11.0").put("kernel", "AVX2");
  }

  private void run(boolean classified, int batch, int seed) {
    double loss = 0.05 + batch / 10_000.0 + seed / 100.0;
    String key = "key-%d-%d".formatted(batch, seed);
    ObjectNode run = Json.object().put("key", key).put("batch", batch).put("seed", (long) seed);
    run.put("folder", "runs/" + key).putNull("diverged");
    run.put("train_loss", loss).put("test_loss", 1.5 * loss);
    if (classified) {
      run.put("train_accuracy", 1 - loss / 3).put("test_accuracy", 1 - loss / 2);
    }
    run.put("generalization_gap", classified ? loss / 2 - loss / 3 : loss / 2);
    run.put("learning_rate", 0.01).put("epochs", (double) EPOCHS);
    run.put("steps", EPOCHS * 6144.0 / batch).put("seconds", 2.5 + seed);
    run.put("steps_to_target", 2.0 * 6144 / batch).put("seconds_to_target", 1.25 + seed);
    run.putObject("settings")
        .put("data", "file:/data/mnist")
        .put("network", "dense 32 relu, dense 10 softmax")
        .put("batch", batch)
        .put("seed", seed);
    runs.add(run);
    List<JsonNode> lines = new ArrayList<>();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      ObjectNode line = Json.object().put("epoch", epoch).put("step", epoch * 6144 / batch);
      line.put("train_loss", loss * (1 + 3.0 / epoch));
      if (classified) {
        line.put("train_accuracy", 1 - loss / epoch);
      }
      lines.add(line);
    }
    epochs.put(key, lines);
  }

  /** The table by batch, from the runs that have not diverged. */
  private ReportStudies summarized() {
    Map<Integer, List<ObjectNode>> byBatch = new LinkedHashMap<>();
    runs.forEach(
        run -> byBatch.computeIfAbsent(run.get("batch").asInt(), b -> new ArrayList<>()).add(run));
    ArrayNode table = json.putArray("table");
    byBatch.forEach(
        (batch, all) -> {
          List<ObjectNode> ended =
              all.stream()
                  .filter(run -> run.get("folder").isTextual() && run.get("diverged").isNull())
                  .toList();
          ObjectNode row = table.addObject().put("batch", batch).put("runs", ended.size());
          row.put("diverged", all.stream().filter(run -> run.get("diverged").isTextual()).count());
          if (!ended.isEmpty()) {
            summarize(row, ended);
          }
        });
    json.putArray("comparisons");
    ArrayNode each = json.putArray("runs");
    runs.forEach(each::add);
    return this;
  }

  private static void summarize(ObjectNode row, List<ObjectNode> ended) {
    for (Map.Entry<String, JsonNode> figure : ended.get(0).properties()) {
      if (figure.getValue().isDouble()) {
        String name = figure.getKey();
        double mean =
            ended.stream().mapToDouble(run -> run.get(name).asDouble()).average().orElseThrow();
        row.put(name + "_mean", mean);
        // Not Student's: the page has to show what the study says, whatever that is.
        row.put(name + "_ci95", ended.size() < 2 ? null : (Double) (mean / 7));
      }
    }
  }

  /** The first run diverges. */
  ReportStudies diverged() {
    ObjectNode run = runs.get(0);
    run.put("diverged", "The loss is not a number.");
    run.remove(List.of("train_loss", "train_accuracy", "test_loss", "test_accuracy"));
    run.remove(List.of("generalization_gap", "steps", "seconds"));
    return summarized();
  }

  /** The last run has not ended. */
  ReportStudies unfinished() {
    ObjectNode run = runs.get(runs.size() - 1);
    run.putNull("folder");
    run.remove(List.of("train_loss", "train_accuracy", "test_loss", "test_accuracy"));
    json.put("finished", false);
    epochs.remove(run.get("key").asText());
    return summarized();
  }

  ObjectNode json() {
    return json;
  }

  List<ObjectNode> runs() {
    return runs;
  }

  /** The epochs of a run, to be changed. */
  List<JsonNode> epochs(ObjectNode run) {
    return epochs.getOrDefault(run.get("key").asText(), List.of());
  }

  StudyReport report() {
    return new StudyReport(json, epochs, "minilote study --out '5 % each'");
  }

  /** The page, with plain blanks. */
  String html() {
    return report().toHtml().replace('\u00a0', ' ');
  }
}
