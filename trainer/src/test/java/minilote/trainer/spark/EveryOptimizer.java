package minilote.trainer.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A program for a cluster: one Spark application that trains by each synchronizer with every
 * optimizer, each with and without clipping, 200 steps on two tasks. Prints a line a training: what
 * was trained, then a tabulator and the digest of its weights; and first how many executors there
 * are. Its arguments are a folder to work in, and the synchronizers.
 */
public final class EveryOptimizer {
  private static final int STEPS = 200;
  private static final int BATCH = 12;

  /** 71,427 parameters: more than a block of 64 Ki, so that two executors reduce a slice each. */
  private static final String NETWORK = "\"dense 256 relu, dense 256 tanh, dense 3 softmax\"";

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
      System.out.println("executors\t" + Cluster.probe(spark).executors().size());
      int run = 0;
      for (UpdateRule rule : UpdateRule.values()) {
        for (String[] clipping : CLIPPINGS) {
          TrainingSettings settings = settings(data, rule, clipping);
          for (int i = 1; i < arguments.length; i++) {
            Way way = Way.valueOf(arguments[i]);
            TrainingResult result =
                Trainings.train(
                    spark,
                    settings,
                    Trainings.options(2, way, Placement.AUTO),
                    folder.resolve("run-" + run++));
            if (result.steps() != STEPS) {
              throw new IllegalStateException(result.steps() + " steps");
            }
            System.out.println(
                "%s, clip_norm %s, clip_value %s, %s\t%s"
                    .formatted(rule.word(), clipping[0], clipping[1], way, result.weightsSha256()));
          }
        }
      }
    }
  }

  private static TrainingSettings settings(Path data, UpdateRule rule, String[] clipping) {
    String optimizer = OptimizerSettings.of(rule).withWeightDecay(0.01).toJson().toString();
    return Trainings.settings(
        data,
        BATCH,
        4,
        "network",
        NETWORK,
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
