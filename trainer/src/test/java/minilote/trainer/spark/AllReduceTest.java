package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingOptions;
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
    // 299 training examples in batches of 13: 23 steps an epoch, the last one of 13 − 0 examples.
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
      TrainingSettings settings = Trainings.settings(data, 37, lanes);
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
}
