package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.ShardFiles;
import minilote.datasets.UserError;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Compares every shard with the digest that {@code dataset.json} gives it, where it will be read:
 * on the executors.
 */
final class DataCheck {
  private DataCheck() {}

  /**
   * Reads all shards once.
   *
   * @throws UserError naming the first shard that is not what it should be
   */
  static void verify(JavaSparkContext spark, TrainingSetup setup) {
    String folder = setup.settings().data();
    String dataset = setup.dataset().toJsonText();
    List<Dataset.Shard> shards =
        setup.dataset().splits().values().stream()
            .flatMap(split -> split.shards().stream())
            .toList();
    List<Integer> numbers = java.util.stream.IntStream.range(0, shards.size()).boxed().toList();
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      List<String> wrong =
          spark
              .parallelize(numbers, numbers.size())
              .map(number -> check(folder, dataset, number, configuration))
              .filter(sentence -> !sentence.isEmpty())
              .collect();
      if (!wrong.isEmpty()) {
        throw new UserError(wrong.get(0));
      }
    } finally {
      Released.broadcast(configuration);
    }
  }

  /** What is wrong with a shard; empty where nothing is. */
  private static String check(
      String folder,
      String dataset,
      int number,
      Broadcast<SerializableConfiguration> configuration) {
    Dataset described = Dataset.fromJsonText(dataset);
    Dataset.Shard shard =
        described.splits().values().stream()
            .flatMap(split -> split.shards().stream())
            .toList()
            .get(number);
    try {
      ShardFiles.verify(new Path(folder), described.format(), shard, configuration.value().value());
      return "";
    } catch (UserError e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s could not be read: %s".formatted(shard.file(), e.getMessage()), e);
    }
  }
}
