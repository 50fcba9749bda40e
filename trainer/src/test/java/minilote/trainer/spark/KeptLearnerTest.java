package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import minilote.trainer.math.NativeEngine;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spark goes on where a run ends, and so do its threads. */
class KeptLearnerTest {
  @TempDir Path temporary;

  private final Trainings.Recording recording = new Trainings.Recording();
  private long before; // bytes, of others

  @BeforeEach
  void look() {
    Engines.assume(EngineKind.NATIVE);
    before = NativeMemory.leftByOthers();
  }

  private TrainingSettings settings(String learningRate) {
    Path data = TestData.images(temporary.resolve("data"), 64, 4);
    return Trainings.settings(
        data,
        8,
        2,
        "network",
        "\"conv 4 3x3 relu, dense 3 softmax\"",
        "engine",
        "\"native\"",
        "learning_rate",
        learningRate,
        "epochs",
        "3");
  }

  private void train(JavaSparkContext spark, Way way, String learningRate) throws IOException {
    Training.start(
            spark,
            settings(learningRate),
            Trainings.options(2, way, Placement.AUTO),
            new org.apache.hadoop.fs.Path(temporary.resolve("run").toUri()),
            recording)
        .run();
  }

  /** What is done with a Spark that goes on afterwards. */
  private interface Use {
    void with(JavaSparkContext spark) throws Exception;
  }

  private void assertGivesMemoryBack(Use use) throws Exception {
    SparkContexts.use(
        "local[2]",
        spark -> {
          use.with(spark);
          assertTrue(recording.mostNativeBytes > before);
          NativeMemory.assertFreed(before);
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TREE_AGGREGATE", "ALL_REDUCE"})
  void free_aRunHasEnded_givesNativeMemoryBack(Way way) throws Exception {
    assertGivesMemoryBack(spark -> train(spark, way, "0.1"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"TREE_AGGREGATE", "ALL_REDUCE"})
  void free_aRunHasFailed_givesNativeMemoryBack(Way way) throws Exception {
    assertGivesMemoryBack(
        spark -> assertThrows(TrainingFailed.class, () -> train(spark, way, "1e30")));
  }

  @Test
  void free_aListenerHasFailed_givesNativeMemoryBack() throws Exception {
    recording.failAt = 3;
    assertGivesMemoryBack(
        spark -> assertThrows(Exception.class, () -> train(spark, Way.ALL_REDUCE, "0.1")));
  }

  @Test
  void take_thatIsInUse_isNotFreed() throws Exception {
    Dataset dataset =
        Dataset.read(
            new org.apache.hadoop.fs.Path(TestData.images(temporary.resolve("data"), 8, 4).toUri()),
            new Configuration());
    LearnerSpec spec =
        new LearnerSpec(
            Network.of(
                NetworkDescription.parse("conv 4 3x3 relu, dense 3 softmax"),
                dataset.format().shape()),
            Loss.CATEGORICAL_CROSS_ENTROPY,
            dataset.format(),
            Normalization.of("none", dataset),
            EngineKind.NATIVE);
    try (KeptLearner kept = spec.take()) {
      long held = NativeEngine.bytesInUse();
      Thread.sleep(2 * KeptLearner.IDLE_SECONDS * 1000L);
      assertEquals(held, NativeEngine.bytesInUse());
      kept.learner().backPropagation().clear();
    }
    NativeMemory.assertFreed(before);
    try (KeptLearner anew = spec.take()) {
      assertTrue(NativeEngine.bytesInUse() > before);
      anew.learner().backPropagation().clear();
    }
    NativeMemory.assertFreed(before);
  }
}
