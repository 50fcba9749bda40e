package minilote.driver;

import minilote.trainer.run.TrainingOptions;
import picocli.CommandLine.Option;

/**
 * What is kept of a run, and told of it: options of {@code train} and {@code study}, beside the
 * cluster's.
 */
final class KeepingOptions extends ClusterOptions {
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
      description =
          "Newest checkpoints kept, besides the best: there is one for each epoch, from whose weights another run can begin (--init-epoch). Default: ${DEFAULT-VALUE}.")
  private int keep;

  @Option(
      names = "--metrics-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "Write a line of metrics every N updates, besides those after each epoch.")
  private int metricsEvery;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  KeepingOptions() {}

  /**
   * @param profile whether to tell where the time of an update went
   */
  TrainingOptions options(boolean profile) {
    return new TrainingOptions(
        partitions(), checkpointEvery, keep, metricsEvery, synchronization(), placement(), profile);
  }
}
