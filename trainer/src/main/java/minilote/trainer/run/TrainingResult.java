package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * How a training ended: {@code result.json}. All figures are of the weights in {@code
 * model.safetensors}.
 *
 * @param epochs epochs trained
 * @param bestEpoch the epoch whose weights were taken, where patience chose one; else null
 * @param steps updates
 * @param train loss and accuracy on the training examples
 * @param validation on the validation examples; null without any
 * @param test on the test split; null where the data set has none
 * @param seconds how long the training took, over all its sittings
 * @param weightsSha256 SHA-256 of the weights
 */
public record TrainingResult(
    int epochs,
    @Nullable Integer bestEpoch,
    long steps,
    Figures train,
    @Nullable Figures validation,
    @Nullable Figures test,
    double seconds,
    String weightsSha256) {

  /** Mean loss, and the share classified rightly (null where targets are numbers). */
  public record Figures(double loss, @Nullable Double accuracy) {}

  /**
   * How much worse the network does on examples it has not seen: accuracy on the training examples
   * minus that on the test split (or the validation examples where there is none); for numbers, the
   * loss there minus the training loss. Null where there is neither.
   */
  public @Nullable Double generalizationGap() {
    Figures unseen = test != null ? test : validation;
    if (unseen == null) {
      return null;
    }
    Double seenAccuracy = train.accuracy();
    Double unseenAccuracy = unseen.accuracy();
    return seenAccuracy != null && unseenAccuracy != null
        ? (Double) (seenAccuracy - unseenAccuracy)
        : (Double) (unseen.loss() - train.loss());
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("epochs", epochs);
    json.put("best_epoch", bestEpoch);
    json.put("steps", steps);
    put(json, "train", train);
    put(json, "validation", validation);
    put(json, "test", test);
    json.put("generalization_gap", generalizationGap());
    json.put("seconds", seconds);
    json.put("weights_sha256", weightsSha256);
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Figures figures) {
    json.put(name + "_loss", figures == null ? null : (Double) figures.loss());
    json.put(name + "_accuracy", figures == null ? null : figures.accuracy());
  }

  /** The inverse of {@link #toJson()}. */
  public static TrainingResult fromJson(JsonNode json) {
    Figures train = figures(json, "train");
    Double bestEpoch = Json.numberOrNull(json, "best_epoch");
    return new TrainingResult(
        (int) Json.integer(json, "epochs", 0, Integer.MAX_VALUE),
        bestEpoch == null ? null : (Integer) bestEpoch.intValue(),
        Json.integer(json, "steps", 0, Long.MAX_VALUE),
        train == null ? new Figures(Double.NaN, null) : train,
        figures(json, "validation"),
        figures(json, "test"),
        Json.number(json, "seconds"),
        Json.text(json, "weights_sha256"));
  }

  private static @Nullable Figures figures(JsonNode json, String name) {
    Double loss = Json.numberOrNull(json, name + "_loss");
    return loss == null ? null : new Figures(loss, Json.numberOrNull(json, name + "_accuracy"));
  }
}
