package minilote.driver;

import java.io.IOException;
import minilote.datasets.Augmentation;
import minilote.datasets.Normalization;
import minilote.datasets.UserError;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.run.RunFolder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is trained, and on what: options of {@code train}. */
final class ModelOptions {
  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "The folder of a prepared data set (${ROOT-COMMAND-NAME} prepare makes one).")
  @Nullable String data;

  @Option(
      names = "--network",
      paramLabel = "WORDS|NAME|FILE",
      description =
          "The layers, such as \"conv 32 3x3 relu, max-pool 2x2, dense 10 softmax\"; or a name, such as c1 (${ROOT-COMMAND-NAME} networks lists them); or a file of such words, or of JSON of the same content. Layers are dense UNITS; conv CHANNELS HEIGHTxWIDTH, with stride 2, padding valid (or same, which is the default, or pixels) and bias none as wanted; max-pool or average-pool HEIGHTxWIDTH, with stride and padding (default: the window's size, and none); global-average-pool; flatten; dropout RATE; residual(LAYERS), which adds its input to what the layers make of it, or residual(LAYERS | SHORTCUT), which adds what the shortcut's layers make of it; batchnorm, over ghosts of 32 examples of the batch unless ghost N says otherwise, or whole, for the whole batch (by all-reduce, or in one lane), with momentum 0.1 and epsilon 0.00001 unless said. Units are linear, elu, elu(0.5), sigmoid, tanh, relu, softmax, heaviside or sign; the last two cannot be trained.")
  @Nullable String network;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "mse, half-mse, bce or cce. Without it: cce after softmax, bce after sigmoid, else mse.")
  private @Nullable String loss;

  @Option(
      names = "--normalize",
      paramLabel = "HOW",
      defaultValue = Normalization.STANDARDIZE,
      description =
          "none, standardize (by the training examples' mean and deviation) or per-image. Default: ${DEFAULT-VALUE}.")
  private String normalize;

  @Option(
      names = "--augment",
      paramLabel = "WORDS",
      defaultValue = "none",
      description =
          "What is done to training images, never to those of validation or test: some of \"crop 4, flip, cutout 8\". crop takes a window of the image padded by so many pixels, flip mirrors half of the images, cutout covers a square of this side. Default: ${DEFAULT-VALUE}.")
  private String augment;

  @Option(
      names = "--initialization",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "First weights: auto (he for relu and elu, else glorot), glorot, he, normal, zeros; with +biases for biases from N(0, 1). Default: ${DEFAULT-VALUE}.")
  private String initialization;

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = "A model, or a run's folder, whose weights are the first ones instead.")
  private @Nullable String init;

  @Option(
      names = "--init-epoch",
      paramLabel = "N",
      description =
          "With the weights that the run of --init had after so many epochs, if that checkpoint is kept (--keep). Default: those that it ended with.")
  private @Nullable Integer initEpoch;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  ModelOptions() {}

  @Nullable Loss loss() {
    String word = loss;
    return word == null ? null : Choice.named("--loss", () -> Loss.parse(word));
  }

  String normalization() {
    return Choice.named(
        "--normalize",
        () -> {
          Normalization.checkName(normalize);
          return normalize;
        });
  }

  Augmentation augmentation() {
    return Choice.named("--augment", () -> Augmentation.parse(augment));
  }

  Initialization initialization() {
    return Choice.named("--initialization", () -> Initialization.parse(initialization));
  }

  /** The model, run or checkpoint to begin with; null for none of them. */
  @Nullable String init(Configuration configuration) throws IOException {
    if (init == null) {
      if (initEpoch != null) {
        throw new UserError("--init-epoch %d: --init must say of which run".formatted(initEpoch));
      }
      return null;
    }
    Path path = Locations.of("--init", init, configuration);
    return (initEpoch == null
            ? path
            : new RunFolder(path, configuration).checkpointAfter(initEpoch))
        .toString();
  }
}
