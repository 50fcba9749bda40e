package minilote.driver.lesson;

import java.nio.file.Path;
import minilote.datasets.ProgressListener;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * What a lesson is given.
 *
 * @param seed of all that is random
 * @param csv the user's own examples; null where there are none
 * @param trace the words of the user's own network; null where there is none
 * @param data where data sets are
 * @param progress is told how far it has come
 * @param hadoop for files
 * @param spark for lessons that compute on it
 */
public record Classroom(
    long seed,
    @Nullable Path csv,
    @Nullable String trace,
    LessonData data,
    ProgressListener progress,
    Configuration hadoop,
    @Nullable JavaSparkContext spark) {

  /** Spark, of a lesson that said that it needs it. */
  JavaSparkContext onSpark() {
    if (spark == null) {
      throw new IllegalStateException("a lesson computes on Spark and has not said so");
    }
    return spark;
  }
}
