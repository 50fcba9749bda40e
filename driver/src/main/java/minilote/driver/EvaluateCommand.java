package minilote.driver;

import java.io.IOException;
import minilote.datasets.Dataset;
import minilote.trainer.run.Model;
import minilote.trainer.spark.AnswerStatistics;
import minilote.trainer.spark.Evaluation;
import minilote.trainer.spark.Evaluator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well a model does on a data set. */
@Command(
    name = "evaluate",
    description = "Says how well a model does on a data set: loss, accuracy, and by class.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} evaluate MODEL [--data URI] [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} evaluate runs/mnist",
      "  ${ROOT-COMMAND-NAME} evaluate model.safetensors --data data/mnist \\",
      "      --split train --json"
    })
final class EvaluateCommand extends MiniloteCommand {
  private static final String BLOCK = "1,024 examples at a time";

  @Mixin private ModelOnData on;

  @Option(
      names = "--statistics",
      paramLabel = "HOW",
      defaultValue = "running",
      description =
          "What batch normalization goes by: running, the statistics that training has kept; or batch, those of "
              + BLOCK
              + ", as some published figures do: then an answer depends on the examples beside it. Default: ${DEFAULT-VALUE}.")
  private String statistics;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  EvaluateCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings("evaluate");
    Configuration hadoop = SparkStart.hadoop(conf);
    String given = required("MODEL", on.model);
    Path modelPath = Locations.of("MODEL", given, hadoop);
    Model read = Model.read(modelPath, hadoop);
    Path dataPath = MeasuredModel.data(given, modelPath, on.data, hadoop);
    boolean byBatch =
        Choice.of("--statistics", statistics, AnswerStatistics.class).of(read.network())
            == AnswerStatistics.BATCH;
    long examples = Dataset.read(dataPath, hadoop).split(on.split).examples();
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          output.say("evaluating on %,d examples".formatted(examples));
          Evaluation evaluation =
              Evaluator.evaluate(spark, read, dataPath.toString(), on.split, 0, byBatch);
          EvaluationText text = new EvaluationText(read.classNames(), evaluation, on.split);
          output.result(
              text.toJson()
                  .put("statistics", statistics)
                  .put("model", modelPath.toString())
                  .put("data", dataPath.toString()),
              (byBatch ? "By the statistics of %s (--statistics batch):\n\n".formatted(BLOCK) : "")
                  + text);
          return DONE;
        });
  }
}
