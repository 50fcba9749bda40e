package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import minilote.trainer.math.EngineKind;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {
  private static final String DELIMITER = "|";

  /**
   * Spark's default parallelism, which is not it, is the first of these settings where it is set.
   */
  @ParameterizedTest
  @CsvSource(
      delimiterString = DELIMITER,
      value = {
        "spark.app.name=none        | 4",
        "spark.default.parallelism=7 | 4",
        "spark.task.cpus=2           | 2",
        "spark.task.cpus=3           | 1"
      })
  void of_fourLocalCores_countsTasksThatRunAtOnce(String setting, int slots) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[4]")
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1");
    set(conf, setting);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertEquals(slots, Slots.of(spark));
      assertEquals(slots, Slots.settled(spark));
      assertEquals(slots, Cluster.probe(spark, EngineKind.PORTABLE).slots());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = DELIMITER,
      value = {
        "spark.master=spark://h:7077                                                      | 0",
        "spark.master=spark://h:7077 spark.cores.max=16                                   | 16",
        "spark.master=spark://h:7077 spark.cores.max=16 spark.task.cpus=3                 | 5",
        "spark.master=spark://h:7077 spark.cores.max=16 spark.executor.cores=5            | 15",
        "spark.master=spark://h:7077 spark.cores.max=16 spark.executor.cores=5 spark.task.cpus=2 | 6",
        "spark.master=local-cluster[3,2,1024]                                             | 6",
        "spark.master=yarn                                                                | 2",
        "spark.master=yarn spark.executor.instances=4 spark.executor.cores=4              | 16",
        "spark.master=k8s://https://h spark.executor.instances=3 spark.executor.cores=4 spark.task.cpus=2 | 6"
      })
  void asked_settingsOfACluster_areTasksAtOnce(String settings, int slots) {
    SparkConf conf = new SparkConf(false);
    for (String setting : settings.split(" ", -1)) {
      set(conf, setting);
    }
    assertEquals(slots, Slots.asked(conf));
  }

  private static void set(SparkConf conf, String setting) {
    int equals = setting.indexOf('=');
    conf.set(setting.substring(0, equals), setting.substring(equals + 1));
  }
}
