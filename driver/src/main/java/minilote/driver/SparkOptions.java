package minilote.driver;

import minilote.datasets.UserError;
import picocli.CommandLine.Option;

/** The options of every command that computes on Spark. */
final class SparkOptions {
  @Option(
      names = "--executor-wait",
      paramLabel = "SECONDS",
      order = 90,
      defaultValue = "120",
      description =
          "Give up when the cluster has had no executor for so long. Default: ${DEFAULT-VALUE}.")
  private int executorWait;

  /**
   * Seconds for which a job waits for an executor.
   *
   * @throws UserError where that is no time
   */
  int executorWait() {
    if (executorWait < 1) {
      throw new UserError("--executor-wait %d: it must be at least 1".formatted(executorWait));
    }
    return executorWait;
  }
}
