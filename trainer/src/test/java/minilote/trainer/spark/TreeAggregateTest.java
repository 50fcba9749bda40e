package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.Course;
import minilote.trainer.run.Placement;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeAggregateTest {
  private static final int LANES = 64;
  private static final int BATCH = 250;

  @TempDir Path temporary;

  private Dataset dataset;
  private Network network;
  private LearnerSpec spec;
  private float[] w;

  @BeforeEach
  void prepare() throws Exception {
    TestData.images(temporary, 600, 3);
    dataset = Dataset.read(new org.apache.hadoop.fs.Path(temporary.toUri()), new Configuration());
    network =
        Network.of(
            NetworkDescription.parse("dense 8 tanh, dense 3 softmax"), dataset.format().shape());
    spec =
        new LearnerSpec(
            network,
            Loss.CATEGORICAL_CROSS_ENTROPY,
            dataset.format(),
            Normalization.of("none", dataset),
            EngineKind.PORTABLE);
    w = network.initialize(Initialization.AUTO, 1);
  }

  /** What is done with the data of an epoch: two batches of 250 and one of 100. */
  @FunctionalInterface
  private interface Use {
    void with(EpochData data) throws Exception;
  }

  private void onEpoch(JavaSparkContext spark, int partitions, Use use) throws Exception {
    EpochShape shape = new EpochShape(1, 0, 600, BATCH, false, LANES, partitions);
    ValidationSplit all = new ValidationSplit(600, 0, 0);
    try (Examples examples =
            new Examples(
                spark, temporary.toUri().toString(), dataset, "train", all, 2, Placement.AUTO);
        EpochData data = EpochData.of(examples, shape)) {
      use.with(data);
    }
  }

  private TrainingState state() {
    TrainingSettings settings =
        Trainings.settings(temporary, BATCH, LANES, "optimizer", Trainings.ADAM);
    return new TrainingState(network, settings, new Course(600, BATCH, 10), w.clone());
  }

  /** What the steps of an epoch have told: losses, counts, and the weights at the end. */
  private static List<Object> steps(
      Synchronizer synchronizer, EpochData data, TrainingState state) {
    List<Object> told = new ArrayList<>();
    long end =
        synchronizer.advance(
            data,
            0,
            3,
            state,
            (step, loss, correct, count) -> {
              told.addAll(List.of(step, loss, correct, count));
              return true;
            });
    assertEquals(3, end);
    for (float weight : state.parameters()) {
      told.add(Float.floatToRawIntBits(weight));
    }
    return told;
  }

  @Test
  void sums_manyPartitions_reachTheDriverInFewPartsWithTheSameBits() throws Exception {
    SparkContexts.use(
        "local[2]",
        spark -> {
          List<float[]> gradients = new ArrayList<>();
          for (int partitions : new int[] {1, 5, 16, 17, 27, 64}) {
            onEpoch(
                spark,
                partitions,
                data -> {
                  TreeAggregate synchronizer = new TreeAggregate(spark, spec, false, null);
                  try (Weights weights = Weights.broadcast(spark, w, false)) {
                    List<LaneSum> parts = synchronizer.sums(data, 0, weights);
                    assertTrue(
                        parts.size() <= Math.max(16, Math.ceil(Math.sqrt(partitions))),
                        partitions + " partitions, " + parts.size() + " sums");
                    int subtrees = parts.stream().mapToInt(LaneSum::subtrees).sum();
                    assertTrue(
                        subtrees <= 6 * parts.size(),
                        "siblings meet early: " + subtrees + " subtrees");
                    LaneSum sum = synchronizer.gradient(data, 0, weights);
                    assertEquals(BATCH, sum.count(LANES));
                    gradients.add(sum.gradient(LANES).clone());
                  }
                });
          }
          gradients.forEach(gradient -> assertArrayEquals(gradients.get(0), gradient, 0));
          return null;
        });
  }

  @Test
  void advance_byReferenceOrSent_givesTheSameBits() throws Exception {
    List<List<Object>> all = new ArrayList<>();
    for (String serializer : new String[] {SparkContexts.JAVA, SparkContexts.KRYO}) {
      SparkContexts.use(
          "local[2]",
          serializer,
          spark -> {
            // More partitions than threads, too, so that a thread has several sums in a step, and
            // more than the driver adds up without a shuffle.
            for (int partitions : new int[] {1, 2, 3, 20}) {
              for (boolean sameJvm : new boolean[] {true, false}) {
                Synchronizer synchronizer = new TreeAggregate(spark, spec, sameJvm, null);
                onEpoch(spark, partitions, data -> all.add(steps(synchronizer, data, state())));
              }
            }
            return null;
          });
    }
    assertEquals(16, all.size());
    all.forEach(told -> assertEquals(all.get(0), told));
  }

  @Test
  void gradient_afterAStepThatFailed_isRightAndNothingIsLeft() throws Exception {
    SparkContexts.use(
        "local[2]",
        spark -> {
          onEpoch(
              spark,
              3,
              data -> {
                TreeAggregate synchronizer = new TreeAggregate(spark, spec, true, null);
                float[] expected;
                try (Weights weights = Weights.broadcast(spark, w)) {
                  expected = synchronizer.gradient(data, 0, weights).gradient(LANES).clone();
                }
                Weights released = Weights.broadcast(spark, w);
                released.close();
                Exception e =
                    assertThrows(
                        SparkException.class, () -> synchronizer.gradient(data, 0, released));
                assertTrue(
                    String.valueOf(e.getMessage()).contains("its job has ended"), e::toString);
                assertEquals(0, Lent.open());
                try (Weights weights = Weights.broadcast(spark, w)) {
                  assertArrayEquals(
                      expected, synchronizer.gradient(data, 0, weights).gradient(LANES), 0);
                }
              });
          return null;
        });
  }
}
