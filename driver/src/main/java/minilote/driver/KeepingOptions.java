package minilote.driver;

import minilote.trainer.run.TrainingOptions;
import picocli.CommandLine.Option;

/** What is kept of a run, and how the cluster is used: options of {@code train}. */
final class KeepingOptions {
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "0",
      description = "Into how many partitions the cluster cuts. Default: one a slot.")
  private int partitions;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "Write a checkpoint every N updates, besides those after each epoch.")
  private int checkpointEvery;

  @Option(
      names = "--keep",
      paramLabel = "N",
      defaultValue = "3",
      description = "Newest checkpoints kept, besides the best. Default: ${DEFAULT-VALUE}.")
  private int keep;

  @Option(
      names = "--metrics-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "Write a line of metrics every N updates, besides those after each epoch.")
  private int metricsEvery;

  TrainingOptions options() {
    return new TrainingOptions(partitions, checkpointEvery, keep, metricsEvery);
  }
}
