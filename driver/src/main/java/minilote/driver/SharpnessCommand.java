package minilote.driver;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.driver.report.Words;
import minilote.trainer.measure.Sharpness;
import minilote.trainer.spark.Landscape;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How sharp the minimum is that a run has found. */
@Command(
    name = "sharpness",
    description =
        "Says how sharp a model's minimum is: by how much, in percent of 1 + loss, the training loss can grow when no weight w moves by more than ε (|w| + 1) (Keskar et al. 2017, metric 2.1). Beside it the growth at the corner of that box where the gradient points to.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} sharpness RUN [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} sharpness runs/mnist",
      "  ${ROOT-COMMAND-NAME} sharpness runs/mnist --epsilon 0.001 --subspace 100",
      "  ${ROOT-COMMAND-NAME} sharpness model.safetensors --data data/mnist \\",
      "      --examples 10000 --json"
    })
final class SharpnessCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run's folder, or a file model.safetensors.")
  private @Nullable String run;

  @Mixin private MeasureOptions on;

  @Option(
      names = "--epsilon",
      paramLabel = "ε",
      split = ",",
      defaultValue = "0.001,0.0005",
      description = "Sizes of the box, a result each. Default: ${DEFAULT-VALUE}.")
  private List<Double> epsilons;

  @Option(
      names = "--subspace",
      paramLabel = "P",
      description =
          "Let the weights move in a random subspace of so many dimensions. Default: all of them, freely.")
  private @Nullable Integer subspace;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Of L-BFGS-B, in search of the largest loss; each takes one pass over the examples, or a few. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the subspace. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  SharpnessCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    Sharpness.Settings settings = new Sharpness.Settings(epsilons, subspace(), iterations, seed);
    MeasuredModel measured = MeasuredModel.of("RUN", required("RUN", run), on, hadoop);
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          Sharpness sharpness;
          try (Landscape landscape = measured.landscape(spark);
              WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
            sharpness =
                Sharpness.of(
                    landscape.objective(measured.model().parameters()),
                    measured.weights(),
                    settings,
                    console);
          }
          output.result(measured.describe(sharpness.toJson()), text(measured, sharpness));
          return DONE;
        });
  }

  private int subspace() {
    if (subspace != null && subspace < 1) {
      throw new UserError("--subspace %d: it must be at least 1".formatted(subspace));
    }
    return subspace == null ? 0 : subspace;
  }

  private static String text(MeasuredModel measured, Sharpness sharpness) {
    TextTable table =
        new TextTable("r")
            .row("ε", "sharpness", "largest loss", "at the corner", "loss there", "passes");
    for (Sharpness.Box box : sharpness.boxes()) {
      table.row(
          BigDecimal.valueOf(box.epsilon()).stripTrailingZeros().toPlainString(),
          percent(box.sharpness()),
          Words.number(box.maximum()),
          percent(box.cornerSharpness()),
          Words.number(box.corner()),
          String.valueOf(box.evaluations()));
    }
    return "loss  %s on %s\n%s\n\n%s"
        .formatted(
            Words.number(sharpness.loss()),
            measured.examplesInWords(),
            sharpness.subspace() == 0
                ? "over  %,d weights".formatted(sharpness.weights())
                : "over  a random subspace of %,d dimensions, of %,d weights"
                    .formatted(sharpness.subspace(), sharpness.weights()),
            table);
  }

  private static String percent(double growth) {
    double size = Math.abs(growth);
    return String.format(Locale.ROOT, size == 0 || size >= 0.01 ? "%.2f %%" : "%.1e %%", growth);
  }
}
