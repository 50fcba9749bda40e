package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.math.OneDnnLibrary;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingProfile;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batch normalization over the whole batch, whose lanes exchange statistics within a step. */
class WholeBatchTrainingTest {
  private static final String NETWORK =
      "\"conv 4 3x3 bias none, batchnorm whole relu, dropout 0.2, residual(conv 6 3x3 stride 2 bias"
          + " none, batchnorm whole relu, conv 6 3x3, batchnorm whole | conv 6 1x1 stride 2,"
          + " batchnorm whole) relu, dense 5, batchnorm whole tanh, dense 3 softmax\"";

  @TempDir Path temporary;

  private int runs;

  private Path data() throws Exception {
    return TestData.images(temporary.resolve("data"), 333, 4); // 300 to train with
  }

  private static TrainingSettings settings(Path data, int batch, int lanes, String... changes) {
    List<String> all =
        new ArrayList<>(List.of("network", NETWORK, "augmentation", Trainings.AUGMENTED));
    all.addAll(List.of(changes));
    return Trainings.settings(data, batch, lanes, all.toArray(String[]::new));
  }

  private TrainingResult train(TrainingSettings settings, int partitions, Placement placement)
      throws Exception {
    return train(settings, partitions, Trainings.options(partitions, Way.AUTO, placement));
  }

  private TrainingResult train(TrainingSettings settings, int slots, TrainingOptions options)
      throws Exception {
    Path out = temporary.resolve("run-" + runs++);
    return SparkContexts.use(
        "local[" + slots + "]", spark -> Trainings.train(spark, settings, options, out));
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  @Test
  void run_anyPartitions_givesTheSameBits() throws Exception {
    Path data = data();
    for (String engine :
        OneDnnLibrary.report().loads() ? List.of("portable", "native") : List.of("portable")) {
      for (int lanes : new int[] {2, 4, 8}) {
        // The last batch has 4 examples; with 2 lanes, one.
        TrainingSettings settings =
            settings(data, lanes == 2 ? 23 : 37, lanes, "engine", "\"" + engine + "\"");
        TrainingResult expected = train(settings, 1, Placement.WHOLE);
        for (int partitions : new int[] {2, 3}) {
          TrainingResult result =
              train(settings, partitions, partitions == 3 ? Placement.SPREAD : Placement.WHOLE);
          String what = "%s, %d lanes on %d partitions".formatted(engine, lanes, partitions);
          assertEquals(expected.weightsSha256(), result.weightsSha256(), what);
          assertEquals(expected.test(), result.test(), what);
        }
      }
    }
  }

  /** What differs is rounding: the statistics are the same ones. */
  @Test
  void run_anyLanes_givesNearlyTheSameLosses() throws Exception {
    Path data = data();
    List<Double> losses = new ArrayList<>();
    for (int lanes : new int[] {1, 2, 8}) {
      losses.add(train(settings(data, 60, lanes, "epochs", "1"), 2, Placement.AUTO).train().loss());
    }
    assertEquals(losses.get(0), losses.get(1), 1e-3 * losses.get(0));
    assertEquals(losses.get(0), losses.get(2), 1e-3 * losses.get(0));
  }

  @Test
  void run_oneLane_givesTheSameBitsByBothSynchronizers() throws Exception {
    TrainingSettings settings = settings(data(), 37, 1);
    assertEquals(
        train(settings, 2, Trainings.options(1, Way.TREE_AGGREGATE, Placement.AUTO))
            .weightsSha256(),
        train(settings, 2, Trainings.options(1, Way.ALL_REDUCE, Placement.AUTO)).weightsSha256());
  }

  @Test
  void run_stoppedAndResumedOnOtherPartitions_givesTheSameBits() throws Exception {
    TrainingSettings settings = settings(data(), 37, 4, "optimizer", Trainings.ADAM);
    TrainingResult undisturbed = train(settings, 2, Placement.AUTO);
    Path run = temporary.resolve("stopped");
    TrainingOptions options =
        new TrainingOptions(
            3, 0, 3, 2, Synchronization.DEFAULT.by(Way.ALL_REDUCE), Placement.AUTO, false);
    TrainingResult resumed =
        SparkContexts.use(
            "local[3]",
            spark -> {
              Trainings.Recording recording = new Trainings.Recording();
              Training training = Training.start(spark, settings, options, hadoop(run), recording);
              recording.training = training;
              recording.stopAt = 5;
              assertTrue(training.run().isEmpty());
              return Training.resume(
                      spark,
                      Trainings.options(1, Way.ALL_REDUCE, Placement.AUTO),
                      hadoop(run),
                      new Trainings.Recording())
                  .run()
                  .orElseThrow();
            });
    assertEquals(undisturbed.weightsSha256(), resumed.weightsSha256());
  }

  @Test
  void run_byTreeAggregateWithLanes_isRefusedWithTheRemedies() throws Exception {
    Path data = data();
    TrainingSettings settings = settings(data, 37, 4);
    String sentence =
        "batch normalization over the whole batch has its 4 lanes exchange statistics within a step,"
            + " which all-reduce alone does: %s, or --lanes 1, or leave out 'whole', so that it is"
            + " over ghosts of 32 examples";
    assertEquals(
        "--synchronizer tree-aggregate: " + sentence.formatted("use that"),
        assertThrows(
                UserError.class,
                () -> train(settings, 2, Trainings.options(2, Way.TREE_AGGREGATE, Placement.AUTO)))
            .getMessage());
    TrainingSetup setup = TrainingSetup.of(settings, new Configuration(false));
    Synchronizers dynamic = Synchronizers.choose(true, Synchronization.DEFAULT);
    assertEquals(
        "--synchronizer auto is tree-aggregate here, as spark.dynamicAllocation.enabled lets Spark"
            + " take slots away: "
            + sentence.formatted("set that to false"),
        assertThrows(UserError.class, () -> dynamic.check(setup)).getMessage());
    dynamic.check(TrainingSetup.of(settings(data, 37, 1), new Configuration(false)));
  }

  @Test
  void setup_lanesOfTheWholeBatch_areThoseOfAnyBatch() throws Exception {
    Path data = data();
    TrainingSetup setup = TrainingSetup.of(settings(data, 256, 0), new Configuration(false));
    assertEquals(4, setup.lanes());
    assertEquals(64, setup.largestLane());
    assertEquals(
        5, TrainingSetup.of(settings(data, 37, 8), new Configuration(false)).largestLane());
  }

  @Test
  void run_diverging_saysInWhichStep() throws Exception {
    TrainingSettings settings =
        settings(
            data(),
            37,
            4,
            "network",
            "\"dense 8, batchnorm whole relu, dense 3 linear\"",
            "loss",
            "\"mse\"",
            "learning_rate",
            "1e30");
    TrainingFailed failed =
        assertThrows(TrainingFailed.class, () -> train(settings, 2, Placement.AUTO));
    assertTrue(failed.getMessage().contains("in epoch 1, step "), failed.getMessage());
    assertTrue(failed.getMessage().contains("--learning-rate"), failed.getMessage());
  }

  @Test
  void run_profiled_hasWaitsInItsShares() throws Exception {
    Trainings.Recording recording = new Trainings.Recording();
    TrainingOptions options =
        new TrainingOptions(
            2, 0, 3, 0, Synchronization.DEFAULT.by(Way.ALL_REDUCE), Placement.AUTO, true);
    TrainingSettings settings = settings(data(), 37, 4);
    SparkContexts.use(
        "local[2]",
        spark ->
            Training.start(spark, settings, options, hadoop(temporary.resolve("p")), recording)
                .run());
    TrainingProfile profile = recording.profile;
    assertTrue(profile.shares().get("waiting") > 0, profile.toString());
    assertTrue(profile.shares().get("activations") > 0, profile.toString());
  }
}
