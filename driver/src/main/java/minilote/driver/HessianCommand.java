package minilote.driver;

import java.io.IOException;
import minilote.driver.report.Words;
import minilote.trainer.measure.Curvature;
import minilote.trainer.spark.Landscape;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How curved the minimum is that a run has found. */
@Command(
    name = "hessian",
    description =
        "Says how curved the training loss is at a model's weights: the largest and the least eigenvalue of its Hessian, by Lanczos' method, and its trace, by Hutchinson's, without ever forming it. A product with a vector takes two passes over the examples.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} hessian RUN [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} hessian runs/mnist",
      "  ${ROOT-COMMAND-NAME} hessian runs/mnist --products 40 --samples 50 \\",
      "      --examples 10000"
    })
final class HessianCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run's folder, or a file model.safetensors.")
  private @Nullable String run;

  @Mixin private MeasureOptions on;

  @Option(
      names = "--products",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "At most so many products with vectors for the eigenvalues, each of which is kept on the driver. Default: ${DEFAULT-VALUE}.")
  private int products;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "0.001",
      description =
          "Fewer products do when the largest eigenvalue's residual is so small a part of it. Default: ${DEFAULT-VALUE}.")
  private double tolerance;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "10",
      description = "Random vectors for the trace, a product each. Default: ${DEFAULT-VALUE}.")
  private int samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the random vectors. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  HessianCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    Curvature.Settings settings = new Curvature.Settings(products, samples, tolerance, seed);
    MeasuredModel measured = MeasuredModel.of("RUN", required("RUN", run), on, hadoop);
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          Curvature curvature;
          try (Landscape landscape = measured.landscape(spark);
              WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
            curvature =
                Curvature.of(
                    landscape.objective(measured.model().parameters()),
                    measured.weights(),
                    settings,
                    console);
          }
          output.result(measured.describe(curvature.toJson()), text(measured, curvature));
          return DONE;
        });
  }

  private static String text(MeasuredModel measured, Curvature curvature) {
    TextTable table = new TextTable("lrl");
    table.row(
        "largest eigenvalue",
        Words.number(curvature.largest()),
        residual(curvature.largestResidual()));
    table.row(
        "least eigenvalue", Words.number(curvature.least()), residual(curvature.leastResidual()));
    table.row(
        "trace",
        Words.number(curvature.trace()),
        "standard error %s, %s"
            .formatted(
                Words.number(curvature.traceError()), Words.count(curvature.samples(), "sample")));
    table.row("norm of the gradient", Words.number(curvature.gradientNorm()));
    return "loss  %s on %s\nover  %,d weights, %s for the eigenvalues\n\n%s"
        .formatted(
            Words.number(curvature.loss()),
            measured.examplesInWords(),
            curvature.weights(),
            Words.count(curvature.products(), "product"),
            table);
  }

  private static String residual(double residual) {
    return "residual " + Words.number(residual);
  }
}
