package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code metrics.jsonl}: where a training stood at the end of an epoch, or after some
 * steps of it.
 *
 * @param epoch epochs finished, so 1 after the first; within an epoch the one that is under way
 * @param step updates so far
 * @param examples examples that these updates used
 * @param epochEnd whether the line is of an epoch's end
 * @param trainLoss mean loss of the epoch's examples so far, each as its batch met it
 * @param trainAccuracy share of them classified rightly; null where targets are numbers
 * @param validationLoss mean loss of the validation examples; null within an epoch and without
 *     validation
 * @param validationAccuracy share of them classified rightly
 * @param learningRate the learning rate of the last step
 * @param noiseScale the gradient noise scale, in examples, see {@link GradientNoise}; null where it
 *     cannot be told, as at one lane
 * @param gradientNorm the norm of a batch's mean gradient before clipping, by the same moving
 *     average; null in lines from before it was measured
 * @param examplesPerSecond speed over the epoch so far, all included but evaluation
 * @param seconds since the training began, over all its sittings
 */
public record Metrics(
    int epoch,
    long step,
    long examples,
    boolean epochEnd,
    double trainLoss,
    @Nullable Double trainAccuracy,
    @Nullable Double validationLoss,
    @Nullable Double validationAccuracy,
    double learningRate,
    @Nullable Double noiseScale,
    @Nullable Double gradientNorm,
    double examplesPerSecond,
    double seconds) {
  // Lines from before there were any lack them.
  private static final String NOISE_SCALE = "noise_scale";
  private static final String GRADIENT_NORM = "gradient_norm";

  /** As one JSON object. */
  public ObjectNode toJson() {
    return Json.object()
        .put("epoch", epoch)
        .put("step", step)
        .put("examples", examples)
        .put("epoch_end", epochEnd)
        .put("train_loss", trainLoss)
        .put("train_accuracy", trainAccuracy)
        .put("validation_loss", validationLoss)
        .put("validation_accuracy", validationAccuracy)
        .put("learning_rate", learningRate)
        .put(NOISE_SCALE, noiseScale)
        .put(GRADIENT_NORM, gradientNorm)
        .put("examples_per_second", examplesPerSecond)
        .put("seconds", seconds);
  }

  /** The inverse of {@link #toJson()}. */
  public static Metrics fromJson(JsonNode json) {
    return new Metrics(
        (int) Json.integer(json, "epoch", 0, Integer.MAX_VALUE),
        Json.integer(json, "step", 0, Long.MAX_VALUE),
        Json.integer(json, "examples", 0, Long.MAX_VALUE),
        Json.truth(json, "epoch_end"),
        Json.number(json, "train_loss"),
        Json.numberOrNull(json, "train_accuracy"),
        Json.numberOrNull(json, "validation_loss"),
        Json.numberOrNull(json, "validation_accuracy"),
        Json.number(json, "learning_rate"),
        json.has(NOISE_SCALE) ? Json.numberOrNull(json, NOISE_SCALE) : null,
        json.has(GRADIENT_NORM) ? Json.numberOrNull(json, GRADIENT_NORM) : null,
        Json.number(json, "examples_per_second"),
        Json.number(json, "seconds"));
  }
}
