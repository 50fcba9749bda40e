package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.run.Files;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingInterrupted;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSetup;
import minilote.trainer.spark.Training;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a run again and compares the weights. */
@Command(
    name = "reproduce",
    description =
        "Runs a run again and says whether its weights come out bit for bit (exit code 0) or not (1).",
    sortOptions = false,
    customSynopsis = "${ROOT-COMMAND-NAME} reproduce DIR [OPTIONS]",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} reproduce runs/mnist",
      "  ${ROOT-COMMAND-NAME} reproduce runs/mnist --partitions 7 \\",
      "      --synchronizer tree-aggregate --out runs/mnist-again"
    })
final class ReproduceCommand extends MiniloteCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder of a run that has ended.")
  private @Nullable String run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The new run's folder. Default: one that is deleted afterwards.")
  private @Nullable String out;

  @ArgGroup(validate = false, heading = "%nWhat changes no result:%n")
  private ClusterOptions cluster = new ClusterOptions();

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  ReproduceCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings("reproduce");
    Configuration hadoop = SparkStart.hadoop(conf);
    RunFolder first = new RunFolder(Locations.of("DIR", required("DIR", run), hadoop), hadoop);
    ObjectNode description = first.readRun();
    TrainingSetup setup = RunJson.setup(first, description);
    TrainingResult expected = first.readResult();
    if (expected == null) {
      throw new UserError(
          "%s has no %s: the run has not ended; %s train --out %s --resume continues it"
              .formatted(first.path(), RunFolder.RESULT, Minilote.COMMAND, first.path()));
    }
    if (out == null) {
      Path temporary = new Path(java.nio.file.Files.createTempDirectory("minilote").toUri());
      try {
        return reproduce(output, conf, setup, expected, first, new Path(temporary, "run"));
      } catch (TrainingInterrupted e) {
        throw new IllegalStateException(e.getCause()); // There is nothing to go on with.
      } finally {
        Files.fileSystem(temporary, hadoop).delete(temporary, true);
      }
    }
    Path folder = Locations.of("--out", out, hadoop);
    new RunFolder(folder, hadoop).requireNew();
    return reproduce(output, conf, setup, expected, first, folder);
  }

  private int reproduce(
      Output output,
      SparkConf conf,
      TrainingSetup setup,
      TrainingResult expected,
      RunFolder first,
      Path folder)
      throws IOException {
    TrainingOptions options =
        new TrainingOptions(
            cluster.partitions(), 0, 1, 0, cluster.synchronization(), cluster.placement(), false);
    setup.check(options.synchronization().way());
    RunReport report = new RunReport(new RunFolder(folder, first.configuration()), output::say);
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> {
          Optional<TrainingResult> result;
          try (TrainingConsole console =
              new TrainingConsole(
                  output.err(), Terminal.isInteractive(), setup.settings().epochs())) {
            result =
                Training.start(
                        spark,
                        setup.settings(),
                        options,
                        folder,
                        new Listeners(List.of(console, report)))
                    .run();
          }
          report.write();
          return compare(output, expected, result.orElseThrow(), first, folder);
        });
  }

  private int compare(
      Output output, TrainingResult expected, TrainingResult result, RunFolder first, Path folder)
      throws IOException {
    boolean identical = expected.weightsSha256().equals(result.weightsSha256());
    ObjectNode json = Json.object();
    json.put("identical", identical);
    json.put("weights_sha256", expected.weightsSha256());
    json.put("again_weights_sha256", result.weightsSha256());
    json.put("out", out == null ? null : folder.toString());
    StringBuilder text = new StringBuilder();
    text.append(
        identical
            ? "Identical: the weights came out bit for bit.\n"
            : "NOT identical: the weights came out otherwise.\n");
    text.append("  then  ").append(expected.weightsSha256()).append('\n');
    text.append("  now   ").append(result.weightsSha256());
    ObjectNode then = first.readRun();
    ObjectNode now = new RunFolder(folder, first.configuration()).readRun();
    json.put("synchronizer", synchronizer(then));
    json.put("again_synchronizer", synchronizer(now));
    text.append("\n  sums  then by %s, now by %s".formatted(synchronizer(then), synchronizer(now)));
    if (!identical) {
      for (String part : List.of("numerics", "versions")) {
        if (!then.path(part).equals(now.path(part))) {
          json.withArray("differences").add(part);
          text.append("\n%s then  %s".formatted(part, then.path(part)));
          text.append("\n%s now   %s".formatted(part, now.path(part)));
        }
      }
    }
    output.result(json, text.toString());
    return identical ? DONE : Minilote.FAILED;
  }

  /** As run.json has it, beside what decides the result. */
  private static String synchronizer(ObjectNode run) {
    return run.path("cluster").path("synchronizer").asText("tree-aggregate");
  }
}
