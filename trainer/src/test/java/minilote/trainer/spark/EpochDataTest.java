package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Dataset;
import minilote.datasets.RecordReader;
import minilote.datasets.ValidationSplit;
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

  @Test
  void shuffle_manyBlocksAndChunks_bringsEveryExampleOnceToItsRow() throws Exception {
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
    ValidationSplit validation = new ValidationSplit(count, 0.13, 3);
    SparkContexts.use(
        "local[2]",
        SparkContexts.KRYO,
        spark -> {
          for (int dataPartitions : new int[] {1, 3, 16}) {
            for (int partitions : new int[] {1, 3, 8}) {
              for (boolean dropLast : new boolean[] {false, true}) {
                EpochShape shape =
                    new EpochShape(
                        11, 2, validation.trainingExamples(), 100, dropLast, 8, partitions);
                byte[][] expected = expectedOrder(records, recordBytes, count, validation, shape);
                try (Examples examples =
                        new Examples(
                            spark, path.toString(), dataset, "train", validation, dataPartitions);
                    EpochData data = EpochData.shuffle(examples, recordBytes, shape)) {
                  check(data, shape, expected, recordBytes);
                }
              }
            }
          }
          return null;
        });
  }

  private static void check(EpochData data, EpochShape shape, byte[][] expected, int recordBytes) {
    List<List<byte[]>> partitions = data.held().glom().collect();
    assertEquals(shape.partitions(), partitions.size());
    Map<Integer, Integer> next = new HashMap<>();
    List<LaneRows.Cursor> cursors = new ArrayList<>();
    for (List<byte[]> chunks : partitions) {
      cursors.add(new LaneRows.Cursor(chunks.iterator(), recordBytes, 0));
    }
    for (int position = 0; position < shape.order().used(); position++) {
      int partition = shape.partitionOf(position);
      LaneRows.Cursor cursor = cursors.get(partition);
      cursor.advance();
      next.merge(partition, 1, Integer::sum);
      assertArrayEquals(
          expected[position],
          Arrays.copyOfRange(cursor.data(), cursor.offset(), cursor.offset() + recordBytes));
    }
    for (int partition = 0; partition < partitions.size(); partition++) {
      int bytes = partitions.get(partition).stream().mapToInt(chunk -> chunk.length).sum();
      assertEquals(next.getOrDefault(partition, 0) * recordBytes, bytes, "no row besides");
    }
  }
}
