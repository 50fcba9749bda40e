package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import minilote.trainer.math.EngineKind;

/**
 * What {@code run.json} says, in words. Settings that it does not know are shown by their names.
 */
final class RunWords {
  /** A line of a table: what, how much, and what that means; all unescaped text. */
  record Row(String name, String value, String meaning) {}

  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put("network", "the layers, from the inputs to the outputs");
    MEANINGS.put("data", "the folder of the prepared data set");
    MEANINGS.put("loss", "what is made small");
    MEANINGS.put("reduction", "what a batch's gradient is over its examples");
    MEANINGS.put("batch", "examples of one update, over the whole cluster");
    MEANINGS.put("epochs", "passes over the training examples, at most");
    MEANINGS.put("lanes", "slices of every batch in which gradients are computed and added");
    MEANINGS.put("last_batch", "what becomes of a smaller batch at an epoch's end");
    MEANINGS.put("optimizer", "the update rule");
    MEANINGS.put("learning_rate", "the size of the steps, before schedule and warm-up");
    MEANINGS.put("schedule", "how the learning rate falls over the run");
    MEANINGS.put("warmup", "how long it rises at first, in epochs unless another unit is written");
    MEANINGS.put("clip_norm", "the greatest norm of a gradient");
    MEANINGS.put("clip_value", "the greatest element of a gradient");
    MEANINGS.put("initialization", "how the first weights were drawn");
    MEANINGS.put("init", "a model, a run or its checkpoint, whose weights were the first ones");
    MEANINGS.put("normalization", "how stored features become inputs");
    MEANINGS.put("augmentation", "what was done to images while they were learnt from");
    MEANINGS.put("validation", "share of the training split that was set apart");
    MEANINGS.put("validation_seed", "decides which examples that are");
    MEANINGS.put(
        "random_labels",
        "share of the examples learnt from whose class was drawn from all classes");
    MEANINGS.put("label_seed", "decides which examples these are, and their classes");
    MEANINGS.put("validation_patience", "epochs without a lower validation loss until the end");
    MEANINGS.put("seed", "decides everything else that is random");
  }

  private static final Map<String, String> LOSSES =
      Map.of(
          "mse", "mean squared error",
          "half-mse", "half the squared error",
          "bce", "binary cross-entropy",
          "cce", "categorical cross-entropy");

  private static final double SMALLEST_PLAIN = 1e-6;

  private RunWords() {}

  /** The settings, those that the run's data or batch decided with what they came to be. */
  static List<Row> settings(ObjectNode run) {
    JsonNode resolved = run.path("resolved");
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> setting : run.path("settings").properties()) {
      String name = setting.getKey();
      JsonNode value = setting.getValue();
      String words = words(value);
      if (name.equals("lanes") && value.asInt() == 0) {
        words = words(resolved.path("lanes")) + " (the batch's default)";
      } else if (name.equals("loss") && value.isNull()) {
        words = lossWords(resolved.path("loss")) + " (follows from the last layer)";
      } else if (name.equals("loss")) {
        words = lossWords(value);
      } else if (name.equals("validation_patience") && value.asInt() == 0) {
        words = "none";
      } else if (name.equals("init") && resolved.has("init_epoch")) {
        words += " (after epoch %d)".formatted(resolved.path("init_epoch").asInt());
      }
      rows.add(new Row(plain(name), words, meaning(name)));
    }
    return rows;
  }

  /** What a setting means; empty where that is not known. */
  static String meaning(String setting) {
    return MEANINGS.getOrDefault(setting, "");
  }

  /** A loss by its name. */
  static String lossWords(JsonNode loss) {
    return LOSSES.getOrDefault(loss.asText(), words(loss));
  }

  private static JsonNode library(JsonNode numerics) {
    boolean isNative = numerics.path("engine").asText().equals(EngineKind.NATIVE.word());
    return numerics.path(isNative ? "onednn" : "blas");
  }

  private static String kernel(JsonNode library) {
    return "%s, kernel %s".formatted(words(library.path("name")), words(library.path("kernel")));
  }

  private static String versions(JsonNode run) {
    return run.path("versions").properties().stream()
        .map(version -> Words.capital(version.getKey()) + " " + words(version.getValue()))
        .collect(Collectors.joining(", "));
  }

  /**
   * "Minilote 0.1, Java 17, Spark 4.1; native engine, amd64 (oneDNN 3.11.0, kernel AVX2)".
   *
   * @param run of which {@code numerics} and {@code versions} are used
   */
  static String computedBy(JsonNode run) {
    JsonNode numerics = run.path("numerics");
    return "%s; %s engine, %s (%s)"
        .formatted(
            versions(run),
            words(numerics.path("engine")),
            words(numerics.path("architecture")),
            kernel(library(numerics)));
  }

  /** What the run was computed with, and on. */
  static List<Row> machinery(ObjectNode run) {
    List<Row> rows = new ArrayList<>();
    JsonNode data = run.path("data");
    rows.add(
        new Row(
            "data set",
            words(data.path("name")),
            "SHA-256 of its shards " + words(data.path("sha256"))));
    JsonNode numerics = run.path("numerics");
    JsonNode library = library(numerics);
    rows.add(
        new Row(
            "engine",
            "%s, %s"
                .formatted(words(numerics.path("engine")), words(numerics.path("architecture"))),
            kernel(library)
                + (library.path("native_library").asBoolean(true)
                    ? ""
                    : ". " + words(library.path("explanation")))));
    rows.add(new Row("versions", versions(run), ""));
    JsonNode cluster = run.path("cluster");
    rows.add(
        new Row(
            "cluster",
            "%s slots on %s"
                .formatted(
                    words(cluster.path("slots")),
                    cluster.path("executors").properties().stream()
                        .map(executor -> words(executor.getValue()))
                        .distinct()
                        .collect(Collectors.joining(", "))),
            "changes no result"));
    return rows;
  }

  /**
   * A JSON value as a person would write it: {@code momentum (learning rate 0.1, momentum 0.9)}.
   */
  static String words(JsonNode value) {
    if (value.isMissingNode()) {
      return "unknown";
    }
    if (value.isNull()) {
      return "none";
    }
    if (value.isIntegralNumber()) {
      return String.format(Locale.ROOT, "%d", value.bigIntegerValue());
    }
    if (value.isNumber()) {
      double number = value.asDouble();
      return Math.abs(number) >= SMALLEST_PLAIN
          ? value.decimalValue().stripTrailingZeros().toPlainString()
          : String.valueOf(number);
    }
    if (value.isBoolean()) {
      return value.asBoolean() ? "yes" : "no";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(words(item)));
      return String.join(", ", items);
    }
    if (value.isObject()) {
      return objectWords(value);
    }
    return value.asText();
  }

  private static String objectWords(JsonNode object) {
    String head = "";
    List<String> details = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (head.isEmpty() && details.isEmpty() && member.getValue().isTextual()) {
        head = member.getValue().asText();
      } else if (!member.getValue().isNull()) {
        details.add(plain(member.getKey()) + " " + words(member.getValue()));
      }
    }
    if (details.isEmpty()) {
      return head.isEmpty() ? "none" : head;
    }
    String joined = String.join(", ", details);
    return head.isEmpty() ? joined : head + " (" + joined + ")";
  }

  static String plain(String snakeCase) {
    return snakeCase.replace('_', ' ');
  }
}
