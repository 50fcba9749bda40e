package minilote.driver;

import java.io.IOException;
import minilote.driver.report.Words;
import minilote.trainer.measure.LayerNorms;
import minilote.trainer.measure.Sensitivity;
import minilote.trainer.spark.Landscape;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How far a run's weights have come, and how strongly the error pulls at each layer. */
@Command(
    name = "norms",
    description =
        "Says of a model as a whole and of each layer: the norm of its weights w, how far they are from where the run began (w − w0), the norm of the mean loss's gradient, and how strongly the loss feels the layer's signals: the norm of the mean of δ over the examples (Nielsen's speed of learning), and the mean of its norm.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} norms RUN [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} norms runs/mnist",
      "  ${ROOT-COMMAND-NAME} norms runs/mnist --examples 1000 --json"
    })
final class NormsCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run's folder, or a file model.safetensors, of which no start is known.")
  private @Nullable String run;

  @Mixin private MeasureOptions on;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  NormsCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    MeasuredModel measured = MeasuredModel.of("RUN", required("RUN", run), on, hadoop);
    float[] initial = measured.initialParameters();
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          output.say("measuring on " + measured.examplesInWords());
          LayerNorms norms = norms(spark, measured, initial);
          output.result(measured.describe(norms.toJson()), text(measured, norms));
          return DONE;
        });
  }

  private static LayerNorms norms(
      JavaSparkContext spark, MeasuredModel measured, float @Nullable [] initial)
      throws IOException {
    try (Landscape landscape = measured.landscape(spark)) {
      return landscape.norms(measured.model().parameters(), initial);
    }
  }

  private static String text(MeasuredModel measured, LayerNorms norms) {
    TextTable table =
        new TextTable("lr")
            .row("layer", "weights", "‖w‖", "‖w − w0‖", "‖gradient‖", "‖mean δ‖", "mean ‖δ‖");
    for (LayerNorms.Norms layer : norms.layers()) {
      row(table, layer.layer(), layer);
    }
    row(table, "all", norms.all());
    return "loss  %s on %s\n\n%s"
        .formatted(Words.number(norms.loss()), measured.examplesInWords(), table);
  }

  private static void row(TextTable table, String name, LayerNorms.Norms norms) {
    Sensitivity sensitivity = norms.sensitivity();
    table.row(
        name,
        "%,d".formatted(norms.weights()),
        Words.number(norms.length()),
        Words.number(norms.distance()),
        Words.number(norms.gradient()),
        Words.number(sensitivity == null ? null : (Double) sensitivity.ofMean()),
        Words.number(sensitivity == null ? null : (Double) sensitivity.mean()));
  }
}
