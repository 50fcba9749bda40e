package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.driver.report.MeasurePicture;
import minilote.driver.report.Words;
import minilote.trainer.measure.LossSlice;
import minilote.trainer.measure.Score;
import minilote.trainer.run.Files;
import minilote.trainer.spark.Landscape;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the loss looks like around the minimum that a run has found. */
@Command(
    name = "landscape",
    description =
        "Looks at the loss around a model's weights, along one random direction or over two, each of whose filters is as long as the network's own (Li et al. 2018).",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} landscape RUN [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} landscape runs/mnist --out slice.svg",
      "  ${ROOT-COMMAND-NAME} landscape runs/mnist --grid 25 --examples 10000 \\",
      "      --out map.svg"
    })
final class LandscapeCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run's folder, or a file model.safetensors.")
  private @Nullable String run;

  @Mixin private MeasureOptions on;

  @Option(
      names = "--points",
      paramLabel = "N",
      description = "So many points along one direction, an odd number. Default: 41.")
  private @Nullable Integer points;

  @Option(
      names = "--grid",
      paramLabel = "N",
      description = "Instead: so many times so many points over two directions, an odd number.")
  private @Nullable Integer grid;

  @Option(
      names = "--radius",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "How far to look; at 1, a filter has moved as far as it is long. Default: ${DEFAULT-VALUE}.")
  private double radius;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the directions. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private PictureOptions picture;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  LandscapeCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings(spec.name());
    Configuration hadoop = SparkStart.hadoop(conf);
    LossSlice.Settings settings = settings();
    Path file = picture.file(hadoop);
    MeasuredModel measured = MeasuredModel.of("RUN", required("RUN", run), on, hadoop);
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          LossSlice slice;
          try (Landscape landscape = measured.landscape(spark);
              WorkConsole console = new WorkConsole(output.err(), Terminal.isInteractive())) {
            slice =
                LossSlice.of(
                    measured.model().network(),
                    measured.model().parameters(),
                    settings,
                    landscape,
                    console);
          }
          if (file != null) {
            Files.write(file, MeasurePicture.of(slice), hadoop);
          }
          ObjectNode json = measured.describe(slice.toJson());
          json.put("picture", file == null ? null : file.toString());
          output.result(
              json,
              "loss around the model, on %s\n\n%s%s"
                  .formatted(measured.examplesInWords(), text(slice), PictureOptions.line(file)));
          return DONE;
        });
  }

  private LossSlice.Settings settings() {
    if (grid != null && points != null) {
      throw new UserError(
          "--points %d and --grid %d: the one is along one direction, the other over two"
              .formatted(points, grid));
    }
    return grid != null
        ? new LossSlice.Settings(2, grid, radius, seed)
        : new LossSlice.Settings(
            1, points == null ? LossSlice.Settings.LINE.points() : points, radius, seed);
  }

  private static String text(LossSlice slice) {
    return slice.dimensions() == 1 ? along(slice) : over(slice);
  }

  private static String along(LossSlice slice) {
    TextTable table = new TextTable("r").row("distance", "loss", "accuracy");
    for (int i = 0; i < slice.at().length; i++) {
      Score score = slice.rows().get(0).get(i);
      table.row(
          String.format(Locale.ROOT, "%.3f", slice.at()[i]),
          Words.number(score.loss()),
          Words.percent(score.accuracy().orElse(Double.NaN)));
    }
    return table.toString();
  }

  /** A grid does not fit a terminal: its middle, and the range. */
  private static String over(LossSlice slice) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (List<Score> row : slice.rows()) {
      for (Score score : row) {
        least = Math.min(least, score.loss());
        most = Math.max(most, score.loss());
      }
    }
    int middle = slice.at().length / 2;
    return new TextTable("lr")
        .row("at the model", Words.number(slice.rows().get(middle).get(middle).loss()))
        .row("least", Words.number(least))
        .row("largest", Words.number(most))
        .toString()
        .concat("\n\n(--json has all points)");
  }
}
