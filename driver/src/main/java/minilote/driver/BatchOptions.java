package minilote.driver;

import picocli.CommandLine.Option;

/** The batch, how examples are taken, and which: options of {@code train}. */
final class BatchOptions extends EpochOptions {
  @Option(
      names = "--batch",
      order = -1,
      paramLabel = "N",
      defaultValue = "128",
      description = "Examples of one update, over the whole cluster. Default: ${DEFAULT-VALUE}.")
  int batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Decides everything else that is random. Default: ${DEFAULT-VALUE}.")
  long seed;

  BatchOptions() {}
}
