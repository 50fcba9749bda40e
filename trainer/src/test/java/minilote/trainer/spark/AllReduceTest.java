package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingProfile;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllReduceTest {
  @TempDir Path temporary;

  private int runs;

  private TrainingResult train(String master, TrainingSettings settings, int partitions, Way way)
      throws Exception {
    return train(master, settings, Trainings.options(partitions, way, Placement.AUTO));
  }

  private TrainingResult train(String master, TrainingSettings settings, TrainingOptions options)
      throws Exception {
    Path out = temporary.resolve("run-" + runs++);
    return SparkContexts.use(master, spark -> Trainings.train(spark, settings, options, out));
  }

  private static String optimizer(UpdateRule rule) {
    return OptimizerSettings.of(rule).withWeightDecay(0.01).toJson().toString();
  }

  @Test
  void run_everyOptimizer_givesTheBitsOfTreeAggregateOver200Steps() throws Exception {
    // 300 training examples in batches of 12: 25 steps an epoch.
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    for (UpdateRule rule : UpdateRule.values()) {
      for (String clip : new String[] {"null", "0.5"}) {
        TrainingSettings settings =
            Trainings.settings(
                data,
                12,
                8,
                "optimizer",
                optimizer(rule),
                "clip_norm",
                clip,
                "epochs",
                "8",
                "learning_rate",
                "0.01");
        TrainingResult expected = train("local[2]", settings, 2, Way.TREE_AGGREGATE);
        assertEquals(200, expected.steps());
        TrainingResult result = train("local[2]", settings, 2, Way.ALL_REDUCE);
        assertEquals(expected.weightsSha256(), result.weightsSha256(), rule + ", clip " + clip);
      }
    }
  }

  @Test
  void run_anySlotsAndLanes_givesTheBitsOfTreeAggregate() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    for (int lanes : new int[] {1, 2, 8, 32}) {
      // The last batch has 3 examples.
      TrainingSettings settings =
          Trainings.settings(data, 37, lanes, "augmentation", Trainings.AUGMENTED);
      TrainingResult expected = train("local[2]", settings, 2, Way.TREE_AGGREGATE);
      for (int slots : new int[] {1, 2, 3, 6, 7}) {
        Placement placement = slots % 2 == 1 ? Placement.WHOLE : Placement.SPREAD;
        TrainingResult result =
            train(
                "local[" + slots + "]", settings, Trainings.options(0, Way.ALL_REDUCE, placement));
        assertEquals(
            expected.weightsSha256(),
            result.weightsSha256(),
            lanes + " lanes on " + slots + " slots, examples " + placement);
      }
    }
  }

  @Test
  void run_convolutionsOnAnyPartitions_givesTheSameBitsByBothSynchronizers() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(
            data,
            37,
            8,
            "network",
            "\"conv 4 3x3 relu, max-pool 2x2 stride 1, conv 5 2x2 stride 2 tanh, average-pool 2x2"
                + " padding same stride 1, dense 3 softmax\"");
    TrainingResult expected = train("local[1]", settings, 1, Way.TREE_AGGREGATE);
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      for (int partitions : new int[] {1, 2, 3}) {
        String master = way == Way.ALL_REDUCE && partitions == 3 ? "local[3]" : "local[2]";
        TrainingResult result = train(master, settings, partitions, way);
        assertEquals(expected.weightsSha256(), result.weightsSha256(), way + " on " + partitions);
        assertEquals(expected.test(), result.test());
      }
    }
  }

  @Test
  void run_diverging_saysWhatTreeAggregateSays() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings =
        Trainings.settings(
            data,
            32,
            4,
            "network",
            "\"dense 8 relu, dense 3 linear\"",
            "loss",
            "\"mse\"",
            "learning_rate",
            "1e30");
    List<String> said = new ArrayList<>();
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      TrainingFailed failed =
          assertThrows(TrainingFailed.class, () -> train("local[2]", settings, 2, way));
      said.add(failed.getMessage());
    }
    assertTrue(said.get(0).contains("epoch 1, step "), said.get(0));
    assertEquals(said.get(0), said.get(1));
  }

  @Test
  void run_profiled_tellsWhereAllTimeWent() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 333, 4);
    TrainingSettings settings = Trainings.settings(data, 32, 4);
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      TrainingOptions options =
          new TrainingOptions(0, 0, 3, 0, Synchronization.DEFAULT.by(way), Placement.AUTO, true);
      Trainings.Recording recording = new Trainings.Recording();
      Path out = temporary.resolve("profiled-" + way);
      SparkContexts.use(
          "local[2]",
          spark ->
              Training.start(
                      spark,
                      settings,
                      options,
                      new org.apache.hadoop.fs.Path(out.toUri()),
                      recording)
                  .run());
      TrainingProfile profile = recording.profile;
      assertEquals(2, profile.tasks());
      assertEquals(20, profile.steps());
      assertTrue(profile.secondsPerStep() > 0);
      double sum = profile.shares().values().stream().mapToDouble(Double::doubleValue).sum();
      // Spark's share is what is left of the wall time, so the shares add up to all of it.
      assertEquals(1, sum, 1e-9, profile.toString());
      for (String phase : new String[] {"products", "activations", "sums", "optimizer", "data"}) {
        assertTrue(profile.shares().get(phase) > 0, phase + " of " + profile);
      }
    }
  }
}
