package minilote.driver;

import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import picocli.CommandLine.Option;

/** How the cluster is used, which changes no result. */
class ClusterOptions {
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
          "Where the examples are: whole, all of them in every executor; or spread, each in one, which gives it to those that need it. Default: whole where they take at most a quarter of an executor's memory (on a local master half), else spread.")
  private String placement;

  @Option(
      names = "--synchronizer",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "How gradients are added up over the cluster: all-reduce, in one Spark job for many updates; tree-aggregate, in a job an update, which works on every cluster; or auto. Default: ${DEFAULT-VALUE}.")
  private String synchronizer;

  @Option(
      names = "--exchange-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Where executors listen to each other, or one of the next ports. Default: any that is free.")
  private int exchangePort;

  @Option(
      names = "--exchange-timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long a task waits for another one before it takes it for lost. Default: ${DEFAULT-VALUE}.")
  private double exchangeTimeout;

  @Option(
      names = "--retries",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How often in a row updates are tried again after a task was lost. Default: ${DEFAULT-VALUE}.")
  private int retries;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  ClusterOptions() {}

  final int partitions() {
    return partitions;
  }

  final Placement placement() {
    return Choice.of("--placement", placement, Placement.class);
  }

  final Synchronization synchronization() {
    return new Synchronization(
        Choice.of("--synchronizer", synchronizer, Synchronization.Way.class),
        exchangePort,
        exchangeTimeout,
        retries);
  }
}
