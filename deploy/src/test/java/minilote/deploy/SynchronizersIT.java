package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both synchronizers on two workers: the same bits with every optimizer. */
class SynchronizersIT {
  /** A program among trainer's tests, which knows its classes; on the driver only. */
  private static final String PROGRAM = "minilote.trainer.spark.EveryOptimizer";

  private static final Path PROGRAMS = Project.ROOT.resolve("trainer/target/test-classes");

  /** What it is submitted by: spark-submit, as deploy/minilote calls it for minilote.jar. */
  private static final String SUBMIT =
      """
      . deploy/common.sh
      find_java
      find_spark
      spark_command org.apache.spark.deploy.SparkSubmit "$@"
      exec "${command[@]}"
      """;

  @TempDir Path folder;

  /** The digests of the weights after 200 steps, by what was trained. */
  private Map<String, String> train(Cluster cluster, String... synchronizers) throws Exception {
    Program.Result result =
        new Program(Path.of("bash"), "-euc", SUBMIT, "submit", "--master", cluster.master())
            .with(Cluster.ALL_OF_TWO)
            .with("--conf", "spark.ui.enabled=false", "--class", PROGRAM)
            .with("--driver-class-path", PROGRAMS + ":" + Project.JAR)
            .with(Project.JAR.toString(), folder.toString())
            .with(synchronizers)
            .environment("SPARK_LOCAL_IP", "127.0.0.1")
            .environment("SPARK_LOCAL_HOSTNAME", "localhost")
            .environment("OPENBLAS_NUM_THREADS", "1")
            .environment(
                "LOG4J_CONFIGURATION_FILE", Project.ROOT.resolve("deploy/conf/log4j2.properties"))
            .within(Duration.ofMinutes(5))
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    Map<String, String> digests = new LinkedHashMap<>();
    for (String line : result.outLines()) {
      String[] parts = line.split("\t", 2);
      digests.put(parts[0], parts[1]);
    }
    return digests;
  }

  @Test
  void train_everyOptimizerOnTwoWorkers_givesTheSameBitsByBothSynchronizers(@TempDir Path state)
      throws Exception {
    Map<String, String> digests;
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 2)) {
      digests = train(cluster, "TREE_AGGREGATE", "ALL_REDUCE");
    }
    assertEquals("2", digests.remove("executors"));
    assertEquals(5 * 2 * 2, digests.size(), "optimizers, with clipping and without: " + digests);
    digests.forEach(
        (trained, sha256) ->
            assertEquals(
                digests.get(trained.replace("ALL_REDUCE", "TREE_AGGREGATE")), sha256, trained));
    assertEquals(5 * 2, digests.values().stream().distinct().count(), digests.toString());
  }
}
