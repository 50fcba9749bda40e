package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Augmentation;
import minilote.datasets.Dataset;
import minilote.datasets.ExampleKeys;
import minilote.datasets.Normalization;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.run.Placement;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the network sees of each example: a matter of seed, epoch and id alone. */
class AugmentedRowsTest {
  private static final int COUNT = 1_300; // Two blocks of ids.
  private static final long SEED = 11;

  @TempDir Path temporary;

  private final ValidationSplit validation = new ValidationSplit(COUNT, 0.2, 3);
  private Dataset dataset;

  @BeforeEach
  void prepare() throws Exception {
    TestData.images(temporary, COUNT, 3);
    dataset = Dataset.read(new org.apache.hadoop.fs.Path(temporary.toUri()), new Configuration());
  }

  private Learner learner(Augmentation augmentation) {
    return new Learner(
        Network.of(NetworkDescription.parse("dense 3 softmax"), dataset.format().shape()),
        Loss.CATEGORICAL_CROSS_ENTROPY,
        dataset.format(),
        Normalization.of(Normalization.STANDARDIZE, dataset),
        augmentation,
        0,
        EngineKind.PORTABLE.create());
  }

  /** The inputs of each example in an epoch by its id, and that its key was beside them. */
  private Map<Long, float[]> inputs(
      JavaSparkContext spark, String words, int epoch, int batch, int parts, Placement placement)
      throws Exception {
    int[] ids = validation.trainingIds();
    ExampleKeys keys = new ExampleKeys(SEED, epoch);
    EpochShape shape = new EpochShape(SEED, epoch, ids.length, batch, false, 4, parts);
    Map<Long, float[]> found = new HashMap<>();
    try (Examples examples =
            new Examples(
                spark,
                temporary.toUri().toString(),
                dataset,
                Dataset.TRAIN,
                validation,
                2,
                placement);
        EpochData data = EpochData.of(examples, shape)) {
      List<List<byte[]>> held = data.held().glom().collect();
      try (Learner learner = learner(Augmentation.parse(words))) {
        learner.backPropagation().setParameters(new float[TestData.FEATURES * 3 + 3]);
        for (int part = 0; part < parts; part++) {
          long steps = shape.order().steps();
          Rows rows = data.rows().open(held.get(part).iterator(), part, 0, steps);
          RowKeys rowKeys = data.keys().open(part, 0, steps);
          PartPositions positions = new PartPositions(shape, part, 0, steps);
          for (long step = 0; step < steps; step++) {
            int count = shape.rowsOfBatch(part, shape.order().batchSize(step));
            learner.learn(rows, rowKeys, count);
            for (int row = 0; row < count; row++) {
              long id = ids[(int) shape.order().rank(positions.next())];
              float[] all = learner.backPropagation().inputs();
              int from = row * TestData.FEATURES;
              found.put(id, Arrays.copyOfRange(all, from, from + TestData.FEATURES));
              if (!words.equals("none")) {
                assertEquals(keys.of(id), learner.backPropagation().keys()[row]);
              }
            }
          }
        }
      }
    }
    assertEquals(ids.length, found.size());
    return found;
  }

  @Test
  void learn_anyBatchPartsAndPlacement_seesTheSameOfAnExampleInAnEpoch() throws Exception {
    String words = "crop 1, flip, cutout 1";
    SparkContexts.use(
        "local[2]",
        spark -> {
          Map<Long, float[]> plain = inputs(spark, "none", 2, 64, 1, Placement.WHOLE);
          Map<Long, float[]> expected = inputs(spark, words, 2, 64, 1, Placement.WHOLE);
          plain.forEach(
              (id, image) ->
                  Augmentation.parse(words)
                      .apply(new ExampleKeys(SEED, 2).of(id), dataset.format(), image, 0));
          assertSame(plain, expected);
          for (Placement placement : List.of(Placement.WHOLE, Placement.SPREAD)) {
            for (int batch : new int[] {7, 100, 1000}) { // Of 1,000, a part has up to 500 rows.
              for (int parts : new int[] {1, 3}) {
                if (batch / parts <= Network.MOST_ROWS) {
                  assertSame(expected, inputs(spark, words, 2, batch, parts, placement));
                }
              }
            }
          }
          Map<Long, float[]> next = inputs(spark, words, 3, 64, 1, Placement.WHOLE);
          long others =
              next.entrySet().stream()
                  .filter(e -> !Arrays.equals(e.getValue(), expected.get(e.getKey())))
                  .count();
          assertTrue(others > 0.9 * next.size(), others + " look different in the next epoch");
          return null;
        });
  }

  private static void assertSame(Map<Long, float[]> expected, Map<Long, float[]> found) {
    expected.forEach((id, image) -> assertArrayEquals(image, found.get(id), "example " + id));
  }
}
