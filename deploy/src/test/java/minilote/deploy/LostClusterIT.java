package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters that do not compute, or no longer do. Spark waits for them for ever; minilote ends, says
 * why in one sentence, and a training goes on later.
 */
class LostClusterIT {
  /** More than a worker of these tests has. */
  private static final String TOO_MUCH_MEMORY = "--executor-memory=3g";

  private static final String SIGNAL = interruptIsIgnored() ? "TERM" : "INT";
  private static final int SIGNAL_STATUS = 128 + (SIGNAL.equals("INT") ? 2 : 15);

  @TempDir static Path folder;
  private static Path data;

  /** Ended after each test, so that one that hangs does not stay. */
  private @Nullable Process started;

  @BeforeAll
  static void prepare() throws Exception {
    data = folder.resolve("data");
    succeed(minilote("prepare", "--dataset", "sample", "--to", data.toString()));
  }

  @AfterEach
  void end() {
    if (started != null) {
      started.destroyForcibly();
    }
  }

  private Process start(Program program) throws IOException {
    Process process = program.start();
    started = process;
    return process;
  }

  private static Program minilote(String... arguments) {
    return new Program(Project.MINILOTE, arguments).within(Duration.ofMinutes(4));
  }

  /** Two epochs of 282 steps. */
  private static Program train(Path out, String master, String... sparkOptions) {
    return minilote("--master", master)
        .with(sparkOptions)
        .with("train", "--data", data.toString(), "--out", out.toString())
        .with("--network", "dense 16 relu, dense 10 softmax", "--batch", "32", "--epochs", "2")
        .with("--checkpoint-every", "20");
  }

  private static void succeed(Program program) throws Exception {
    Program.Result result = program.run();
    assertEquals(0, result.exitCode(), result.toString());
  }

  private static String weights(Path run) throws IOException {
    return new ObjectMapper()
        .readTree(run.resolve("result.json").toFile())
        .path("weights_sha256")
        .asText();
  }

  @Test
  void train_noWorkerHasWhatAnExecutorNeeds_endsInOneSentence(@TempDir Path state)
      throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 1)) {
      Program.Result result =
          train(folder.resolve("never"), cluster.master(), TOO_MUCH_MEMORY)
              .with("--executor-wait", "7")
              .run();
      assertEquals(1, result.exitCode(), result.toString());
      List<String> said = result.err().lines().toList();
      assertTrue(
          said.contains(
              "waiting for executors of %s, for 7 s at most (--executor-wait)"
                  .formatted(cluster.master())),
          result.toString());
      assertTrue(
          said.get(said.size() - 1)
              .startsWith(
                  "minilote: %s gave no executor within 7 s: it has no workers, or none that has 3072 MiB"
                      .formatted(cluster.master())),
          result.toString());
      assertFalse(result.err().contains("ERROR"), result.toString());
      assertTrue(Files.notExists(folder.resolve("never/run.json")));
    }
  }

  @Test
  void signal_whileExecutorsAreWaitedFor_endsTheProgram(@TempDir Path state) throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 1)) {
      Process process = start(train(folder.resolve("waiting"), cluster.master(), TOO_MUCH_MEMORY));
      CompletableFuture<String> result = Program.read(process.getInputStream());
      LineReader err = new LineReader(process);
      err.await("waiting for executors of ");
      signal(process);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), err::text);
      assertEquals(SIGNAL_STATUS, process.exitValue(), err::text);
      assertEquals("", result.join());
    }
  }

  /** The step that is under way cannot end any more, so the first signal alone does not help. */
  @Test
  void signal_theSecondOneWhileTheClusterIsGone_endsTheProgramAtOnce(@TempDir Path state)
      throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 1)) {
      Path out = folder.resolve("signalled");
      Process process = start(train(out, cluster.master()));
      CompletableFuture<String> result = Program.read(process.getInputStream());
      LineReader err = new LineReader(process);
      awaitCheckpoint(out, process, err);
      kill(cluster, 1);
      err.await("waiting for executors of ");
      signal(process);
      err.await("Stopping: the step that is under way ends, then a checkpoint is written;");
      signal(process);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), err::text);
      assertEquals(SIGNAL_STATUS, process.exitValue(), err::text);
      assertEquals("", result.join());
    }
  }

  @Test
  void train_clusterGoneInMidEpoch_saysHowToGoOnAndGoesOnToTheSameBits(@TempDir Path state)
      throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    succeed(train(undisturbed, "local[2]"));
    Path out = folder.resolve("interrupted");
    try (Cluster cluster = Cluster.start(state.resolve("first"), Project.spark("4.1"), 2)) {
      Process process = start(train(out, cluster.master()).with("--executor-wait", "30"));
      CompletableFuture<String> result = Program.read(process.getInputStream());
      LineReader err = new LineReader(process);
      awaitCheckpoint(out, process, err);
      kill(cluster, 2);
      assertTrue(process.waitFor(150, TimeUnit.SECONDS), err::text);
      assertEquals(1, process.exitValue(), err::text);
      assertEquals("", result.join());
      String sentence = err.last();
      assertTrue(
          sentence.matches(
              "minilote: %s .*; %s train --out file:%s --resume goes on with (step \\d+|the end) of epoch \\d"
                  .formatted(cluster.master(), Project.MINILOTE, out)),
          err::text);
      assertFalse(err.text().contains("ERROR"), err::text);
    }
    assertTrue(Files.notExists(out.resolve("result.json")));
    try (Cluster cluster = Cluster.start(state.resolve("second"), Project.spark("4.1"), 2)) {
      succeed(minilote("--master", cluster.master(), "train", "--resume", "--out", out.toString()));
    }
    assertEquals(weights(undisturbed), weights(out));
  }

  private static void awaitCheckpoint(Path out, Process process, LineReader err)
      throws InterruptedException {
    Path manifest = out.resolve("checkpoints/step-000000000020/manifest.json");
    while (Files.notExists(manifest)) {
      assertTrue(process.isAlive(), err::text);
      Thread.sleep(20);
    }
  }

  /** All of it at once, as when the machines are gone. */
  private static void kill(Cluster cluster, int executors) throws Exception {
    List<Long> processes = cluster.awaitExecutors(executors);
    for (List<Long> some : List.of(cluster.daemons(), processes)) {
      for (long process : some) {
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static void signal(Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + SIGNAL, Long.toString(process.pid())).inheritIO().start();
    assertEquals(0, kill.waitFor());
  }

  /** So it is for processes that a shell has put into the background, and their children. */
  private static boolean interruptIsIgnored() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    } catch (IOException e) {
      return false;
    }
  }
}
