package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import minilote.datasets.Augmentation;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.datasets.RandomLabels;
import minilote.datasets.UserError;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.GradientClipping;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a user decides about a training and that decides its result. Two runs with equal
 * settings, on the same data, with the same version and BLAS, give the same bits on any cluster.
 * Kept in {@code run.json}.
 *
 * @param data the data set's folder, any Hadoop URI
 * @param network the layers
 * @param loss what is made small, or null to follow from the last layer
 * @param reduction whether gradients are means or sums over the examples of a batch
 * @param batch examples of one update, over the whole cluster
 * @param epochs passes over the training examples
 * @param lanes slices of every batch in which gradients are computed, a power of two, or 0 for the
 *     default of the batch
 * @param lastBatch what becomes of a last, smaller batch of an epoch
 * @param optimizer the update rule
 * @param learningRate the learning rate that the schedule's factors apply to
 * @param schedule how the learning rate changes over the run
 * @param clipping what is done to large gradients
 * @param initialization how the first weights are drawn
 * @param init a model, or the folder of a run or of a checkpoint, whose weights are the first ones
 *     instead; or null
 * @param normalization none, standardize or per-image
 * @param augmentation what is done to images while they are learnt from
 * @param engine what multiplies
 * @param validation the share of the training split that is set apart for validation
 * @param validationSeed decides which examples that are
 * @param randomLabels drawn for the examples that are learnt from; those for validation and test
 *     keep theirs
 * @param patience epochs without a lower validation loss after which training stops, and the best
 *     epoch's weights are taken; 0 for never
 * @param seed decides everything else that is random
 */
public record TrainingSettings(
    String data,
    NetworkDescription network,
    @Nullable Loss loss,
    Reduction reduction,
    int batch,
    int epochs,
    int lanes,
    LastBatch lastBatch,
    OptimizerSettings optimizer,
    double learningRate,
    Schedule schedule,
    GradientClipping clipping,
    Initialization initialization,
    @Nullable String init,
    String normalization,
    Augmentation augmentation,
    EngineKind engine,
    double validation,
    long validationSeed,
    RandomLabels randomLabels,
    int patience,
    long seed) {
  static final String AUGMENTATION = "augmentation";
  static final String ENGINE = "engine";
  static final String RANDOM_LABELS = "random_labels";
  static final String LABEL_SEED = "label_seed";

  /** What a batch's gradient is. */
  public enum Reduction {
    /** The mean over the batch's examples. */
    MEAN,
    /** The sum over them: the learning rate must then shrink as the batch grows. */
    SUM
  }

  /** What becomes of a last batch that has fewer examples than the others. */
  public enum LastBatch {
    /** It is taken, and its gradient divided by its own size. */
    KEEP,
    /** It is left out of this epoch. */
    DROP
  }

  public TrainingSettings {
    check(!data.isBlank(), "--data", data, "must be the folder of a prepared data set");
    check(batch >= 1, "--batch", batch, "must be at least 1");
    check(epochs >= 0, "--epochs", epochs, "must be 0 or more");
    check(
        lanes >= 0 && Integer.bitCount(lanes) <= 1,
        "--lanes",
        lanes,
        "must be a power of two (1, 2, 4, …), or left out for the batch's default");
    check(
        lanes <= batch,
        "--lanes",
        lanes,
        "must be at most the batch, which is %d".formatted(batch));
    check(
        validation >= 0 && validation < 1,
        "--validation",
        validation,
        "must be a share of the training examples from 0 up to, not including, 1");
    check(
        learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
        "--learning-rate",
        learningRate,
        "must be greater than 0");
    check(patience >= 0, "--validation-patience", patience, "must be 0 or more epochs");
    check(
        patience == 0 || validation > 0,
        "--validation-patience",
        patience,
        "needs validation examples, and --validation is 0");
    Normalization.checkName(normalization);
  }

  private static void check(boolean holds, String option, Object value, String right) {
    if (!holds) {
      throw new UserError("%s %s: it %s".formatted(option, value, right));
    }
  }

  /** As one JSON object, the settings of {@code run.json}. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("data", data);
    json.put("network", network.toWords());
    json.put("loss", loss == null ? null : loss.word());
    json.put("reduction", reduction.name().toLowerCase(Locale.ROOT));
    json.put("batch", batch);
    json.put("epochs", epochs);
    json.put("lanes", lanes);
    json.put("last_batch", lastBatch.name().toLowerCase(Locale.ROOT));
    json.set("optimizer", optimizer.toJson());
    json.put("learning_rate", learningRate);
    json.setAll(schedule.toJson());
    json.setAll(clipping.toJson());
    json.put("initialization", initialization.toWords());
    json.put("init", init);
    json.put("normalization", normalization);
    json.put(AUGMENTATION, augmentation.toWords());
    json.put(ENGINE, engine.word());
    json.put("validation", validation);
    json.put("validation_seed", validationSeed);
    json.put(RANDOM_LABELS, randomLabels.share());
    json.put(LABEL_SEED, randomLabels.seed());
    json.put("validation_patience", patience);
    json.put("seed", seed);
    return json;
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError naming what is missing or wrong
   */
  public static TrainingSettings fromJson(JsonNode json) {
    String loss = Json.textOrNull(json, "loss");
    return new TrainingSettings(
        Json.text(json, "data"),
        NetworkDescription.parse(Json.text(json, "network")),
        loss == null ? null : Loss.parse(loss),
        Json.word(json, "reduction", Reduction.class),
        (int) Json.integer(json, "batch", 1, Integer.MAX_VALUE),
        (int) Json.integer(json, "epochs", 0, Integer.MAX_VALUE),
        (int) Json.integer(json, "lanes", 0, Integer.MAX_VALUE),
        Json.word(json, "last_batch", LastBatch.class),
        OptimizerSettings.fromJson(Json.object(json, "optimizer")),
        Json.number(json, "learning_rate"),
        Schedule.fromJson(json),
        GradientClipping.fromJson(json),
        Initialization.parse(Json.text(json, "initialization")),
        Json.textOrNull(json, "init"),
        Json.text(json, "normalization"),
        // Runs from before there was any have none.
        json.has(AUGMENTATION)
            ? Augmentation.parse(Json.text(json, AUGMENTATION))
            : Augmentation.NONE,
        // Runs from before there was a choice were computed by this one.
        json.has(ENGINE) ? EngineKind.parse(Json.text(json, ENGINE)) : EngineKind.PORTABLE,
        Json.number(json, "validation"),
        Json.integer(json, "validation_seed", Long.MIN_VALUE, Long.MAX_VALUE),
        // Runs from before there were any have none.
        json.has(RANDOM_LABELS)
            ? new RandomLabels(
                Json.number(json, RANDOM_LABELS),
                Json.integer(json, LABEL_SEED, Long.MIN_VALUE, Long.MAX_VALUE))
            : RandomLabels.NONE,
        (int) Json.integer(json, "validation_patience", 0, Integer.MAX_VALUE),
        Json.integer(json, "seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }
}
