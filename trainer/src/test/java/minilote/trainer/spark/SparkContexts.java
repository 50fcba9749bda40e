package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BroadcastBlockId;
import scala.Option;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark contexts for tests, one at a time. Closing one checks that what it was used for left
 * nothing behind.
 */
final class SparkContexts {
  static final String JAVA = "org.apache.spark.serializer.JavaSerializer";
  static final String KRYO = "org.apache.spark.serializer.KryoSerializer";

  private SparkContexts() {}

  /** What is done with a context. */
  @FunctionalInterface
  interface Use<T> {
    T with(JavaSparkContext spark) throws Exception;
  }

  static <T> T use(String master, String serializer, Use<T> use) throws Exception {
    return use(master, serializer, Map.of(), use);
  }

  static <T> T use(String master, String serializer, Map<String, String> settings, Use<T> use)
      throws Exception {
    SparkConf conf =
        new SparkConf(false)
            .setMaster(master)
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", serializer);
    settings.forEach(conf::set);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      T result = use.with(spark);
      assertTrue(spark.getPersistentRDDs().isEmpty(), "cached: " + spark.getPersistentRDDs());
      assertEquals(0, Weights.open(), "broadcast weights that were not released");
      assertEquals(0, Group.open(), "groups of all-reduce that were not left");
      assertEquals("", left(SparkContexts::shuffleFiles), "shuffle files that were not deleted");
      assertEquals("", left(SparkContexts::wholeSplits), "examples that were not released");
      assertEquals(0, SpreadSplit.open(), "examples that are held on");
      assertEquals(0, Lent.open(), "lent objects that were not taken back");
      return result;
    }
  }

  /** Spark deletes things in the background; it gets some seconds for it. */
  private static String left(Supplier<String> found) throws InterruptedException {
    for (int wait = 0; wait < 100 && !found.get().isEmpty(); wait++) {
      Thread.sleep(100);
    }
    return found.get();
  }

  private static String shuffleFiles() {
    return Arrays.stream(
            SparkEnv.get()
                .blockManager()
                .diskBlockManager()
                .getAllFiles()
                .mkString("\n")
                .split("\n", -1))
        .filter(file -> file.contains("shuffle_"))
        .collect(Collectors.joining("\n"));
  }

  /** Broadcasts that give this JVM all examples of a split. */
  private static String wholeSplits() {
    BlockManager blocks = SparkEnv.get().blockManager();
    List<BlockId> values =
        CollectionConverters.asJava(
            blocks.getMatchingBlockIds(
                // Others are the pieces that it is sent in.
                id -> id instanceof BroadcastBlockId broadcast && broadcast.field().isEmpty()));
    return values.stream()
        .filter(id -> holdsWholeSplit(blocks, id))
        .map(BlockId::name)
        .collect(Collectors.joining("\n"));
  }

  private static boolean holdsWholeSplit(BlockManager blocks, BlockId id) {
    Option<BlockResult> block;
    try {
      block = blocks.getLocalValues(id);
    } catch (Exception e) { // Scala does not declare what it throws.
      return true; // Spark removes it this very moment: worth another look.
    }
    boolean found = false;
    // To the end, which gives the block free.
    for (Iterator<Object> values = block.isEmpty() ? Iterator.empty() : block.get().data();
        values.hasNext(); ) {
      found |= values.next() instanceof WholeSplit;
    }
    return found;
  }

  static <T> T use(String master, Use<T> use) throws Exception {
    return use(master, JAVA, use);
  }
}
