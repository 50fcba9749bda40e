package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.driver.report.MeasurePicture;
import minilote.driver.report.Words;
import minilote.trainer.measure.Interpolation;
import minilote.trainer.measure.Score;
import minilote.trainer.network.Network;
import minilote.trainer.run.Files;
import minilote.trainer.run.Model;
import minilote.trainer.spark.AnswerStatistics;
import minilote.trainer.spark.Landscape;
import minilote.trainer.spark.Portion;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What lies between the minima of two runs. */
@Command(
    name = "interpolate",
    description =
        "Says how well the networks on the straight line through two models' weights do, at (1 − α) w1 + α w2: loss and accuracy on training and test examples.",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} interpolate RUN1 RUN2 [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} interpolate runs/batch-256 runs/batch-6000",
      "  ${ROOT-COMMAND-NAME} interpolate runs/batch-256 runs/batch-6000 --from 0 \\",
      "      --to 1 --points 11 --out line.svg"
    })
final class InterpolateCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN1",
      description = "A run's folder, or a file model.safetensors: α = 0.")
  private @Nullable String first;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RUN2",
      description = "Another one of the same network: α = 1.")
  private @Nullable String second;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "The folder of a prepared data set. Default: the one of RUN1.")
  private @Nullable String data;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description = "Only the first so many training examples, and test examples. Default: all.")
  private @Nullable Long examples;

  @Option(
      names = "--statistics",
      paramLabel = "HOW",
      description =
          "What batch normalization goes by: batch, the statistics of 1,024 examples at a time; or running, those that training has kept, on the line as well (with variances of at least 0), which are not what the networks between the minima would have. Default: batch, if the network has any.")
  private @Nullable String statistics;

  @Option(
      names = "--from",
      paramLabel = "α",
      defaultValue = "" + Interpolation.FROM,
      description = "The least α. Default: ${DEFAULT-VALUE}.")
  private double from;

  @Option(
      names = "--to",
      paramLabel = "α",
      defaultValue = "" + Interpolation.TO,
      description = "The largest α. Default: ${DEFAULT-VALUE}.")
  private double to;

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "" + Interpolation.POINTS,
      description = "So many α, evenly spaced. Default: ${DEFAULT-VALUE}.")
  private int points;

  @Mixin private PictureOptions picture;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  InterpolateCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    double[] alphas = Interpolation.grid(from, to, points);
    Path file = picture.file(hadoop);
    MeasureOptions on = new MeasureOptions();
    on.data = data;
    on.split = Dataset.TRAIN;
    MeasuredModel measured = MeasuredModel.of("RUN1", required("RUN1", first), on, hadoop);
    Path otherPath = Locations.of("RUN2", required("RUN2", second), hadoop);
    Model other = Model.read(otherPath, hadoop);
    checkAlike(measured, other, otherPath);
    Network network = measured.model().network();
    AnswerStatistics by =
        statistics == null
            ? AnswerStatistics.between(network)
            : Choice.of("--statistics", statistics, AnswerStatistics.class).of(network);
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          Interpolation line = between(spark, measured, other, alphas, by, output);
          if (file != null) {
            Files.write(file, MeasurePicture.of(line), hadoop);
          }
          ObjectNode json = measured.describe(line.toJson());
          json.put("other", otherPath.toString());
          json.remove("split");
          json.put("examples", limited(measured.portion()).count(measured.dataset()));
          json.put("statistics", AnswerStatistics.matter(network) ? Choice.word(by) : null);
          json.put("picture", file == null ? null : file.toString());
          output.result(json, text(line) + PictureOptions.line(file));
          return DONE;
        });
  }

  private Portion limited(Portion portion) {
    return portion.first(examples == null ? Portion.ALL : examples);
  }

  private static void checkAlike(MeasuredModel measured, Model other, Path otherPath) {
    Model model = measured.model();
    if (!model.network().tensors().equals(other.network().tensors())) {
      throw new UserError(
          "%s: its network is \"%s\", which has other weights than \"%s\" of %s"
              .formatted(
                  otherPath,
                  other.network().description().toWords(),
                  model.network().description().toWords(),
                  measured.path()));
    }
    if (!model.normalization().toJson().equals(other.normalization().toJson())) {
      throw new UserError(
          "%s and %s were trained on inputs that are normalized otherwise, so that the weights between them have none"
              .formatted(measured.path(), otherPath));
    }
  }

  private Interpolation between(
      JavaSparkContext spark,
      MeasuredModel measured,
      Model other,
      double[] alphas,
      AnswerStatistics by,
      Output output)
      throws IOException {
    boolean tested = measured.dataset().splits().containsKey(Dataset.TEST);
    try (Landscape train = measured.landscape(spark, limited(measured.portion()));
        Landscape test =
            tested ? measured.landscape(spark, limited(Portion.of(Dataset.TEST))) : null;
        WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
      return Interpolation.of(
          measured.model().network(),
          measured.model().parameters(),
          other.parameters(),
          alphas,
          by.scorer(train),
          test == null ? null : by.scorer(test),
          console);
    }
  }

  private static String text(Interpolation line) {
    TextTable table =
        new TextTable("r").row("α", "training loss", "accuracy", "test loss", "accuracy");
    for (Interpolation.Point point : line.points()) {
      Score test = point.test();
      table.row(
          String.format(Locale.ROOT, "%.3f", point.alpha()),
          Words.number(point.train().loss()),
          accuracy(point.train()),
          test == null ? "–" : Words.number(test.loss()),
          test == null ? "–" : accuracy(test));
    }
    return table.toString();
  }

  private static String accuracy(Score score) {
    return Words.percent(score.accuracy().orElse(Double.NaN));
  }
}
