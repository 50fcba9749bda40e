package minilote.trainer.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.math.EngineKind;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Placement;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A program for a cluster: one Spark application that trains by both synchronizers with every
 * optimizer, 200 steps on two tasks. Prints how many executors there are, and then a line a
 * training: what is trained and the synchronizer, a tabulator, and the digest of the weights with
 * the losses of the epochs. Its argument is a folder to work in.
 */
public final class EveryOptimizer {
  private static final int STEPS = 200;
  private static final int BATCH = 12;

  /** 71,427 parameters: more than a block of 64 Ki, so that two executors reduce a slice each. */
  private static final String NETWORK = "\"dense 256 relu, dense 256 tanh, dense 3 softmax\"";

  /** Less than a block: one executor reduces nothing, and the other one need not wait for it. */
  private static final String SMALL = "\"dense 8 relu, dense 3 softmax\"";

  /** None, and by norm and value, in turn: for the norm, executors exchange more. */
  private static final String[][] CLIPPINGS = {{"null", "null"}, {"0.5", "0.01"}};

  private EveryOptimizer() {}

  /** Trains. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path data =
        TestData.images(Files.createDirectories(folder.resolve("data")), STEPS / 2 * BATCH, 4);
    try (JavaSparkContext spark =
        new JavaSparkContext(new SparkConf().setAppName("every optimizer"))) {
      System.out.println(
          "executors\t" + Cluster.probe(spark, EngineKind.PORTABLE).executors().size());
      int number = 0;
      for (UpdateRule rule : UpdateRule.values()) {
        String[] clipping = CLIPPINGS[number++ % CLIPPINGS.length];
        both(spark, rule.name(), settings(data, NETWORK, rule, clipping), folder);
      }
      both(spark, "small", settings(data, SMALL, UpdateRule.SGD, CLIPPINGS[0]), folder);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void both(
      JavaSparkContext spark, String name, TrainingSettings settings, Path folder)
      throws Exception {
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      Path out = folder.resolve("%s-%s".formatted(name, way));
      TrainingResult result =
          Trainings.train(spark, settings, Trainings.options(2, way, Placement.AUTO), out);
      if (result.steps() != STEPS) {
        throw new IllegalStateException(result.steps() + " steps");
      }
      List<Double> losses = new ArrayList<>();
      for (String line : Files.readAllLines(out.resolve(RunFolder.METRICS))) {
        losses.add(Metrics.fromJson(Json.parse(line)).trainLoss());
      }
      System.out.println("%s %s\t%s %s".formatted(name, way, result.weightsSha256(), losses));
    }
  }

  private static TrainingSettings settings(
      Path data, String network, UpdateRule rule, String[] clipping) {
    String optimizer = OptimizerSettings.of(rule).withWeightDecay(0.01).toJson().toString();
    return Trainings.settings(
        data,
        BATCH,
        4,
        "network",
        network,
        "optimizer",
        optimizer,
        "clip_norm",
        clipping[0],
        "clip_value",
        clipping[1],
        "learning_rate",
        "0.01",
        "validation",
        "0.0");
  }
}
