package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster on which Spark's authentication and encryption are on. */
class SecuredClusterIT {
  private static final List<String> SECURITY =
      List.of(
          "spark.authenticate=true",
          "spark.authenticate.secret=not-to-be-told",
          "spark.network.crypto.enabled=true",
          "spark.master.rest.enabled=false"); // The master insists: it cannot be authenticated.

  @TempDir Path folder;

  private static JsonNode result(Program program) throws Exception {
    Program.Result result = program.run();
    assertEquals(0, result.exitCode(), result.toString());
    return new ObjectMapper().readTree(result.out());
  }

  private Program minilote(String master) {
    return new Program(Project.MINILOTE, "--master", master).within(Duration.ofMinutes(5));
  }

  /** Two epochs of 71 steps; 101,770 parameters, of which each of two executors reduces a slice. */
  private Program train(Program minilote, String synchronizer) {
    return minilote
        .with("train", "--data", folder.resolve("data").toString(), "--json")
        .with("--network", "dense 128 relu, dense 10 softmax", "--batch", "127", "--epochs", "2")
        .with("--synchronizer", synchronizer)
        .with("--out", folder.resolve(synchronizer).toString());
  }

  @Test
  void train_byAllReduce_givesTheBitsOfOneMachine(@TempDir Path state) throws Exception {
    result(
        minilote("local[2]")
            .with("prepare", "--dataset", "sample", "--json")
            .with("--to", folder.resolve("data").toString()));
    JsonNode expected = result(train(minilote("local[2]"), "tree-aggregate"));
    try (Cluster cluster = Cluster.start(state, Project.spark("4.1"), 2, 1, SECURITY)) {
      Program secured = minilote(cluster.master()).with(Cluster.ALL_OF_TWO);
      for (String setting : SECURITY) {
        secured.with("--conf", setting);
      }
      JsonNode trained = result(train(secured, "all-reduce"));
      assertEquals(2, cluster.awaitExecutors(2).size());
      assertEquals(2 * 71, trained.path("steps").asInt());
      assertEquals(expected.path("weights_sha256"), trained.path("weights_sha256"));
    }
  }
}
