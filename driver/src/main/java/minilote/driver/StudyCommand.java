package minilote.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.driver.study.Measuring;
import minilote.driver.study.RunStore;
import minilote.driver.study.Study;
import minilote.driver.study.StudyPlan;
import minilote.driver.study.StudyRun;
import minilote.trainer.run.Lease;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingOptions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Many runs that differ in named settings, and what their comparison says. */
@Command(
    name = "study",
    description = {
      "Trains with several batch sizes, several seeds each, and compares: accuracy, generalization gap, time to a target, with 95 %% intervals over the seeds.",
      "",
      "The same command again goes on where a study was stopped, and runs no run twice."
    },
    sortOptions = false,
    customSynopsis = {
      "${ROOT-COMMAND-NAME} study --data URI --network WORDS --out DIR [OPTIONS]",
      "       ${ROOT-COMMAND-NAME} study --settings FILE --out DIR [OPTIONS]",
      "       ${ROOT-COMMAND-NAME} study --recipe NAME --data URI --out DIR [OPTIONS]"
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} study --data data/mnist --out studies/mnist \\",
      "      --network \"dense 128 relu, dense 10 softmax\" \\",
      "      --batch 32,256,2048 --seeds 5 --epochs 20",
      "  ${ROOT-COMMAND-NAME} study --data data/cifar-10 --out studies/rates \\",
      "      --network m1 --batch 64,4096 --tune --equal steps",
      "",
      "A file has the same settings by name, and options of train to vary:",
      "  data: data/mnist",
      "  network: dense 128 relu, dense 10 softmax",
      "  batch: [32, 256, 2048]",
      "  vary: {optimizer: [momentum, adam]}",
      "",
      "Published experiments that are lessons, not recipes (${ROOT-COMMAND-NAME} lesson): nielsen-vanishing, smoothness, zhu-anisotropy, kleinberg."
    })
final class StudyCommand extends MiniloteCommand {
  private static final String LEARNING_RATE = "--learning-rate";

  @Option(names = "--out", paramLabel = "DIR", description = "The study's folder, any Hadoop URI.")
  private @Nullable String out;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description =
          "The folder of its runs; studies with the same one share them. Default: runs in --out.")
  private @Nullable String runs;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "A well-known experiment, with the published figures, where there are any, beside one's own: keskar-f1, keskar-c1, hoffer-f1, zhang-mlp, mccandlish-noise, jastrzebski or learning-rate. --data is the data set that it is made with.")
  private @Nullable String recipe;

  @Option(
      names = "--scale",
      paramLabel = "HOW",
      description =
          "small: the recipe in minutes instead of hours, with figures that are not comparable with the published ones.")
  private @Nullable String scale;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "Settings in YAML or JSON; what is given here as well has precedence.")
  private @Nullable String settings;

  @ArgGroup(validate = false, heading = "%nWhat is compared:%n")
  private ComparedOptions compared = new ComparedOptions();

  @SuppressWarnings("UnusedVariable") // Its options are read as they were written.
  @ArgGroup(validate = false, heading = "%nWhat is trained:%n")
  private ModelOptions model = new ModelOptions();

  @SuppressWarnings("UnusedVariable") // Its options are read as they were written.
  @ArgGroup(validate = false, heading = "%nEpochs:%n")
  private EpochOptions epoch = new EpochOptions();

  @SuppressWarnings("UnusedVariable") // Its options are read as they were written.
  @ArgGroup(validate = false, heading = "%nUpdates:%n")
  private OptimizerOptions optimizer = new OptimizerOptions();

  @ArgGroup(validate = false, heading = "%nWhat changes no result:%n")
  private KeepingOptions keeping = new KeepingOptions();

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Runs that are trained at once, each on its share of the slots. Default: one a slot, 16 at most.")
  private int atOnce;

  @Mixin private SparkOptions onSpark;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  StudyCommand() {}

  @Override
  int run(Output output) throws IOException {
    LessonRecipes.refuse(recipe);
    SparkConf conf = SparkStart.settings("study");
    Configuration hadoop = SparkStart.hadoop(conf);
    Path folder = Locations.of("--out", required("--out DIR", out), hadoop);
    Path store = runs == null ? new Path(folder, "runs") : Locations.of("--runs", runs, hadoop);
    if (atOnce < 0) {
      throw new UserError("--at-once %d: it must be at least 1".formatted(atOnce));
    }
    requireFolder("--out", folder, hadoop);
    requireFolder("--runs", store, hadoop);
    Map<String, Object> given = given();
    Recipe published = recipe == null ? null : Recipe.of(recipe);
    if (published != null) {
      given = StudyArms.merged(published.settings(scale), given);
    } else if (scale != null) {
      throw new UserError("--scale: it is for a --recipe");
    }
    if (settings != null) {
      given =
          StudyArms.merged(
              StudyFile.read(Locations.of("--settings", settings, hadoop), hadoop), given);
    }
    StudyAims aims = StudyAims.takenFrom(given);
    List<Double> rates = aims.rates();
    RunStore runStore = new RunStore(store, hadoop);
    Measuring measuring = new Measuring(aims.measures(), aims.examples(), runStore, hadoop);
    StudyPlan plan =
        new StudyPlan(
            new StudyArms().of(given), options -> StudyArms.settings(options, hadoop), hadoop);
    if (rates != null
        && plan.arms().stream().anyMatch(arm -> arm.varied().containsKey(LEARNING_RATE))) {
      throw new UserError("--tune: it chooses learning rates, which --vary gives already");
    }
    TrainingOptions options = keeping.options(false);
    if (published != null) {
      check(published, given, hadoop);
    }
    Study study = new Study(folder, hadoop, plan, runStore, rates, aims.target(), measuring);
    if (published != null) {
      study.compareWith(published.study(scale != null));
    }
    checkDistinct(study.runs());
    study.requireSame();
    for (StudyRun run : study.runs()) {
      run.setup().check(options.synchronization().way());
      if (rates != null && run.setup().validation().validationExamples() == 0) {
        throw new UserError("--tune: it chooses by validation examples, and --validation is 0");
      }
    }
    Lease lease = new RunFolder(folder, hadoop).lease(output::say);
    try {
      StudyPage page = new StudyPage(folder, hadoop, typed(), output::say);
      if (study.hasEnded()) {
        return result(study, page, folder, output);
      }
      return SparkStart.during(
          conf,
          onSpark.executorWait(),
          output,
          spark -> study(spark, study, page, folder, options, output));
    } finally {
      lease.close();
    }
  }

  private int study(
      JavaSparkContext spark,
      Study study,
      StudyPage page,
      Path folder,
      TrainingOptions options,
      Output output)
      throws IOException {
    StopSignal signal =
        new StopSignal(
            output::say,
            "runs under way leave a checkpoint, and what is being measured is finished");
    signal.begin();
    try (StudyConsole console =
        new StudyConsole(
            output.err(), Terminal.isInteractive(), spark.hadoopConfiguration(), signal, page)) {
      return signal.during(
          study::requestStop,
          () -> {
            boolean whole = study.run(spark, options, atOnce, console);
            console.end();
            if (!whole) {
              ObjectNode json = json(study, page, folder);
              page.write(json);
              output.result(json, "Stopped. The same command goes on with what is left.");
              return Minilote.FAILED;
            }
            return result(study, page, folder, output);
          });
    }
  }

  private static void requireFolder(String option, Path folder, Configuration hadoop)
      throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    for (Path path = folder; path != null; path = path.getParent()) {
      FileStatus status;
      try {
        status = files.getFileStatus(path);
      } catch (FileNotFoundException | ParentNotDirectoryException e) {
        continue;
      }
      if (!status.isDirectory()) {
        throw new UserError(
            "%s %s: %s is a file, where a folder is needed".formatted(option, folder, path));
      }
      return;
    }
  }

  private static void check(Recipe recipe, Map<String, Object> given, Configuration hadoop)
      throws IOException {
    Object data = given.get("data");
    if (data instanceof String folder) {
      String name = Dataset.read(Locations.of("--data", folder, hadoop), hadoop).name();
      if (!name.equals(recipe.dataset())) {
        throw new UserError(
            "--recipe %s: it is made with %s (%s prepare %s), and %s is %s"
                .formatted(
                    recipe.name(),
                    recipe.dataset(),
                    Minilote.COMMAND,
                    recipe.preparation(),
                    folder,
                    name));
      }
    }
  }

  /** Two rows of one run would be compared with each other. */
  private static void checkDistinct(List<StudyRun> runs) {
    Map<String, StudyRun> byKey = new HashMap<>();
    for (StudyRun run : runs) {
      StudyRun same = byKey.put(run.key(), run);
      if (same != null) {
        throw new UserError(
            "\"%s\" and \"%s\" are the same run".formatted(same.words(), run.words()));
      }
    }
  }

  private static int result(Study study, StudyPage page, Path folder, Output output) {
    ObjectNode json = json(study, page, folder);
    page.write(json);
    output.result(json, StudyText.of(json, folder));
    for (JsonNode row : json.path("table")) {
      if (row.path("runs").asInt() > 0) {
        return DONE;
      }
    }
    output.say("minilote: all runs have diverged; a smaller --learning-rate may help");
    return Minilote.FAILED;
  }

  private static ObjectNode json(Study study, StudyPage page, Path folder) {
    return study.toJson().put("out", folder.toString()).put("report", page.path().toString());
  }

  /** The command, as a shell would take it. */
  private String typed() {
    StringBuilder typed = new StringBuilder(Minilote.COMMAND);
    for (String word : spec.commandLine().getParseResult().originalArgs()) {
      typed.append(' ').append(ShellWord.quoted(word));
    }
    return typed.toString();
  }

  /** What the command line says, as a file would. */
  private Map<String, Object> given() {
    StudyArms arms = new StudyArms();
    Map<String, Object> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName().substring(2);
      if (name.equals(StudyArms.VARY)) {
        given.put(name, StudyArms.varied(compared.vary));
      } else if (StudyArms.OWN.contains(name)
          || arms.isRunOption(name)
          || StudyAims.NAMES.contains(name)) {
        Object value = option.getValue();
        given.put(
            name,
            value instanceof Boolean ? value : String.join("", option.originalStringValues()));
      }
    }
    return given;
  }
}
