package minilote.driver;

import minilote.datasets.RandomLabels;
import minilote.trainer.math.EngineKind;
import minilote.trainer.run.TrainingSettings.LastBatch;
import picocli.CommandLine.Option;

/** How examples are taken, and which: options of {@code train} and {@code study}. */
class EpochOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Passes over the training examples. Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--lanes",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Slices of a batch whose gradients are computed apart, a power of two: the most tasks that can share a step. Changes the last bits. Default: batch/64 within 2 to 16.")
  int lanes;

  @Option(
      names = "--last-batch",
      paramLabel = "HOW",
      defaultValue = "keep",
      description =
          "keep or drop an epoch's last batch where it is smaller. Default: ${DEFAULT-VALUE}.")
  private String lastBatch;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share of the training examples that is set apart. Default: ${DEFAULT-VALUE}.")
  double validation;

  @Option(
      names = "--validation-seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Decides which examples these are. Default: ${DEFAULT-VALUE}.")
  long validationSeed;

  @Option(
      names = "--validation-patience",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Stop after so many epochs without a lower validation loss, and take the best epoch's weights. Default: never.")
  int patience;

  @Option(
      names = "--random-labels",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Each example that is learnt from has with this probability its class replaced by one drawn evenly from all; training loss and accuracy are of these labels, those for validation and test stay. From 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double randomLabels;

  @Option(
      names = "--label-seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Decides which examples these are, and their classes. Default: ${DEFAULT-VALUE}.")
  private long labelSeed;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      description =
          "What multiplies: native (oneDNN), portable (Java, with products on the BLAS), or auto: native on all executors if it works on all. Changes the last bits. Default: ${DEFAULT-VALUE}.")
  private String engine;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  EpochOptions() {}

  final LastBatch lastBatch() {
    return Choice.of("--last-batch", lastBatch, LastBatch.class);
  }

  final RandomLabels randomLabels() {
    return new RandomLabels(randomLabels, labelSeed);
  }

  final EngineKind engine() {
    return Choice.of("--engine", engine, EngineKind.class);
  }
}
