package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import minilote.datasets.Dataset;
import minilote.datasets.ExampleKeys;
import minilote.datasets.RecordReader;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochDataTest {
  @TempDir Path temporary;

  /** Where each training example must be, found by going through the definition. */
  private static byte[][] expectedOrder(
      byte[] records, int recordBytes, int count, ValidationSplit validation, EpochShape shape) {
    byte[][] byPosition = new byte[(int) validation.trainingExamples()][];
    int rank = 0;
    for (int id = 0; id < count; id++) {
      if (!validation.isValidation(id)) {
        byPosition[(int) shape.order().position(rank++)] =
            Arrays.copyOfRange(records, id * recordBytes, (id + 1) * recordBytes);
      }
    }
    return byPosition;
  }

  /** The key of each of them, by its id. */
  private static long[] expectedKeys(int count, ValidationSplit validation, EpochShape shape) {
    long[] byPosition = new long[(int) validation.trainingExamples()];
    ExampleKeys keys = new ExampleKeys(shape.seed(), shape.epoch());
    int rank = 0;
    for (int id = 0; id < count; id++) {
      if (!validation.isValidation(id)) {
        byPosition[(int) shape.order().position(rank++)] = keys.of(id);
      }
    }
    return byPosition;
  }

  @Test
  void rows_anyPlacementPartsAndFirstStep_areTheEpochsExamplesInOrder() throws Exception {
    int count = 5_000; // Five blocks of ids.
    Path folder = TestData.images(temporary, count, 7);
    Configuration configuration = new Configuration();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toUri());
    Dataset dataset = Dataset.read(path, configuration);
    int recordBytes = dataset.format().recordBytes();
    byte[] records = new byte[count * recordBytes];
    try (RecordReader reader = new RecordReader(path, dataset, "train", 0, count, configuration)) {
      reader.read(records);
    }
    // 4,350 training examples; the last batch of 101 has 7, fewer than lanes.
    ValidationSplit validation = new ValidationSplit(count, 0.13, 3);
    SparkContexts.use(
        "local[2]",
        SparkContexts.KRYO,
        spark -> {
          for (Placement placement : List.of(Placement.WHOLE, Placement.SPREAD)) {
            for (int dataPartitions : new int[] {1, 3, 16}) {
              try (Examples examples =
                  new Examples(
                      spark,
                      path.toString(),
                      dataset,
                      "train",
                      validation,
                      dataPartitions,
                      placement)) {
                for (int partitions : new int[] {1, 2, 3, 7, 8}) {
                  for (boolean dropLast : new boolean[] {false, true}) {
                    EpochShape shape =
                        new EpochShape(
                            11, 2, validation.trainingExamples(), 101, dropLast, 8, partitions);
                    byte[][] expected =
                        expectedOrder(records, recordBytes, count, validation, shape);
                    long[] keys = expectedKeys(count, validation, shape);
                    boolean whole = placement == Placement.WHOLE;
                    try (EpochData data = EpochData.of(examples, shape)) {
                      check(data, whole, expected, keys, recordBytes);
                    }
                    try (EpochData data = fetched(examples, shape)) {
                      check(data, true, expected, keys, recordBytes);
                    }
                  }
                }
              }
            }
          }
          return null;
        });
  }

  private static EpochData fetched(Examples examples, EpochShape shape) {
    return EpochData.fetched(examples, shape, Synchronization.DEFAULT);
  }

  /**
   * Where Spark has no memory for the examples, rows are found in a file, also in one that nobody
   * else may read.
   */
  @Test
  void rows_memoryTooShort_areFoundOnTheDisk() throws Exception {
    SpreadFixture fixture = new SpreadFixture(temporary);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(temporary.toUri());
    Dataset dataset = Dataset.read(path, new Configuration());
    ValidationSplit validation = new ValidationSplit(SpreadFixture.COUNT, 0.13, 3);
    byte[][] expected = new byte[(int) validation.trainingExamples()][];
    for (int position = 0; position < expected.length; position++) {
      expected[position] = fixture.record(fixture.shape.order().rank(position));
    }
    long[] keys = expectedKeys(SpreadFixture.COUNT, validation, fixture.shape);
    for (boolean encrypted : new boolean[] {false, true}) {
      SparkContexts.use(
          "local[2]",
          SparkContexts.JAVA,
          Map.of(
              "spark.memory.fraction",
              "0.00001",
              "spark.io.encryption.enabled",
              Boolean.toString(encrypted)),
          spark -> {
            try (Examples examples =
                new Examples(
                    spark, path.toString(), dataset, "train", validation, 3, Placement.SPREAD)) {
              for (int epoch = 0; epoch < 2; epoch++) {
                try (EpochData data = fetched(examples, fixture.shape)) {
                  assertTrue(examples.spread().value().here().held(1).isMapped());
                  check(data, true, expected, keys, fixture.recordBytes);
                }
              }
            }
            return null;
          });
    }
  }

  private static void check(
      EpochData data, boolean anywhere, byte[][] expected, long[] expectedKeys, int recordBytes) {
    EpochShape shape = data.shape();
    List<List<byte[]>> held = data.held().glom().collect();
    assertEquals(shape.partitions(), held.size());
    assertEquals(anywhere, data.rows().anywhere());
    long steps = shape.order().steps();
    for (long first : new long[] {0, 1, 17, steps - 1}) {
      for (int part = 0; part < shape.partitions(); part++) {
        Rows rows = data.rows().open(held.get(part).iterator(), part, first, steps);
        RowKeys keys = data.keys().open(part, first, steps);
        for (long step = first; step < steps; step++) {
          int batch = shape.order().batchSize(step);
          for (int lane = shape.firstLane(part); lane < shape.firstLane(part + 1); lane++) {
            for (int i = shape.lanes().first(lane, batch);
                i < shape.lanes().first(lane + 1, batch);
                i++) {
              rows.advance();
              assertArrayEquals(
                  expected[(int) (step * 101 + i)],
                  Arrays.copyOfRange(rows.data(), rows.offset(), rows.offset() + recordBytes));
              assertEquals(expectedKeys[(int) (step * 101 + i)], keys.next());
            }
          }
        }
        assertThrows(NoSuchElementException.class, rows::advance, "no row besides");
        assertThrows(NoSuchElementException.class, keys::next, "no key besides");
      }
    }
  }
}
