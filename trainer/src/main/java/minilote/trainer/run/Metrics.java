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
    double examplesPerSecond,
    double seconds) {

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
        Json.number(json, "examples_per_second"),
        Json.number(json, "seconds"));
  }
}
