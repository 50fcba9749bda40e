package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.Json;
import minilote.datasets.Normalization;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How long MLlib's perceptron and Minilote take to the same training loss: that which the
 * perceptron has after some iterations, over all training examples. Minilote's time is that of the
 * end of the first epoch whose weights have it; from its first look at the cluster on, with reading
 * the data and writing checkpoints, of which the perceptron's time has nothing.
 */
final class TimeToLoss {
  private static final List<String> SOLVERS = List.of("l-bfgs", "gd");

  private final MiniloteContender minilote;
  private final JavaProcess.Of perceptron;
  private final List<ObjectNode> results = new ArrayList<>();

  TimeToLoss(MiniloteContender minilote, JavaProcess.Of perceptron) {
    this.minilote = minilote;
    this.perceptron = perceptron;
  }

  /**
   * Measures each solver, and Minilote to each solver's loss.
   *
   * @param work with the batch that goes with the network's fast options
   * @param iterations of the solvers
   */
  void measure(Work work, int iterations) throws IOException, InterruptedException {
    List<ObjectNode> solved = new ArrayList<>();
    for (String solver : SOLVERS) {
      JavaProcess.Ended ended = perceptron.start(work.toJson(), solver, String.valueOf(iterations));
      solved.add(Json.parse(ended.output()));
      JavaProcess.log(describe(work, solved.get(solved.size() - 1)));
    }
    List<String> options = work.network().fastOptions();
    int epochs = work.network().fastEpochs();
    List<Reached> reached = losses(work, minilote.train(work, epochs, epochs, options));
    String described = "--batch %d --epochs %d %s".formatted(work.batch(), epochs, quoted(options));
    for (ObjectNode result : solved) {
      double target = Json.number(result, "training_loss");
      result.put("network", work.network().name());
      result.put("minilote_options", described);
      reached.stream()
          .filter(epoch -> epoch.loss() <= target)
          .findFirst()
          .ifPresent(
              epoch -> {
                result.put("minilote_epochs", epoch.epoch());
                result.put("minilote_loss", epoch.loss());
                result.put("minilote_seconds", epoch.seconds());
                result.put("times_as_fast", Json.number(result, "seconds") / epoch.seconds());
              });
      results.add(result);
      JavaProcess.log(describe(result));
    }
  }

  /** The loss over all training examples after an epoch, and when that was. */
  private record Reached(int epoch, double loss, double seconds) {}

  private static List<Reached> losses(Work work, MiniloteContender.Run run) throws IOException {
    RunFolder folder = new RunFolder(new Path(run.folder().toUri()), new Configuration());
    String settings = RunJson.setup(folder, folder.readRun()).sha256();
    List<Reached> reached = new ArrayList<>();
    for (Metrics line : run.metrics()) {
      float[] parameters =
          folder.checkpoint(line.step(), work.network().network(), settings).parameters();
      reached.add(new Reached(line.epoch(), loss(work, parameters), line.seconds()));
    }
    return reached;
  }

  /** The mean loss of a network over all training examples. */
  private static double loss(Work work, float[] parameters) {
    TrainingExamples examples = TrainingExamples.read(work.data());
    Normalization normalization = TrainingExamples.normalization(work.data());
    int most = work.network().network().blockRows();
    try (BackPropagation network =
        new BackPropagation(
            work.network().network(),
            Loss.CATEGORICAL_CROSS_ENTROPY,
            PortableEngine.create(),
            most)) {
      network.setParameters(parameters);
      network.clear();
      for (int from = 0; from < examples.count(); from += most) {
        int rows = Math.min(most, examples.count() - from);
        for (int row = 0; row < rows; row++) {
          examples.stage(normalization, from + row, network.inputs(), network.targets(), row);
        }
        network.error(rows);
      }
      return network.loss() / examples.count();
    }
  }

  /** As one types them in a shell. */
  private static String quoted(List<String> options) {
    return options.stream()
        .map(option -> option.contains(" ") ? '"' + option + '"' : option)
        .collect(Collectors.joining(" "));
  }

  private static String describe(Work work, ObjectNode solved) {
    return String.format(
        Locale.ROOT,
        "%s  MLPC %-6s %d iterations in %.1f s to a training loss of %.4g",
        work.network(),
        solved.path("solver").asText(),
        solved.path("iterations").asInt(),
        solved.path("seconds").asDouble(),
        solved.path("training_loss").asDouble());
  }

  private static String describe(ObjectNode result) {
    return result.has("times_as_fast")
        ? String.format(
            Locale.ROOT,
            "%s  Minilote below the loss of %s in %.1f s, %d epochs: %.1f times as fast",
            result.path("network").asText(),
            result.path("solver").asText(),
            result.path("minilote_seconds").asDouble(),
            result.path("minilote_epochs").asInt(),
            result.path("times_as_fast").asDouble())
        : result.path("network").asText()
            + "  Minilote does not reach the loss of "
            + result.path("solver").asText();
  }

  /** What was measured, an object a network and solver. */
  List<ObjectNode> results() {
    return results;
  }
}
