package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

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
    SparkConf conf =
        new SparkConf(false)
            .setMaster(master)
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", serializer);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      T result = use.with(spark);
      assertTrue(spark.getPersistentRDDs().isEmpty(), "cached: " + spark.getPersistentRDDs());
      assertEquals(0, Weights.open(), "broadcast weights that were not released");
      assertEquals(0, Lent.open(), "lent objects that were not taken back");
      assertEquals("", shuffleFilesLeft(), "shuffle files that were not deleted");
      return result;
    }
  }

  /** Spark deletes them in the background; they get some seconds for it. */
  private static String shuffleFilesLeft() throws InterruptedException {
    String left = "";
    for (int wait = 0; wait < 100; wait++) {
      left =
          Arrays.stream(
                  SparkEnv.get()
                      .blockManager()
                      .diskBlockManager()
                      .getAllFiles()
                      .mkString("\n")
                      .split("\n", -1))
              .filter(file -> file.contains("shuffle_"))
              .collect(Collectors.joining("\n"));
      if (left.isEmpty()) {
        return left;
      }
      Thread.sleep(100);
    }
    return left;
  }

  static <T> T use(String master, Use<T> use) throws Exception {
    return use(master, JAVA, use);
  }
}
