package minilote.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunFolder;
import org.apache.hadoop.fs.FileUtil;

/**
 * Minilote as its users run it, {@code deploy/minilote train}. Its rate is that of its own {@code
 * metrics.jsonl}, over the epochs after the warm-up: training steps and epoch changes with all that
 * belongs to them; not the start of the JVM and Spark, nor the evaluation at the end.
 */
final class MiniloteContender implements Contender {
  private static final int FEWEST_EPOCHS = 2;

  private final String name;
  private final Path launcher;
  private final List<String> sparkOptions;
  private final boolean lanesAreThreads;
  private final List<String> trainOptions;
  private final Path folder;
  private final Map<String, Double> rates = new HashMap<>();

  /**
   * @param name as in tables
   * @param launcher deploy/minilote
   * @param sparkOptions such as {@code --master local[2]}
   * @param lanesAreThreads whether there are as many lanes as threads; else Minilote's default
   * @param trainOptions such as {@code --synchronizer}, besides those that follow from the work
   * @param folder for runs and logs
   */
  MiniloteContender(
      String name,
      Path launcher,
      List<String> sparkOptions,
      boolean lanesAreThreads,
      List<String> trainOptions,
      Path folder) {
    this.name = name;
    this.launcher = launcher;
    this.sparkOptions = sparkOptions;
    this.lanesAreThreads = lanesAreThreads;
    this.trainOptions = trainOptions;
    this.folder = folder;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Outcome run(Work work) throws IOException, InterruptedException {
    Dataset dataset = TrainingExamples.dataset(work.data());
    int examples = Math.toIntExact(dataset.split(Dataset.TRAIN).examples());
    if (work.steps() == 0) {
      return timed(work, examples);
    }
    List<String> options = new ArrayList<>(work.network().plainOptions());
    options.addAll(List.of("--metrics-every", "1"));
    Run run = train(work, work.steps() / work.stepsOfEpoch(examples), 1, options);
    List<Metrics> lines = run.metrics();
    rates.put(key(work), MetricsLines.rateOfSecondHalf(lines));
    // Other lanes round differently.
    String sha256 = lanesAreThreads ? run.weightsSha256() : "";
    return Outcome.ofSteps(MetricsLines.lossesOfSteps(lines, work.batch()), sha256)
        .withWallSeconds(run.wallSeconds());
  }

  /** Again with more epochs where it was faster than last time, and so had no time to warm up. */
  private Outcome timed(Work work, int examples) throws IOException, InterruptedException {
    while (true) {
      Run run = train(work, epochs(work, examples), 1, work.network().plainOptions());
      List<Metrics> lines = run.metrics();
      Outcome outcome = MetricsLines.rate(lines, work.warmUpSeconds());
      rates.put(key(work), outcome.rate());
      double seconds = lines.get(lines.size() - 1).seconds();
      if (seconds >= work.warmUpSeconds() + work.seconds() / 2) {
        return outcome.withWallSeconds(run.wallSeconds());
      }
    }
  }

  private static String key(Work work) {
    return work.network() + " " + work.batch();
  }

  /** So many that warm-up and measuring take the time they should, as fast as it was last time. */
  private int epochs(Work work, int examples) {
    double seconds = examples / rates.getOrDefault(key(work), 1.0);
    return Math.max(
        FEWEST_EPOCHS, (int) Math.ceil((work.warmUpSeconds() + work.seconds()) / seconds));
  }

  /**
   * A run that has ended.
   *
   * @param folder where it is, until the next one begins
   */
  record Run(Path folder, List<Metrics> metrics, String weightsSha256, double wallSeconds) {}

  /**
   * Trains.
   *
   * @param keep how many checkpoints are kept
   * @param options besides those that the work, and who made this contender, decide
   */
  Run train(Work work, int epochs, int keep, List<String> options)
      throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    FileUtil.fullyDelete(run.toFile());
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(sparkOptions);
    command.addAll(List.of("train", "--json", "--data", work.data(), "--out", run.toString()));
    command.addAll(List.of("--network", work.network().words()));
    command.addAll(List.of("--batch", String.valueOf(work.batch())));
    command.addAll(List.of("--epochs", String.valueOf(epochs)));
    command.addAll(List.of("--seed", String.valueOf(work.seed())));
    command.addAll(List.of("--validation", "0", "--keep", String.valueOf(keep)));
    if (lanesAreThreads) {
      command.addAll(List.of("--lanes", String.valueOf(work.threads())));
    }
    command.addAll(options);
    command.addAll(trainOptions);
    JavaProcess.Ended ended = JavaProcess.run(command, Map.of(), folder.resolve(name + ".log"));
    List<Metrics> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve(RunFolder.METRICS))) {
      lines.add(Metrics.fromJson(Json.parse(line)));
    }
    String sha256 = Json.text(Json.parse(ended.output()), "weights_sha256");
    return new Run(run, lines, sha256, ended.seconds());
  }
}
