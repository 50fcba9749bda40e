package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both synchronizers on two workers: the same bits with every optimizer; many steps. */
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

  /** In use by one executor after all else has been collected, as the JDK's jcmd tells it. */
  private static final Pattern LIVE_BYTES = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");

  private static final Pattern THREE_SLOTS = Pattern.compile("\"slots\" *: *3\\b");
  private static final Pattern SHA_256 = Pattern.compile("\"weights_sha256\" *: *\"(\\w+)\"");

  @TempDir static Path folder;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(folder.resolve("cluster"), Project.spark("4.1"), 2);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  /** What 200 steps led to, weights and losses, by optimizer and synchronizer. */
  private static Map<String, String> train() throws Exception {
    Program.Result result =
        new Program(Path.of("bash"), "-euc", SUBMIT, "submit", "--master", cluster.master())
            .with(Cluster.ALL_OF_TWO)
            .with("--conf", "spark.ui.enabled=false", "--class", PROGRAM)
            .with("--driver-class-path", PROGRAMS + ":" + Project.JAR)
            .with(Project.JAR.toString(), folder.resolve("every").toString())
            .environment("SPARK_LOCAL_IP", "127.0.0.1")
            .environment("SPARK_LOCAL_HOSTNAME", "localhost")
            .environment("OPENBLAS_NUM_THREADS", "1")
            .environment(
                "LOG4J_CONFIGURATION_FILE", Project.ROOT.resolve("deploy/conf/log4j2.properties"))
            .within(Duration.ofMinutes(10))
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    Map<String, String> digests = new LinkedHashMap<>();
    for (String line : result.outLines()) {
      String[] parts = line.split("\t", 2);
      digests.put(parts[0], parts[1]);
    }
    return digests;
  }

  private static long liveBytes(long process) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Program.Result result = new Program(jcmd, Long.toString(process), "GC.class_histogram").run();
    Matcher matcher = LIVE_BYTES.matcher(result.out());
    assertTrue(matcher.find(), result::toString);
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void train_everyOptimizerOnTwoWorkers_givesTheSameBitsByBothSynchronizers() throws Exception {
    Map<String, String> digests = train();
    assertEquals("2", digests.remove("executors"));
    assertEquals((5 + 1) * 2, digests.size(), digests.toString());
    digests.forEach(
        (trained, sha256) ->
            assertEquals(
                digests.get(trained.replace("ALL_REDUCE", "TREE_AGGREGATE")), sha256, trained));
    assertEquals(6, digests.values().stream().distinct().count(), digests.toString());
  }

  private static Program trainOnWholeBatches(String master, String data, Path out) {
    return new Program(Project.MINILOTE, "--master", master)
        .with("--total-executor-cores=3")
        .with("--conf", "spark.scheduler.minRegisteredResourcesRatio=1")
        .with("--conf", "spark.scheduler.maxRegisteredResourcesWaitingTime=100s")
        .with("train", "--data", data, "--out", out.toString(), "--json")
        .with("--network")
        .with(
            "dense 64, batchnorm whole relu, residual(dense 64, batchnorm whole) tanh,"
                + " dropout 0.2, dense 10 softmax")
        .with("--batch", "20", "--lanes", "8", "--epochs", "2", "--learning-rate", "0.05")
        .with("--optimizer", "momentum", "--checkpoint-every", "100");
  }

  /**
   * Executors whose lanes are not one subtree exchange the statistics of each batch within the
   * step; and one of them is lost in the middle.
   */
  @Test
  void train_wholeBatchesOnThreeWorkers_givesTheBitsOfOneMachine(@TempDir Path state)
      throws Exception {
    String data = state.resolve("sample").toString();
    Program.Result prepared =
        new Program(Project.MINILOTE, "prepare", "--dataset", "sample", "--to", data).run();
    assertEquals(0, prepared.exitCode(), prepared.toString());
    Program.Result alone = trainOnWholeBatches("local[1]", data, state.resolve("alone")).run();
    assertEquals(0, alone.exitCode(), alone.toString());
    try (Cluster three = Cluster.start(state.resolve("three"), Project.spark("4.1"), 3)) {
      Path out = state.resolve("lost");
      Process process = trainOnWholeBatches(three.master(), data, out).start();
      CompletableFuture<String> result = Program.read(process.getInputStream());
      LineReader err = new LineReader(process);
      try {
        Path manifest = out.resolve("checkpoints/step-000000000100/manifest.json");
        while (Files.notExists(manifest)) {
          assertTrue(process.isAlive(), err::text);
          Thread.sleep(10);
        }
        three.killWorker();
        assertTrue(process.waitFor(3, TimeUnit.MINUTES), err::text);
      } finally {
        process.destroyForcibly();
      }
      assertEquals(0, process.exitValue(), err::text);
      assertTrue(err.text().contains("going on from update"), err::text);
      assertEquals(sha256(alone.out()), sha256(result.join()));
      String run = Files.readString(out.resolve("run.json"));
      assertTrue(run.contains("\"all-reduce\"") && THREE_SLOTS.matcher(run).find(), run);
    }
  }

  private static String sha256(String json) {
    Matcher matcher = SHA_256.matcher(json);
    assertTrue(matcher.find(), json);
    return matcher.group(1);
  }

  /** Executors exchange sums and weights in each of 22,500 steps, and hold no more after them. */
  @Test
  void train_manyStepsOnTwoWorkers_leavesTheExecutorsHeapsFlat() throws Exception {
    String data = folder.resolve("sample").toString();
    Program.Result prepared =
        new Program(Project.MINILOTE, "prepare", "--dataset", "sample", "--to", data).run();
    assertEquals(0, prepared.exitCode(), prepared.toString());
    int before = cluster.awaitExecutors(0).size();
    Process process =
        new Program(Project.MINILOTE, "--master", cluster.master())
            .with(Cluster.ALL_OF_TWO)
            .with("train", "--data", data, "--out", folder.resolve("many-steps").toString())
            .with("--network", "dense 16 relu, dense 10 softmax", "--optimizer", "adam")
            .with("--batch", "2", "--learning-rate", "0.001", "--epochs", "5")
            .with("--synchronizer", "all-reduce")
            .start();
    LineReader err = new LineReader(process);
    List<Long> heaps = new ArrayList<>();
    try {
      for (int epoch = 1; epoch < 5; epoch++) {
        err.await("epoch " + epoch + "/5");
        List<Long> executors = cluster.awaitExecutors(before + 2).subList(before, before + 2);
        heaps.add(liveBytes(executors.get(0)) + liveBytes(executors.get(1)));
      }
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), err::text);
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), err::text);
    assertTrue(heaps.get(3) - heaps.get(0) <= 2 << 20, "bytes in use by both: " + heaps);
  }
}
