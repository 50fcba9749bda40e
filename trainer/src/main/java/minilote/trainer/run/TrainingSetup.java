package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.BatchNormDescription;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.optimizer.Course;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings put together with their data: what follows from both, checked before anything is
 * computed.
 *
 * @param settings what the user decided
 * @param dataset the data set
 * @param network the network on that data
 * @param loss the loss, given or following from the last layer
 * @param lanes lanes of a batch, given or the batch's default
 * @param normalization how records become inputs
 * @param validation which training examples are set apart
 * @param init the weights of another run that are the first ones; or null
 */
public record TrainingSetup(
    TrainingSettings settings,
    Dataset dataset,
    Network network,
    Loss loss,
    int lanes,
    Normalization normalization,
    ValidationSplit validation,
    @Nullable InitialWeights init) {
  /**
   * Rows that keep a lane's products efficient; a batch gets a lane for each so many, within the
   * bounds below.
   */
  private static final int ROWS_PER_LANE = 64;

  private static final int FEWEST_LANES = 2;
  private static final int MOST_LANES = 16;

  /**
   * Reads what the settings name and checks that all fits together.
   *
   * @throws UserError naming the option or file that does not
   */
  public static TrainingSetup of(TrainingSettings settings, Configuration configuration)
      throws IOException {
    Dataset dataset = Dataset.read(new Path(settings.data()), configuration);
    RecordFormat format = dataset.format();
    Network network = Network.of(settings.network(), format.shape());
    Loss loss =
        settings.loss() != null ? settings.loss() : Loss.following(network.outputActivation());
    checkOutputs(network, loss, format);
    checkAugmentation(settings, format);
    settings.randomLabels().check(format);
    BackPropagation.check(network, loss);
    long examples = dataset.split(Dataset.TRAIN).examples();
    ValidationSplit validation =
        new ValidationSplit(examples, settings.validation(), settings.validationSeed());
    if (settings.batch() > validation.trainingExamples()) {
      throw new UserError(
          "--batch %d: there are only %d training examples (%d in %s/%s, %d of them for validation)"
              .formatted(
                  settings.batch(),
                  validation.trainingExamples(),
                  examples,
                  settings.data(),
                  Dataset.TRAIN,
                  validation.validationExamples()));
    }
    if (settings.patience() > 0 && validation.validationExamples() == 0) {
      throw new UserError(
          "--validation-patience %d: --validation %s of %d training examples is none"
              .formatted(settings.patience(), settings.validation(), examples));
    }
    InitialWeights init =
        settings.init() == null
            ? null
            : InitialWeights.read(new Path(settings.init()), network, configuration);
    int lanes =
        settings.lanes() != 0 ? settings.lanes() : defaultLanes(settings.batch(), network.ghost());
    checkGhosts(settings, network, lanes);
    TrainingSetup setup =
        new TrainingSetup(
            settings,
            dataset,
            network,
            loss,
            lanes,
            Normalization.of(settings.normalization(), dataset),
            validation,
            init);
    setup.requireRoomForLanes();
    return setup;
  }

  /** A lane of a batch that is normalized as a whole is computed at once. */
  private void requireRoomForLanes() {
    if (network.ghost() == BatchNormDescription.WHOLE) {
      network.requireRoom(largestLane(), "a lane of the batch", "take more --lanes");
    }
  }

  /**
   * The default number of lanes: the largest power of two in {@code clamp(B/64, 2, 16)}, at most
   * {@code B}. It depends on the batch alone, so that the same command gives the same bits on any
   * cluster.
   */
  public static int defaultLanes(int batch) {
    int wanted = Math.min(Math.max(batch / ROWS_PER_LANE, FEWEST_LANES), MOST_LANES);
    return Integer.highestOneBit(Math.min(wanted, batch));
  }

  /**
   * The same for a network that learns from ghosts of so many examples, which are in one lane each:
   * at most as many lanes. Lanes of a batch that is normalized as a whole exchange their
   * statistics, and are not fewer.
   */
  public static int defaultLanes(int batch, int ghost) {
    return Math.min(defaultLanes(batch), mostLanes(batch, ghost));
  }

  /** The most lanes that a batch can be cut into. */
  public static int mostLanes(int batch, int ghost) {
    return Integer.highestOneBit(ghosts(batch, ghost));
  }

  private static int ghosts(int batch, int ghost) {
    return ghost == BatchNormDescription.WHOLE ? batch : (int) ((batch - 1L + ghost) / ghost);
  }

  private static void checkGhosts(TrainingSettings settings, Network network, int lanes) {
    int ghost = network.ghost();
    // Of a batch that is normalized as a whole, lanes are as of any other.
    if (ghost != BatchNormDescription.WHOLE && lanes > mostLanes(settings.batch(), ghost)) {
      throw new UserError(
          "--lanes %d: a batch of %d has %d %s of %d examples, which batch normalization needs in one lane each; at most %d here"
              .formatted(
                  lanes,
                  settings.batch(),
                  ghosts(settings.batch(), ghost),
                  ghosts(settings.batch(), ghost) == 1 ? "ghost" : "ghosts",
                  ghost,
                  mostLanes(settings.batch(), ghost)));
    }
  }

  /** The most examples of a lane. */
  public int largestLane() {
    int ghosts = ghosts(settings.batch(), network.ghost());
    long ghostsOfLane = (ghosts - 1L + lanes) / lanes;
    return (int) Math.min(settings.batch(), ghostsOfLane * network.laneGhost());
  }

  /** Whether lanes exchange statistics of the batch in the middle of a step. */
  public boolean lanesExchange() {
    return lanes > 1 && network.exchangedChannels() > 0;
  }

  /**
   * Checks that a way to synchronize does what the network needs.
   *
   * @throws UserError where it does not
   */
  public void check(Synchronization.Way way) {
    if (way == Synchronization.Way.TREE_AGGREGATE && lanesExchange()) {
      throw new UserError(
          "--synchronizer tree-aggregate: %s".formatted(wantsAllReduce("use that")));
    }
  }

  /** What there is to say where the lanes exchange statistics, and cannot. */
  public String wantsAllReduce(String remedy) {
    return "batch normalization over the whole batch has its %d lanes exchange statistics within a step, which all-reduce alone does: %s, or --lanes 1, or leave out 'whole', so that it is over ghosts of 32 examples"
        .formatted(lanes, remedy);
  }

  /** Whether what the last layer gives is what the records ask for. */
  private static void checkOutputs(Network network, Loss loss, RecordFormat format) {
    int outputs = network.outputs();
    int targets = format.targets();
    boolean classes = format.targetKind() == TargetKind.CLASS;
    if (outputs != targets && !(classes && targets == 2 && outputs == 1)) {
      throw new UserError(
          "--network: the last layer has %d %s, the data set has %d %s"
              .formatted(
                  outputs,
                  outputs == 1 ? "unit" : "units",
                  targets,
                  switch (format.targetKind()) {
                    case CLASS -> targets == 2 ? "classes (2 units, or 1)" : "classes";
                    case LABELS -> "labels";
                    case NUMBERS -> targets == 1 ? "number to predict" : "numbers to predict";
                  }));
    }
    if (format.targetKind() == TargetKind.NUMBERS
        && (loss == Loss.BINARY_CROSS_ENTROPY || loss == Loss.CATEGORICAL_CROSS_ENTROPY)) {
      throw new UserError(
          "--loss %s: it compares probabilities, and the data set's targets are numbers; mse fits, after a linear last layer"
              .formatted(loss.word()));
    }
    if (format.targetKind() == TargetKind.LABELS && loss == Loss.CATEGORICAL_CROSS_ENTROPY) {
      throw new UserError(
          "--loss cce: an example of this data set has several labels at once; bce fits, after a sigmoid last layer");
    }
  }

  private static void checkAugmentation(TrainingSettings settings, RecordFormat format) {
    try {
      settings.augmentation().check(format);
    } catch (UserError e) {
      throw new UserError("--augment: " + e.getMessage(), e);
    }
  }

  /** The weights that training starts from. */
  public float[] initialParameters() {
    return init != null
        ? init.parameters().clone()
        : network.initialize(settings.initialization(), settings.seed());
  }

  /** Whether an example can be right or wrong: its target is a class or labels, not numbers. */
  public boolean classified() {
    return dataset.format().targetKind() != TargetKind.NUMBERS;
  }

  /** Examples of the test split; 0 where there is none. */
  public long testExamples() {
    Dataset.Split test = dataset.splits().get(Dataset.TEST);
    return test == null ? 0 : test.examples();
  }

  /** The steps and examples of the run. */
  public Course course() {
    return Course.over(
        validation.trainingExamples(),
        settings.batch(),
        settings.lastBatch() == TrainingSettings.LastBatch.DROP,
        settings.epochs());
  }

  /** What decides the result, beyond versions and BLAS: {@code run.json} begins with it. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.set("settings", settings.toJson());
    ObjectNode resolved = json.putObject("resolved");
    resolved.put("loss", loss.word());
    resolved.put("lanes", lanes);
    if (network.ghost() == BatchNormDescription.WHOLE) {
      resolved.put("ghost", settings.batch());
    } else if (network.ghost() > 1) {
      resolved.put("ghost", network.ghost());
    }
    resolved.put("parameters", network.trainedCount());
    InitialWeights.put(resolved, init);
    ObjectNode data = json.putObject("data");
    data.put("name", dataset.name());
    data.put("sha256", dataset.digest());
    data.put("training_examples", validation.trainingExamples());
    data.put("validation_examples", validation.validationExamples());
    data.put("test_examples", testExamples());
    return json;
  }

  /** Identifies the run by what decides its result. */
  public String sha256() {
    ObjectNode json = toJson();
    // As checkpoints have it that were written before there was any.
    if (settings.augmentation().isNone()) {
      Json.object(json, "settings").remove(TrainingSettings.AUGMENTATION);
    }
    if (settings.engine() == EngineKind.PORTABLE) {
      Json.object(json, "settings").remove(TrainingSettings.ENGINE);
    }
    if (settings.randomLabels().isNone()) {
      Json.object(json, "settings")
          .remove(List.of(TrainingSettings.RANDOM_LABELS, TrainingSettings.LABEL_SEED));
    }
    return Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
