package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.datasets.Sha256;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * All that an exact continuation of a training needs. A folder with {@code state.safetensors}
 * (weights and the optimizer's arrays) and {@code manifest.json} (the position, and the digests of
 * both files), which is written last: a folder without it is no checkpoint.
 *
 * @param position where the training stood
 * @param parameters the weights
 * @param optimizer the optimizer's arrays by name
 */
public record Checkpoint(Position position, float[] parameters, Map<String, float[]> optimizer) {
  private static final String STATE = "state.safetensors";
  private static final String MANIFEST = "manifest.json";
  private static final String OPTIMIZER = "optimizer.";
  private static final int FORMAT_VERSION = 1;
  private static final long LARGEST_MANIFEST = 1 << 20;
  private static final long LARGEST_STATE = Integer.MAX_VALUE - 64L;

  /**
   * Where a training stands.
   *
   * @param epoch epochs finished
   * @param stepOfEpoch steps taken of the next one
   * @param step updates so far
   * @param examples examples that they used
   * @param lossSum the losses' sum over the steps of the epoch that is under way
   * @param correct classified rightly in them
   * @param count examples of them
   * @param bestEpoch the epoch with the lowest validation loss so far; 0 before there is one
   * @param bestStep the step at its end
   * @param bestLoss that loss; null before there is one
   * @param metricsLines lines of {@code metrics.jsonl} up to here
   * @param seconds training time so far
   * @param finished whether training is over, and only what follows it (evaluation, the model) may
   *     be missing
   * @param noise what the gradients' lanes have said so far
   */
  public record Position(
      int epoch,
      long stepOfEpoch,
      long step,
      long examples,
      double lossSum,
      long correct,
      long count,
      int bestEpoch,
      long bestStep,
      @Nullable Double bestLoss,
      int metricsLines,
      double seconds,
      boolean finished,
      GradientNoise noise) {
    /** Before the first step. */
    public static final Position START =
        new Position(0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, false, GradientNoise.NONE);

    ObjectNode toJson() {
      ObjectNode json = Json.object();
      json.put("epoch", epoch)
          .put("step_of_epoch", stepOfEpoch)
          .put("step", step)
          .put("examples", examples)
          .put("loss_sum", lossSum)
          .put("correct", correct)
          .put("count", count)
          .put("best_epoch", bestEpoch)
          .put("best_step", bestStep)
          .put("best_loss", bestLoss)
          .put("metrics_lines", metricsLines)
          .put("seconds", seconds)
          .put("finished", finished);
      noise.putInto(json);
      return json;
    }

    static Position fromJson(ObjectNode json) {
      return new Position(
          (int) Json.integer(json, "epoch", 0, Integer.MAX_VALUE),
          Json.integer(json, "step_of_epoch", 0, Long.MAX_VALUE),
          Json.integer(json, "step", 0, Long.MAX_VALUE),
          Json.integer(json, "examples", 0, Long.MAX_VALUE),
          Json.number(json, "loss_sum"),
          Json.integer(json, "correct", 0, Long.MAX_VALUE),
          Json.integer(json, "count", 0, Long.MAX_VALUE),
          (int) Json.integer(json, "best_epoch", 0, Integer.MAX_VALUE),
          Json.integer(json, "best_step", 0, Long.MAX_VALUE),
          Json.numberOrNull(json, "best_loss"),
          (int) Json.integer(json, "metrics_lines", 0, Integer.MAX_VALUE),
          Json.number(json, "seconds"),
          Json.truth(json, "finished"),
          GradientNoise.from(json));
    }
  }

  /**
   * Writes the checkpoint.
   *
   * @param folder its folder, which appears as a checkpoint only when all is written
   * @param settings identifies the run, so that no other run's checkpoint is taken for this one's
   */
  public void write(Path folder, Network network, String settings, Configuration configuration)
      throws IOException {
    Map<String, Safetensors.Tensor> tensors = Model.tensors(network, parameters);
    optimizer.forEach(
        (name, numbers) ->
            tensors.put(
                OPTIMIZER + name, new Safetensors.Tensor(List.of(numbers.length), numbers)));
    byte[] state = new Safetensors(tensors, Map.of()).toBytes();
    ObjectNode content = position.toJson();
    content.put("format_version", FORMAT_VERSION);
    content.put("settings_sha256", settings);
    content.put("state_bytes", state.length);
    content.put("state_sha256", Sha256.of(state));
    ObjectNode manifest = Json.object();
    manifest.set("checkpoint", content);
    manifest.put("sha256", digest(content));
    Files.write(new Path(folder, STATE), state, configuration);
    Files.write(new Path(folder, MANIFEST), Json.pretty(manifest), configuration);
  }

  /**
   * Of the manifest's members and their values, so that a damaged number does not go unnoticed.
   * Fractions count by their bits: a JSON library that reads {@code 2.5E-4} may write it as {@code
   * 0.00025}, which is the same number in another text.
   */
  private static String digest(ObjectNode content) {
    StringBuilder text = new StringBuilder();
    content
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              boolean fraction = value.isNumber() && !value.isIntegralNumber();
              text.append(member.getKey())
                  .append('=')
                  .append(fraction ? Double.toHexString(value.doubleValue()) : value.toString())
                  .append('\n');
            });
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What is in a checkpoint's files, whole.
   *
   * @param manifest the position, and what run it is of
   * @param tensors the network's, and the optimizer's arrays
   */
  private record Content(ObjectNode manifest, Map<String, Safetensors.Tensor> tensors) {}

  /**
   * Where the training stood, by the manifest alone.
   *
   * @throws UserError that says why the folder is no checkpoint
   */
  static Position position(Path folder, Configuration configuration) throws IOException {
    return Position.fromJson(manifest(folder, configuration));
  }

  private static ObjectNode manifest(Path folder, Configuration configuration) throws IOException {
    Path file = new Path(folder, MANIFEST);
    try {
      ObjectNode manifest = Json.parse(Files.readText(file, LARGEST_MANIFEST, configuration));
      ObjectNode content = Json.object(manifest, "checkpoint");
      if (!Json.text(manifest, "sha256").equals(digest(content))) {
        throw new UserError("its content does not have the digest that it states");
      }
      Json.integer(content, "format_version", FORMAT_VERSION, FORMAT_VERSION);
      return content;
    } catch (FileNotFoundException e) {
      throw incomplete(folder, e);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static UserError incomplete(Path folder, FileNotFoundException e) {
    return new UserError(
        "%s is incomplete: %s"
            .formatted(folder, e.getMessage() == null ? "a file is missing" : e.getMessage()),
        e);
  }

  private static Content content(Path folder, Configuration configuration) throws IOException {
    ObjectNode manifest = manifest(folder, configuration);
    Path stateFile = new Path(folder, STATE);
    byte[] state;
    try {
      state = Files.read(stateFile, LARGEST_STATE, configuration);
    } catch (FileNotFoundException e) {
      throw incomplete(folder, e);
    }
    long bytes = Json.integer(manifest, "state_bytes", 0, LARGEST_STATE);
    if (state.length != bytes) {
      throw new UserError(
          "%s has %d bytes instead of %d".formatted(stateFile, state.length, bytes));
    }
    String sha256 = Sha256.of(state);
    if (!sha256.equals(Json.text(manifest, "state_sha256"))) {
      throw new UserError(
          "%s has SHA-256 %s, its manifest says %s"
              .formatted(stateFile, sha256, Json.text(manifest, "state_sha256")));
    }
    return new Content(manifest, Safetensors.fromBytes(state, stateFile.toString()).tensors());
  }

  /**
   * Reads a checkpoint.
   *
   * @throws UserError that says why the folder is none, or not of this run
   */
  public static Checkpoint read(
      Path folder, Network network, String settings, Configuration configuration)
      throws IOException {
    Content content = content(folder, configuration);
    if (!settings.equals(Json.text(content.manifest(), "settings_sha256"))) {
      throw new UserError("%s is a checkpoint of a run with other settings".formatted(folder));
    }
    Map<String, float[]> optimizer = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(OPTIMIZER)) {
                optimizer.put(name.substring(OPTIMIZER.length()), tensor.numbers());
              }
            });
    return new Checkpoint(
        Position.fromJson(content.manifest()),
        Model.parameters(network, content.tensors(), new Path(folder, STATE).toString()),
        optimizer);
  }

  /**
   * The weights of a checkpoint of whatever run, for one that begins with them.
   *
   * @throws UserError where it is no checkpoint, or of a network with other weights
   */
  static InitialWeights weights(Path folder, Network network, Configuration configuration)
      throws IOException {
    if (!Files.fileSystem(folder, configuration).exists(folder)) {
      throw new UserError("--init %s: this checkpoint is not there any more".formatted(folder));
    }
    Content content = content(folder, configuration);
    Map<String, List<Integer>> shapes = new HashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!name.startsWith(OPTIMIZER)) {
                shapes.put(name, tensor.shape());
              }
            });
    Map<String, List<Integer>> needed = new HashMap<>();
    network.tensors().forEach(tensor -> needed.put(tensor.name(), tensor.shape()));
    if (!shapes.equals(needed)) {
      throw new UserError(
          "--init %s: its network has other weights than \"%s\""
              .formatted(folder, network.description().toWords()));
    }
    return new InitialWeights(
        Model.parameters(network, content.tensors(), folder.toString()),
        Position.fromJson(content.manifest()).epoch());
  }
}
