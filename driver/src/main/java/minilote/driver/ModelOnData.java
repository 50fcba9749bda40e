package minilote.driver;

import minilote.datasets.Dataset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model, and the examples of a data set that it is tried on: what several commands take. */
final class ModelOnData {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A run's folder, or a file model.safetensors.")
  @Nullable String model;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description =
          "The folder of a prepared data set (${ROOT-COMMAND-NAME} prepare makes one). Of evaluate, by default, the one of the run.")
  @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = Dataset.TEST,
      description = "Which of its examples: train or test. Default: ${DEFAULT-VALUE}.")
  String split;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  ModelOnData() {}
}
