package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real data sets: their official files become shards, and MNIST is learned. With the profile
 * real-data; MINILOTE_DATA names a folder with the folders mnist, fashion-mnist and cifar10.
 */
class RealDataIT {
  private static Path data;

  @BeforeAll
  static void find() {
    assumeTrue(
        Project.property("minilote.real-data").equals("required"),
        "skipped: needs the real data sets; mvn verify -Preal-data, with MINILOTE_DATA, runs it");
    String folder = System.getenv("MINILOTE_DATA");
    data =
        folder != null
            ? Path.of(folder)
            : Path.of(System.getProperty("user.home"), ".cache", "minilote", "data");
    for (String name : new String[] {"mnist", "fashion-mnist", "cifar10"}) {
      assertTrue(
          Files.isDirectory(data.resolve(name)),
          () -> "No real data in " + data.resolve(name) + ": MINILOTE_DATA names their folder");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mnist, mnist, 60000, 10000, 784",
    "fashion-mnist, fashion-mnist, 60000, 10000, 784",
    "cifar-10, cifar10, 50000, 10000, 3072"
  })
  void prepare_ofOfficialFiles_countsThem(
      String name, String from, long train, long test, long bytes, @TempDir Path folder)
      throws Exception {
    prepare(name, from, folder);
    JsonNode splits = json(Files.readString(folder.resolve("dataset.json"))).path("splits");
    assertEquals(train, splits.path("train").path("examples").asLong(), splits.toString());
    assertEquals(test, splits.path("test").path("examples").asLong(), splits.toString());
    // Two bytes of label before the pixels.
    assertEquals(test * (2 + bytes), Files.size(folder.resolve("test/part-00000.bin")));
  }

  @Test
  void train_onMnist_learnsIt(@TempDir Path folder) throws Exception {
    prepare("mnist", "mnist", folder.resolve("data"));
    Program.Result result =
        new Program(Project.MINILOTE, "train", "--data", folder.resolve("data").toString())
            .with("--network", "dense 128 relu, dense 10 softmax", "--batch", "256")
            .with("--optimizer", "adam", "--learning-rate", "0.003", "--schedule", "cosine")
            .with("--epochs", "4", "--out", folder.resolve("run").toString(), "--json")
            .within(Duration.ofMinutes(6))
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(json(result.out()).path("test_accuracy").asDouble() >= 0.97, result.toString());
  }

  private static void prepare(String name, String from, Path to) throws Exception {
    Program.Result result =
        new Program(Project.MINILOTE, "prepare", "--dataset", name)
            .with("--from", data.resolve(from).toString(), "--to", to.toString())
            .run();
    assertEquals(0, result.exitCode(), result.toString());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
