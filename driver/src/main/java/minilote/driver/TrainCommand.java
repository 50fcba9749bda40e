package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingProfile;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import minilote.trainer.spark.Training;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** One run: from settings and data to a folder with a model and what is known of it. */
@Command(
    name = "train",
    description = "Trains a network and leaves all that is known of the run in a folder.",
    sortOptions = false,
    customSynopsis = {
      "${ROOT-COMMAND-NAME} train --data URI --network WORDS --out DIR [OPTIONS]",
      "       ${ROOT-COMMAND-NAME} train --out DIR --resume"
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} train --data data/mnist --out runs/mnist \\",
      "      --network \"dense 128 relu, dense 10 softmax\" --batch 64 --epochs 10",
      "  ${ROOT-COMMAND-NAME} train --data data/cifar-10 --out runs/cifar-10 \\",
      "      --network c1 --augment \"crop 4, flip\"",
      "  ${ROOT-COMMAND-NAME} train --out runs/mnist --resume"
    })
final class TrainCommand extends MiniloteCommand {
  /** Options that may stand beside --resume, as they change no result. */
  private static final Set<String> FREE =
      Set.of(
          "--out",
          "--resume",
          "--checkpoint-every",
          "--keep",
          "--metrics-every",
          "--partitions",
          "--synchronizer",
          "--exchange-port",
          "--exchange-timeout",
          "--retries",
          "--placement",
          "--profile",
          "--executor-wait",
          "--json",
          "--verbose");

  @Option(names = "--out", paramLabel = "DIR", description = "The run's folder, any Hadoop URI.")
  private @Nullable String out;

  @Option(
      names = "--resume",
      description = "Go on with the run in --out from its newest checkpoint, to the same bits.")
  private boolean resume;

  @Mixin private RunOptions given;

  @ArgGroup(validate = false, heading = "%nWhat changes no result:%n")
  private KeepingOptions keeping = new KeepingOptions();

  @Option(names = "--profile", description = "Tell at the end where the time of an update went.")
  private boolean profile;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  TrainCommand() {}

  @Override
  int run(Output output) throws IOException {
    SparkConf conf = SparkStart.settings("train");
    Configuration hadoop = SparkStart.hadoop(conf);
    Path folder = Locations.of("--out", required("--out DIR", out), hadoop);
    TrainingOptions options = keeping.options(profile);
    RunFolder run = new RunFolder(folder, hadoop);
    run.requireFree();
    TrainingSetup setup = resume ? resumed(folder, hadoop) : begun(folder, hadoop);
    TrainingResult before = run.readResult();
    if (before != null) {
      output.say("This run is finished: nothing is left to do. Its result:");
      return finished(folder, new RunReport(run, output::say), setup, before, null, output);
    }
    setup.check(options.synchronization().way());
    return SparkStart.during(
        conf,
        onSpark.executorWait(),
        output,
        spark -> train(spark, folder, setup, options, output));
  }

  private int train(
      JavaSparkContext spark,
      Path folder,
      TrainingSetup setup,
      TrainingOptions options,
      Output output)
      throws IOException {
    RunReport report =
        new RunReport(new RunFolder(folder, spark.hadoopConfiguration()), output::say);
    StopSignal signal = new StopSignal(output::say);
    try (TrainingConsole console =
        new TrainingConsole(output.err(), Terminal.isInteractive(), setup.settings().epochs())) {
      Listeners listeners = new Listeners(List.of(console, report, signal));
      Training training =
          resume
              ? Training.resume(spark, options, folder, listeners)
              : Training.start(spark, setup.settings(), options, folder, listeners);
      return signal.during(
          training::requestStop,
          () -> {
            Optional<TrainingResult> result = training.run();
            console.end();
            report.write();
            return result.isPresent()
                ? finished(folder, report, setup, result.get(), console.profile(), output)
                : stopped(folder, listeners, output);
          });
    }
  }

  private TrainingSetup begun(Path folder, Configuration hadoop) throws IOException {
    TrainingSettings settings =
        given.settings(
            required("--data URI", given.model.data),
            required("--network WORDS", given.model.network),
            hadoop);
    new RunFolder(folder, hadoop).requireNew();
    // Checked before Spark starts: a mistake is told within a second.
    return TrainingSetup.of(settings, hadoop);
  }

  private TrainingSetup resumed(Path folder, Configuration hadoop) throws IOException {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!FREE.contains(given.longestName())) {
        throw new UserError(
            "%s cannot be given with --resume: a run goes on with the settings that it began with"
                .formatted(given.longestName()));
      }
    }
    RunFolder run = new RunFolder(folder, hadoop);
    return RunJson.setup(run, run.readRun());
  }

  private static int stopped(Path folder, Listeners listeners, Output output) {
    Path checkpoint = listeners.lastCheckpoint();
    ObjectNode json = Json.object();
    json.put("stopped", true);
    json.put("out", folder.toString());
    json.put("checkpoint", checkpoint == null ? null : checkpoint.toString());
    output.result(
        json,
        "Stopped. The checkpoint is in %s; to go on:\n  %s train --out %s --resume"
            .formatted(checkpoint, Minilote.COMMAND, folder));
    return Minilote.FAILED;
  }

  private static int finished(
      Path folder,
      RunReport report,
      TrainingSetup setup,
      TrainingResult result,
      @Nullable TrainingProfile profile,
      Output output) {
    ObjectNode json = result.toJson();
    if (profile != null) {
      json.set("profile", profile.toJson());
    }
    json.put("out", folder.toString());
    json.put("report", report.path().toString());
    List<String> lines = new ArrayList<>();
    lines.add(ResultText.of(result, setup));
    lines.add("");
    lines.add("folder  " + folder);
    lines.add("report  " + report.path());
    output.result(json, String.join("\n", lines));
    return DONE;
  }
}
