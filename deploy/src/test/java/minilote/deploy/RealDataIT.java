package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * minilote.jar on whole MNIST, where it is: in the folder that {@code MINILOTE_DATA} names, or the
 * usual cache. The profile {@code real-data} makes its absence a failure.
 */
class RealDataIT {
  @TempDir Path folder;

  private static Path mnist() {
    String said = System.getenv("MINILOTE_DATA");
    Path data =
        said != null
            ? Path.of(said)
            : Path.of(System.getProperty("user.home"), ".cache", "minilote", "data");
    Path mnist = data.resolve("mnist");
    boolean there = Files.isDirectory(mnist);
    if (Boolean.getBoolean("minilote.realData")) {
      assertTrue(there, mnist + " is not there, and the profile real-data asks for it");
    }
    Assumptions.assumeTrue(
        there, mnist + " is not there: skipped; MINILOTE_DATA says where the real data sets are");
    return mnist;
  }

  private static JsonNode result(Program program) throws Exception {
    Program.Result result = program.run();
    assertEquals(0, result.exitCode(), result.toString());
    return new ObjectMapper().readTree(result.out());
  }

  @Test
  void train_wholeMnist_reaches95PercentInTwoEpochs() throws Exception {
    String data = folder.resolve("data").toString();
    result(
        new Program(Project.MINILOTE, "prepare", "--dataset", "mnist", "--json")
            .with("--from", mnist().toString(), "--to", data, "--shards", "3"));
    JsonNode trained =
        result(
            new Program(Project.MINILOTE, "train", "--json", "--data", data)
                .with("--network", "dense 128 relu, dense 10 softmax")
                .with("--batch", "128", "--epochs", "2", "--learning-rate", "0.05")
                .with("--out", folder.resolve("run").toString()));
    assertEquals(2 * 422, trained.path("steps").asInt());
    assertTrue(trained.path("test_accuracy").asDouble() >= 0.95, trained.toString());
  }
}
