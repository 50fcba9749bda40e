package minilote.driver;

import minilote.datasets.Dataset;
import minilote.trainer.spark.Portion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The examples that a measure of a minimum is taken on. */
final class MeasureOptions {
  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "The folder of a prepared data set. Default: the one of the run.")
  @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = Dataset.TRAIN,
      description =
          "Which of its examples: train, without those that the run has set apart for validation; or test. Default: ${DEFAULT-VALUE}.")
  String split;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "Of these only the first so many. Default: all.")
  private @Nullable Long examples;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  MeasureOptions() {}

  /** At most so many of the portion's examples as the user wants. */
  Portion limited(Portion portion) {
    return portion.first(examples == null ? Portion.ALL : examples);
  }
}
