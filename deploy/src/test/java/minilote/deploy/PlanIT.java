package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** deploy/minilote plan from the measurement to the table, with a small network. */
class PlanIT {
  @TempDir Path folder;

  static List<Path> sparks() {
    return Project.sparks();
  }

  private static Program plan(Path spark, String... options) {
    return new Program(Project.MINILOTE, "plan")
        .with("--batch", "64,256", "--executors", "1,2", "--cores", "1")
        .with(options)
        .environment("SPARK_HOME", spark)
        .within(Duration.ofMinutes(8));
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void plan_measuredAndThenFromItsFile_saysTheSame(Path spark) throws Exception {
    String machine = folder.resolve("machine.json").toString();
    Program.Result measured =
        plan(spark, "--network", "dense 16 relu, dense 3 softmax", "--inputs", "1x5x5")
            .with("--save-machine", machine)
            .run();
    assertEquals(0, measured.exitCode(), measured.toString());
    assertTrue(measured.out().contains("native: oneDNN"), measured.toString());
    assertEquals(
        4,
        measured.outLines().stream().filter(line -> line.matches(" +(64|256) +[12] .*")).count(),
        measured.toString());
    assertTrue(measured.err().contains("measuring this machine"), measured.toString());
    assertFalse(measured.err().contains("Exception"), measured.toString());
    assertFalse(Files.exists(spark.resolve("work")), "the measurement writes into Spark's folder");

    Program.Result read = plan(spark, "--machine", machine).run();
    assertEquals(0, read.exitCode(), read.toString());
    assertEquals(measured.out(), read.out());
  }
}
