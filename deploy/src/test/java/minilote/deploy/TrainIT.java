package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * minilote.jar as users run it: the same bits on one machine, on a cluster, on each Spark; stopped
 * and continued.
 */
class TrainIT {
  /** 9,000 training examples do not divide by the batch, and its last one not by the lanes. */
  private static final List<String> SETTINGS =
      List.of(
          "--network",
          "conv 8 5x5 stride 2 relu, max-pool 2x2, residual(conv 8 3x3 bias none, batchnorm ghost 25"
              + " relu, dropout 0.1) relu, dense 32, batchnorm ghost 25 relu, dense 10 softmax",
          "--batch",
          "700",
          "--lanes",
          "8",
          "--optimizer",
          "adam",
          "--augment",
          "crop 1, flip, cutout 4",
          "--epochs",
          "3");

  @TempDir static Path folder;
  private static Path data;

  /** The undisturbed run on this machine that the others are compared with. */
  private static Path run;

  private static String sha256;

  @BeforeAll
  static void prepareAndTrain() throws Exception {
    data = folder.resolve("data");
    JsonNode prepared =
        result(
            minilote("prepare", "--dataset", "sample", "--shards", "3")
                .with("--to", data.toString())
                .with("--json"));
    assertTrue(prepared.isObject(), prepared.toString());
    run = folder.resolve("run");
    sha256 = result(train(run, "local[2]")).path("weights_sha256").asText();
    assertTrue(sha256.matches("[0-9a-f]{64}"), sha256);
  }

  private static Program minilote(String... arguments) {
    return new Program(Project.MINILOTE, arguments).within(Duration.ofMinutes(5));
  }

  private static Program train(Path out, String master, String... sparkOptions) {
    return minilote("--master", master)
        .with(sparkOptions)
        .with("train", "--data", data.toString())
        .with(SETTINGS.toArray(String[]::new))
        .with("--out", out.toString(), "--json");
  }

  /**
   * What a command that is to succeed gives with --json: one object on one line of standard output.
   */
  private static JsonNode result(Program program) throws IOException, InterruptedException {
    Program.Result result = program.run();
    assertEquals(0, result.exitCode(), result.toString());
    assertEquals(1, result.outLines().size(), result.toString());
    return new ObjectMapper().readTree(result.out());
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void folder_ofARun_holdsWhatIsKnownOfIt() throws Exception {
    try (Stream<Path> files = Files.list(run)) {
      assertEquals(
          List.of(
              "checkpoints",
              "metrics.jsonl",
              "model.safetensors",
              "report.html",
              "result.json",
              "run.json"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .sorted()
              .toList());
    }
    assertEquals(3, Files.readAllLines(run.resolve("metrics.jsonl")).size());
    JsonNode result = json(run.resolve("result.json"));
    assertEquals(sha256, result.path("weights_sha256").asText());
    assertEquals(3 * 13, result.path("steps").asInt());
    assertTrue(result.path("test_accuracy").asDouble() > 0.6, result.toString());
    JsonNode numerics = json(run.resolve("run.json")).path("numerics");
    assertEquals(
        "amd64 aarch64".contains(System.getProperty("os.arch")),
        numerics.path("blas").path("native_library").asBoolean(),
        numerics.toString());
    boolean amd64 = System.getProperty("os.arch").equals("amd64");
    assertEquals(amd64 ? "native" : "portable", numerics.path("engine").asText());
    assertTrue(Files.readString(run.resolve("report.html")).contains("<svg"));
  }

  @Test
  void train_onTwoWorkers_givesTheSameBits(@TempDir Path state) throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 2, 2, List.of())) {
      String portable =
          result(train(folder.resolve("portable"), "local[3]").with("--engine", "portable"))
              .path("weights_sha256")
              .asText();
      List<List<String>> ways =
          List.of(
              List.of("whole", "all-reduce", "auto", "2"),
              List.of("spread", "all-reduce", "auto", "2"),
              List.of("spread", "tree-aggregate", "auto", "2"),
              List.of("whole", "all-reduce", "portable", "2"),
              List.of("spread", "tree-aggregate", "portable", "2"),
              List.of("spread", "all-reduce", "auto", "1"),
              List.of("whole", "tree-aggregate", "auto", "1"),
              List.of("whole", "all-reduce", "auto", "3"),
              List.of("spread", "tree-aggregate", "auto", "3"));
      for (List<String> way : ways) {
        int partitions = Integer.parseInt(way.get(3));
        int slots = Math.max(2, partitions); // all-reduce needs one for each partition
        Path out = folder.resolve("on-two-workers-" + String.join("-", way));
        // The second executor registers after the first; slots are counted when both are there,
        // and by Spark's scheduler, not by its default parallelism.
        Program train =
            train(
                out,
                cluster.master(),
                "--total-executor-cores=" + slots,
                "--conf=spark.default.parallelism=7");
        JsonNode result =
            result(
                train
                    .with("--placement", way.get(0), "--synchronizer", way.get(1))
                    .with("--engine", way.get(2), "--partitions", way.get(3)));
        assertEquals(
            way.get(2).equals("portable") ? portable : sha256,
            result.path("weights_sha256").asText(),
            way.toString());
        JsonNode used = json(out.resolve("run.json")).path("cluster");
        assertEquals(2, used.path("executors").size(), used.toString());
        assertEquals(slots, used.path("slots").asInt(), used.toString());
      }
      int executors = 2 * ways.size();
      assertEquals(executors, cluster.awaitExecutors(executors).size(), "two of each run");
    }
  }

  /** One worker of two dies while both are within one job of thousands of steps. */
  @Test
  void train_workerKilledInTheMiddleOfAJob_givesTheSameBits(@TempDir Path state) throws Exception {
    String[] manySteps = {
      "--network", "dense 16 relu, dense 10 softmax", "--batch", "2", "--optimizer", "momentum",
      "--learning-rate", "0.001", "--epochs", "1", "--checkpoint-every", "1500"
    };
    Path undisturbed = folder.resolve("many-steps");
    JsonNode expected =
        result(
            minilote("--master", "local[2]", "train", "--data", data.toString(), "--json")
                .with(manySteps)
                .with("--out", undisturbed.toString(), "--synchronizer", "tree-aggregate"));
    for (String placement : List.of("whole", "spread")) {
      JsonNode survived = survived(state.resolve(placement), placement, manySteps);
      assertEquals(expected.path("weights_sha256"), survived.path("weights_sha256"), placement);
    }
  }

  private static JsonNode survived(Path state, String placement, String... settings)
      throws Exception {
    Path out = folder.resolve("worker-killed-" + placement);
    try (Cluster cluster = Cluster.start(Files.createDirectory(state), Project.spark("4.1"), 2)) {
      Process process =
          minilote("--master", cluster.master(), "--total-executor-cores=2")
              .with("train", "--data", data.toString(), "--json")
              .with(settings)
              .with("--out", out.toString(), "--synchronizer", "all-reduce")
              .with("--placement", placement)
              .start();
      var stdout = Program.read(process.getInputStream());
      LineReader err = new LineReader(process);
      Path manifest = out.resolve("checkpoints/step-000000001500/manifest.json");
      while (Files.notExists(manifest)) {
        assertTrue(process.isAlive(), err::text);
        Thread.sleep(10);
      }
      cluster.killWorker();
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), err::text);
      assertEquals(0, process.exitValue(), err::text);
      assertTrue(err.text().contains("going on from update"), err::text);
      return new ObjectMapper().readTree(stdout.join());
    }
  }

  @Test
  void train_onSpark40_givesTheSameBits() throws Exception {
    Path out = folder.resolve("on-spark-4.0");
    Path spark = Project.spark("4.0");
    Program program = train(out, "local[1]").with("--partitions", "3");
    JsonNode result = result(program.environment("SPARK_HOME", spark));
    assertEquals(sha256, result.path("weights_sha256").asText());
    assertEquals(
        Project.version(spark),
        json(out.resolve("run.json")).path("versions").path("spark").asText());

    JsonNode evaluation =
        result(
            minilote("evaluate", out.toString(), "--data", data.toString(), "--json")
                .environment("SPARK_HOME", spark));
    assertEquals(
        json(run.resolve("result.json")).path("test_accuracy").asDouble(),
        evaluation.path("accuracy").asDouble());
  }

  @Test
  void train_stoppedBySignalAndResumed_givesTheSameBits() throws Exception {
    Path out = folder.resolve("stopped");
    Process process = train(out, "local[2]").start();
    var stdout = Program.read(process.getInputStream());
    StringBuilder stderr = new StringBuilder();
    try (BufferedReader err =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      boolean signalled = false;
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        stderr.append(line).append('\n');
        if (!signalled && line.startsWith("epoch 1/3")) {
          signalled = process.toHandle().destroy();
        }
      }
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = stderr + stdout.join();
    JsonNode stopped = new ObjectMapper().readTree(stdout.join());
    assertTrue(stopped.path("stopped").asBoolean(), said);
    assertTrue(Files.exists(Path.of(URI.create(stopped.path("checkpoint").asText()))), said);
    assertTrue(Files.notExists(out.resolve("result.json")), said);

    JsonNode resumed =
        result(
            minilote("--master", "local[1]", "train", "--resume", "--json")
                .with("--out", out.toString()));
    assertEquals(sha256, resumed.path("weights_sha256").asText());
    assertEquals(3, Files.readAllLines(out.resolve("metrics.jsonl")).size());
  }

  @Test
  void reproduce_ofARun_isIdentical() throws Exception {
    JsonNode result =
        result(minilote("--master", "local[1]", "reproduce", run.toString(), "--json"));
    assertTrue(result.path("identical").asBoolean(), result.toString());
  }

  @Test
  void table_ofNumbers_isReadAndPredictedOnSpark40() throws Exception {
    Path table = folder.resolve("numbers.csv");
    StringBuilder rows = new StringBuilder("a,b,\"the sum\"\n");
    for (int i = 0; i < 200; i++) {
      rows.append(i % 7).append(',').append(i % 5).append(',').append(i % 7 + i % 5).append('\n');
    }
    Files.writeString(table, rows.toString());
    Path numbers = folder.resolve("numbers");
    Path out = folder.resolve("numbers-run");
    Path spark = Project.spark("4.0");
    result(
        minilote("prepare", "--dataset", "csv", "--from", table.toString(), "--target", "numbers")
            .with("--to", numbers.toString(), "--json")
            .environment("SPARK_HOME", spark));
    JsonNode trained =
        result(
            minilote("--master", "local[1]", "train", "--data", numbers.toString())
                .with("--network", "dense 1 linear", "--batch", "16", "--epochs", "20")
                .with("--out", out.toString(), "--json")
                .environment("SPARK_HOME", spark));
    assertTrue(trained.path("test_loss").asDouble() < 0.01, trained.toString());
    Path predictions = folder.resolve("predictions.csv");
    result(
        minilote("predict", out.toString(), "--data", numbers.toString(), "--json")
            .with("--out", predictions.toString())
            .environment("SPARK_HOME", spark));
    assertTrue(Files.readAllLines(predictions).size() >= 40, predictions.toString());
  }

  @Test
  void input_wrong_isOneSentenceAndExitCode2() throws Exception {
    Program.Result result =
        minilote("train", "--data", folder.resolve("nowhere").toString())
            .with("--network", "dense 10 softmax", "--out", folder.resolve("never").toString())
            .run();
    assertEquals(2, result.exitCode(), result.toString());
    assertEquals(1, result.err().lines().count(), result.toString());
    assertTrue(result.err().contains("nowhere"), result.toString());
    assertEquals("", result.out());
    assertTrue(Files.notExists(folder.resolve("never")));
  }

  @Test
  void help_ofTheLauncher_namesTheProgramsCommands() throws Exception {
    assertEquals(
        "minilote " + Project.property("minilote.version") + "\n",
        minilote("--version").run().out());
    String launcher = minilote("--help").run().out();
    // Examples are what the user would type.
    Program.Result typed = new Program(Path.of("deploy/minilote"), "train", "--help").run();
    assertTrue(
        typed.out().contains("\n  deploy/minilote train --out runs/mnist --resume\n"),
        typed.toString());
    Program.Result program =
        new Program(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-cp",
                Project.JAR + ":" + Project.spark("4.1").resolve("jars") + "/*",
                "minilote.driver.Minilote",
                "--help")
            .run();
    List<String> commands =
        program.outLines().stream()
            .dropWhile(line -> !line.startsWith("Commands:"))
            .skip(1)
            .takeWhile(line -> line.startsWith("  "))
            .filter(line -> !line.startsWith("   "))
            .map(line -> line.strip().replaceFirst(" .*", ""))
            .toList();
    assertTrue(commands.size() >= 5, program.toString());
    for (String command : commands) {
      assertTrue(launcher.contains("\n  " + command + " "), command);
    }
  }
}
