package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** deploy/quickstart, where the build has been made already. */
class QuickstartIT {
  @Test
  void quickstart_afterABuild_trainsAndNamesTheReport() throws Exception {
    Program.Result result = new Program(Project.QUICKSTART).within(Duration.ofMinutes(5)).run();
    assertEquals(0, result.exitCode(), result.toString());
    assertFalse(result.err().contains("Building"), result.toString());
    Path run = Project.ROOT.resolve("deploy/target/quickstart/run");
    assertTrue(result.out().contains(run.resolve("report.html").toString()), result.toString());
    assertTrue(Files.readString(run.resolve("report.html")).contains("</html>"));
    double accuracy =
        new ObjectMapper()
            .readTree(run.resolve("result.json").toFile())
            .path("test_accuracy")
            .asDouble();
    assertTrue(accuracy > 0.85, result.toString());
  }
}
