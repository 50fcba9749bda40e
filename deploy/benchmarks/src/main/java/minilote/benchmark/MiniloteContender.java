package minilote.benchmark;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunFolder;

/**
 * Minilote as its users run it, {@code deploy/minilote train}. Its rate is that of its own {@code
 * metrics.jsonl}, over the epochs after the warm-up: training steps and epoch changes with all that
 * belongs to them; not the start of the JVM and Spark, nor the evaluation at the end.
 */
final class MiniloteContender implements Contender {
  private static final int FEWEST_EPOCHS = 3;

  private final Path launcher;
  private final List<String> sparkOptions;
  private final List<String> trainOptions;
  private final Path folder;
  private final Rates rates;

  /**
   * @param launcher deploy/minilote
   * @param sparkOptions such as {@code --master local[2]}
   * @param trainOptions such as {@code --synchronizer}, besides those that follow from the work
   * @param folder for runs and logs
   * @param rates what is known of speeds, from which the number of epochs follows
   */
  MiniloteContender(
      Path launcher,
      List<String> sparkOptions,
      List<String> trainOptions,
      Path folder,
      Rates rates) {
    this.launcher = launcher;
    this.sparkOptions = sparkOptions;
    this.trainOptions = trainOptions;
    this.folder = folder;
    this.rates = rates;
  }

  @Override
  public String name() {
    return "minilote";
  }

  @Override
  public Outcome run(Work work) throws IOException, InterruptedException {
    int examples =
        Math.toIntExact(TrainingExamples.dataset(work.data()).split(Dataset.TRAIN).examples());
    long epochs =
        work.steps() > 0 ? work.steps() / work.stepsOfEpoch(examples) : epochs(work, examples);
    Path run = folder.resolve("run");
    delete(run);
    JavaProcess.Ended ended =
        JavaProcess.run(command(work, epochs, run), Map.of(), folder.resolve(name() + ".log"));
    List<Metrics> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve(RunFolder.METRICS))) {
      lines.add(Metrics.fromJson(Json.parse(line)));
    }
    if (work.steps() > 0) {
      rates.learned(work, MetricsLines.rateOfSecondHalf(lines));
      String sha256 = Json.text(Json.parse(ended.output()), "weights_sha256");
      return Outcome.ofSteps(MetricsLines.lossesOfSteps(lines, work.batch()), sha256)
          .withWallSeconds(ended.seconds());
    }
    Outcome outcome = MetricsLines.rate(lines, work.warmUpSeconds());
    rates.learned(work, outcome.rate());
    return outcome.withWallSeconds(ended.seconds());
  }

  /** So many that warm-up and measuring take the time they should, as far as is known. */
  private long epochs(Work work, int examples) {
    double seconds = examples / rates.of(work);
    return Math.max(
        FEWEST_EPOCHS, Math.round(Math.ceil((work.warmUpSeconds() + work.seconds()) / seconds)));
  }

  private List<String> command(Work work, long epochs, Path run) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(sparkOptions);
    command.addAll(List.of("train", "--json"));
    command.addAll(List.of("--data", work.data(), "--network", work.network().words()));
    command.addAll(List.of("--batch", String.valueOf(work.batch())));
    command.addAll(List.of("--epochs", String.valueOf(epochs)));
    command.addAll(List.of("--lanes", String.valueOf(work.threads())));
    command.addAll(List.of("--optimizer", "sgd"));
    command.addAll(List.of("--learning-rate", String.valueOf(work.network().learningRate())));
    command.addAll(List.of("--seed", String.valueOf(work.seed())));
    command.addAll(List.of("--validation", "0", "--keep", "1", "--out", run.toString()));
    if (work.steps() > 0) {
      command.addAll(List.of("--metrics-every", "1"));
    }
    command.addAll(trainOptions);
    return command;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
