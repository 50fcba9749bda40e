package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Placement;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

class WholeSplitTest {
  private static final int COUNT = 5_000; // Five blocks of ids.

  @TempDir Path temporary;

  private Dataset dataset;
  private SplitFiles files;

  @BeforeEach
  void prepare() throws Exception {
    TestData.images(temporary, COUNT, 7);
    Configuration configuration = new Configuration();
    String folder = temporary.toUri().toString();
    dataset = Dataset.read(new org.apache.hadoop.fs.Path(folder), configuration);
    files = new SplitFiles(folder, dataset, "train", configuration);
  }

  private WholeSplit split() {
    return new WholeSplit(files, new ValidationSplit(COUNT, 0.13, 3));
  }

  private List<byte[]> expected() {
    List<byte[]> blocks = new ArrayList<>();
    try (SplitFiles.BlockReader reader = files.open(0, 5)) {
      reader.forEachRemaining(blocks::add);
    }
    return blocks;
  }

  @Test
  void blocks_someOfThem_readsNoOthers() {
    byte[][] blocks = split().blocks(1, 3);
    assertEquals(5, blocks.length);
    assertArrayEquals(expected().get(1), blocks[1]);
    assertArrayEquals(expected().get(2), blocks[2]);
    for (int other : new int[] {0, 3, 4}) {
      assertNull(blocks[other]);
    }
  }

  @Test
  void blocks_ofManyTasksAtOnce_areTheSameArraysReadOnce() throws Exception {
    for (int repetition = 0; repetition < 20; repetition++) {
      WholeSplit split = split();
      byte[] second = split.blocks(1, 2)[1];
      List<byte[][]> found = atOnce(split);
      for (byte[][] blocks : found) {
        for (int number = 0; number < 5; number++) {
          assertSame(found.get(0)[number], blocks[number]);
          assertArrayEquals(expected().get(number), blocks[number]);
        }
        assertSame(second, blocks[1]);
      }
    }
  }

  private static List<byte[][]> atOnce(WholeSplit split) throws Exception {
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    try {
      List<Future<byte[][]>> futures = new ArrayList<>();
      for (int task = 0; task < 4; task++) {
        futures.add(tasks.submit(() -> split.blocks()));
      }
      List<byte[][]> found = new ArrayList<>();
      for (Future<byte[][]> future : futures) {
        found.add(future.get());
      }
      return found;
    } finally {
      tasks.shutdownNow();
    }
  }

  /** Whoever waits for a block must not wait for ever when the task that reads it fails. */
  @Test
  void blocks_shardMissing_failsForAllAndIsTriedAgain() throws Exception {
    Path shard = temporary.resolve(dataset.split("train").shards().get(3).file());
    Path away = temporary.resolve("away");
    WholeSplit split = split();
    for (int repetition = 0; repetition < 20; repetition++) {
      Files.move(shard, away);
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> atOnce(split), "the shard is missing");
      assertTrue(failure.getCause().getMessage().contains(shard.getFileName().toString()));
      Files.move(away, shard);
    }
    for (byte[][] blocks : atOnce(split)) {
      for (int number = 0; number < 5; number++) {
        assertArrayEquals(expected().get(number), blocks[number]);
      }
    }
  }

  @Test
  void trainingIds_ofASplit_areThoseThatAreNotForValidation() {
    ValidationSplit validation = new ValidationSplit(COUNT, 0.13, 3);
    int rank = 0;
    int[] ids = split().trainingIds();
    for (int id = 0; id < COUNT; id++) {
      if (!validation.isValidation(id)) {
        assertEquals(id, ids[rank++]);
      }
    }
    assertEquals(rank, ids.length);
  }

  /** What crosses Spark is how to read the examples, not they. */
  @Test
  void serialized_withEitherSerializer_readsAnewWhereItArrives() {
    WholeSplit split = split();
    byte[][] here = split.blocks();
    SparkConf conf = new SparkConf(false);
    for (SerializerInstance serializer :
        List.of(new JavaSerializer(conf).newInstance(), new KryoSerializer(conf).newInstance())) {
      ByteBuffer bytes = serializer.serialize(split, ClassTag$.MODULE$.apply(WholeSplit.class));
      WholeSplit there = serializer.deserialize(bytes, ClassTag$.MODULE$.apply(WholeSplit.class));
      assertNotSame(here[0], there.blocks()[0]);
      for (int number = 0; number < 5; number++) {
        assertArrayEquals(here[number], there.blocks()[number]);
      }
      assertArrayEquals(split.trainingIds(), there.trainingIds());
    }
  }

  /** What the tasks have read is there without a file, and so is that of this JVM; till the end. */
  @Test
  void close_examplesOnALocalMaster_forgetsWhatItsTasksHaveRead() throws Exception {
    ValidationSplit all = new ValidationSplit(COUNT, 0, 0);
    List<byte[]> expected = expected();
    for (String serializer : List.of(SparkContexts.JAVA, SparkContexts.KRYO)) {
      Path away = temporary.resolve("away");
      SparkContexts.use(
          "local[2]",
          serializer,
          spark -> {
            WholeSplit split;
            try (Examples examples =
                new Examples(
                    spark, temporary.toString(), dataset, "train", all, 3, Placement.WHOLE)) {
              assertEquals(5, examples.blocks().count());
              Files.move(temporary.resolve("train"), away);
              split = examples.whole().value();
              for (int number = 0; number < 5; number++) {
                assertArrayEquals(expected.get(number), split.blocks()[number]);
              }
              assertEquals(5, examples.blocks().count());
            }
            assertThrows(UserError.class, split::blocks);
            Files.move(away, temporary.resolve("train"));
            return null;
          });
    }
  }
}
