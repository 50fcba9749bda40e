package minilote.driver;

import minilote.trainer.run.Placement;
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
      names = "--placement",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "Where the examples are: whole, all of them in every executor; or spread, each in one, and moved to where it is needed in every epoch. Default: whole where they take at most a quarter of an executor's memory (on a local master half), else spread.")
  private String placement;

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

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  KeepingOptions() {}

  TrainingOptions options() {
    return new TrainingOptions(
        partitions,
        checkpointEvery,
        keep,
        metricsEvery,
        Choice.of("--placement", placement, Placement.class));
  }
}
