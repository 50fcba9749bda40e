package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** deploy/minilote networks: the texts are in the jar. */
class NetworksIT {
  static List<Path> sparks() {
    return Project.sparks();
  }

  private static Program minilote(Path spark, String... arguments) {
    return new Program(Project.MINILOTE, arguments).environment("SPARK_HOME", spark);
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void networks_listedAndShown_areTheJars(Path spark) throws Exception {
    Program.Result list = minilote(spark, "networks").run();
    assertEquals(0, list.exitCode(), list.toString());
    assertTrue(
        list.outLines().stream().anyMatch(line -> line.matches("c1 +1,116,970 +3x32x32 .*")),
        list.toString());

    Program.Result shown = minilote(spark, "networks", "m3").run();
    assertEquals(0, shown.exitCode(), shown.toString());
    assertTrue(shown.out().endsWith("dense 128 sigmoid, dense 10 softmax\n"), shown.toString());
  }
}
