package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import minilote.datasets.ProgressListener;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.BroadcastBlockId;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rooms with Spark, one at a time. Leaving one checks that the lesson has left nothing behind, in
 * Spark and in its temporary folder.
 */
final class SparkClassrooms {
  /** What is done in a room. */
  @FunctionalInterface
  interface Work<T> {
    T in(Classroom room) throws Exception;
  }

  private SparkClassrooms() {}

  /** Lets a lesson work on two slots, and holds what it finds against its texts. */
  static Findings work(Lesson lesson, @Nullable Path data, long seed) throws Exception {
    return use(data, seed, room -> Classrooms.work(lesson, room));
  }

  static <T> T use(@Nullable Path data, long seed, Work<T> work) throws Exception {
    Configurator.setRootLevel(Level.WARN);
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("lesson")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    Configuration hadoop = new Configuration();
    LessonData images = new LessonData(data, hadoop);
    Path temporary = images.temporary();
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        images) {
      T found =
          work.in(new Classroom(seed, null, null, images, ProgressListener.NONE, hadoop, spark));
      assertTrue(spark.getPersistentRDDs().isEmpty(), "cached: " + spark.getPersistentRDDs());
      assertEquals(List.of(), ourBroadcasts());
      return found;
    } finally {
      assertTrue(Files.notExists(temporary), temporary + " is there still");
    }
  }

  /** Classes of what was broadcast by us; Spark deletes in the background, and gets some time. */
  private static List<String> ourBroadcasts() throws InterruptedException {
    for (int wait = 0; wait < 100 && !classesOfBroadcasts().isEmpty(); wait++) {
      Thread.sleep(100);
    }
    return List.copyOf(classesOfBroadcasts());
  }

  private static Set<String> classesOfBroadcasts() {
    BlockManager blocks = SparkEnv.get().blockManager();
    List<BlockId> values =
        CollectionConverters.asJava(
            blocks.getMatchingBlockIds(
                // Others are the pieces that it is sent in.
                id -> id instanceof BroadcastBlockId broadcast && broadcast.field().isEmpty()));
    Set<String> classes = new TreeSet<>();
    for (BlockId id : values) {
      Option<BlockResult> block;
      try {
        block = blocks.getLocalValues(id);
      } catch (Exception e) { // Scala does not declare what it throws.
        classes.add("being removed");
        continue;
      }
      // To the end, which gives the block free.
      for (Iterator<Object> all = block.isEmpty() ? Iterator.empty() : block.get().data();
          all.hasNext(); ) {
        Object value = all.next();
        if (value instanceof float[] || value.getClass().getName().startsWith("minilote.")) {
          classes.add(value.getClass().getName());
        }
      }
    }
    return classes;
  }
}
