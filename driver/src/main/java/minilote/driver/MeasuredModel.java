package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.run.Files;
import minilote.trainer.run.Model;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.spark.Landscape;
import minilote.trainer.spark.Portion;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * A model whose minimum is measured, and the examples for it.
 *
 * @param path a run's folder, or a model's file
 * @param run the folder, if it is one
 * @param data the data set's folder
 * @param portion which of its examples
 */
record MeasuredModel(
    Path path, Model model, @Nullable RunFolder run, Path data, Dataset dataset, Portion portion) {

  /**
   * What a command is given.
   *
   * @param name of the parameter, for messages
   * @throws UserError where there is no model, or no data for it
   */
  static MeasuredModel of(
      String name, String given, MeasureOptions options, Configuration configuration)
      throws IOException {
    Path path = Locations.of(name, given, configuration);
    Model model = Model.read(path, configuration);
    RunFolder run = run(path, configuration);
    TrainingSettings settings = run == null ? null : settings(run);
    Path folder = data(given, options.data, settings, configuration);
    Dataset dataset = Dataset.read(folder, configuration);
    Portion portion =
        settings != null && options.split.equals(Dataset.TRAIN)
            ? Portion.training(settings)
            : Portion.of(options.split);
    dataset.split(options.split); // It is there.
    return new MeasuredModel(path, model, run, folder, dataset, options.limited(portion));
  }

  /** The run in a folder; null where there is none. */
  private static @Nullable RunFolder run(Path path, Configuration configuration)
      throws IOException {
    return Files.fileSystem(path, configuration).exists(new Path(path, RunFolder.RUN))
        ? new RunFolder(path, configuration)
        : null;
  }

  /**
   * The data set for a model: the one that is named, or else that of its run.
   *
   * @param given the model, as it was named
   * @param path its path
   * @param data the data set, as it was named; null where it was not
   * @throws UserError where neither names one
   */
  static Path data(String given, Path path, @Nullable String data, Configuration configuration)
      throws IOException {
    RunFolder run = data == null ? run(path, configuration) : null;
    return data(given, data, run == null ? null : settings(run), configuration);
  }

  private static Path data(
      String given,
      @Nullable String data,
      @Nullable TrainingSettings settings,
      Configuration configuration)
      throws IOException {
    if (data != null) {
      return Locations.of("--data", data, configuration);
    }
    if (settings == null) {
      throw new UserError(
          "%s is a model without its run, which would name its data: --data URI does so"
              .formatted(given));
    }
    return new Path(settings.data());
  }

  private static TrainingSettings settings(RunFolder run) throws IOException {
    ObjectNode json = run.readRun();
    try {
      return TrainingSettings.fromJson(Json.object(json, "settings"));
    } catch (UserError e) {
      throw new UserError(
          "%s: %s".formatted(new Path(run.path(), RunFolder.RUN), e.getMessage()), e);
    }
  }

  /** How many examples count. */
  long examples() {
    return portion.count(dataset);
  }

  /** "54,000 training examples of mnist". */
  String examplesInWords() {
    return "%,d %s examples of %s"
        .formatted(
            examples(),
            portion.split().equals(Dataset.TRAIN) ? "training" : portion.split(),
            dataset.name());
  }

  /** Its error as a function of the weights. */
  Landscape landscape(JavaSparkContext spark) throws IOException {
    return landscape(spark, portion);
  }

  Landscape landscape(JavaSparkContext spark, Portion of) throws IOException {
    return Landscape.of(spark, model, data.toString(), of, 0);
  }

  /** The trained weights. */
  double[] weights() {
    return model.trainedWeights();
  }

  /** The weights that training began with; null where the run is not known. */
  float @Nullable [] initialParameters() throws IOException {
    return run == null ? null : RunJson.initialParameters(run, run.readRun(), model.network());
  }

  /** What every measure's result says of what it was taken on. */
  ObjectNode describe(ObjectNode json) {
    return json.put("model", path.toString())
        .put("data", data.toString())
        .put("split", portion.split())
        .put("examples", examples());
  }
}
