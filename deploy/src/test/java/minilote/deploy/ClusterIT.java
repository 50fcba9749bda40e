package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** deploy/cluster: processes that start, are found again, do work, and end. */
class ClusterIT {
  @TempDir static Path folder;
  private static Path standIn;

  @BeforeAll
  static void compile() throws IOException {
    standIn = StandIn.in(folder);
  }

  static List<Path> sparks() {
    return Project.sparks();
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void tasks_onTwoWorkers_runInProcessesOfTheirOwn(Path spark, @TempDir Path state)
      throws Exception {
    try (Cluster cluster = Cluster.start(state, spark, 2)) {
      Program.Result result =
          new Program(Project.MINILOTE, "--master", cluster.master())
              .with(Cluster.ALL_OF_TWO)
              .with("tasks", "200")
              .environment("MINILOTE_JAR", standIn)
              .environment("SPARK_HOME", spark)
              .run();
      assertEquals(0, result.exitCode(), result.toString());
      Set<String> processes = new HashSet<>();
      for (String line : result.outLines()) {
        processes.add(line.substring(line.indexOf(' ') + 1));
      }
      assertEquals(3, processes.size(), result.toString());
      assertEquals(1, result.outLines().stream().filter(l -> l.startsWith("driver ")).count());
    }
  }

  @Test
  void start_again_isTheSameClusterAndItsPortIsTaken(@TempDir Path state) throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 1)) {
      Program.Result again = cluster.program("start", "--workers", "1").run();
      assertEquals(0, again.exitCode(), again.toString());
      assertEquals(cluster.master() + "\n", again.out());
      assertTrue(again.err().contains("runs already"), again.toString());

      Program.Result status = cluster.program("status").run();
      assertEquals(0, status.exitCode(), status.toString());
      assertTrue(status.out().contains(cluster.master()), status.toString());
      assertTrue(status.out().contains("worker-1"), status.toString());
      assertFalse(status.out().contains("ended"), status.toString());

      String other = state.resolve("other").toString();
      String port = cluster.master().substring(cluster.master().lastIndexOf(':') + 1);
      Program.Result taken =
          new Program(Project.CLUSTER, "start", "--port", port, "--dir", other).run();
      assertEquals(1, taken.exitCode(), taken.toString());
      assertEquals("", taken.out());
      assertTrue(taken.err().contains("Address already in use"), taken.toString());
      assertTrue(taken.err().contains("The master did not start: its log"), taken.toString());
      assertEquals(3, new Program(Project.CLUSTER, "status", "--dir", other).run().exitCode());

      assertEquals(0, cluster.program("stop").run().exitCode());
      assertEquals(3, cluster.program("status").run().exitCode());
      assertEquals(0, cluster.program("stop").run().exitCode());
    }
  }

  @Test
  void stop_whileTasksRunAndAWorkerHangs_leavesNoProcess(@TempDir Path state) throws Exception {
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 2)) {
      Process driver =
          new Program(Project.MINILOTE, "--master", cluster.master(), "tasks", "60000")
              .environment("MINILOTE_JAR", standIn)
              .start();
      try {
        List<Long> executors = cluster.awaitExecutors(2);
        List<Long> daemons = cluster.daemons();
        assertEquals(3, daemons.size());
        signal("-STOP", Long.parseLong(Files.readString(state.resolve("worker-1.pid")).strip()));
        assertEquals(0, cluster.program("stop").run().exitCode());
        for (List<Long> processes : List.of(executors, daemons)) {
          for (long process : processes) {
            ProcessHandle.of(process)
                .ifPresent(left -> assertTrue(hasEnded(left), left + " " + left.info()));
          }
        }
      } finally {
        driver.destroyForcibly();
      }
    }
  }

  @Test
  void options_wrong_areWrongInput() throws Exception {
    assertWrong("start has no option --worker", "start", "--worker", "2");
    assertWrong("stop has no option --cores", "stop", "--cores", "2");
    assertWrong("two is not a whole number", "start", "--workers", "two");
    assertWrong("--workers is not an option, or has no value", "start", "--workers");
    assertWrong("at least one worker", "start", "--workers", "0");
    assertWrong("restart is no action: it is start, status or stop", "restart");
    assertWrong("deploy/cluster start");
  }

  private static void assertWrong(String part, String... arguments) throws Exception {
    Program.Result result = new Program(Project.CLUSTER, arguments).run();
    assertEquals(2, result.exitCode(), result.toString());
    assertTrue(result.err().contains(part), result.toString());
    assertEquals("", result.out());
  }

  /**
   * Whether it has ended; what has ended may still be listed until its parent has asked how, then
   * without a command.
   */
  private static boolean hasEnded(ProcessHandle process) {
    return !process.isAlive() || process.info().command().isEmpty();
  }

  private static void signal(String signal, long process) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process)).start();
    try (BufferedReader err =
        new BufferedReader(new InputStreamReader(kill.getErrorStream(), StandardCharsets.UTF_8))) {
      assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
      assertEquals(0, kill.exitValue(), err.lines().toList().toString());
    }
  }
}
