package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The measures of minima through deploy/minilote, on runs over the embedded sample. */
class MeasuresIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  static Stream<Path> sparks() {
    return Project.sparks().stream();
  }

  private JsonNode minilote(Path spark, String... arguments) throws Exception {
    Program.Result result =
        new Program(Project.MINILOTE, "--master", "local[2]")
            .with(arguments)
            .with("--json")
            .environment("SPARK_HOME", spark)
            .in(folder)
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    assertEquals(1, result.outLines().size(), result.toString());
    assertTrue(!result.err().contains("Exception"), result.toString());
    return JSON.readTree(result.out());
  }

  @ParameterizedTest
  @MethodSource("sparks")
  void measures_ofTwoRuns_agreeWithTheirResults(Path spark) throws Exception {
    minilote(spark, "prepare", "--dataset", "sample", "--to", "data");
    double[] losses = new double[2];
    for (int run = 0; run < 2; run++) {
      JsonNode result =
          minilote(
              spark,
              "train",
              "--data",
              "data",
              "--network",
              "dense 16 relu, dense 10 softmax",
              "--batch",
              run == 0 ? "64" : "1024",
              "--epochs",
              "2",
              "--learning-rate",
              "0.05",
              "--out",
              "run" + run);
      losses[run] = result.get("train_loss").asDouble();
    }

    JsonNode sharpness = minilote(spark, "sharpness", "run0");
    assertEquals(losses[0], sharpness.get("loss").asDouble());
    assertEquals(2, sharpness.get("boxes").size());
    for (JsonNode box : sharpness.get("boxes")) {
      assertTrue(box.get("sharpness").asDouble() > 0, sharpness.toString());
    }

    JsonNode line =
        minilote(spark, "interpolate", "run0", "run1", "--points", "7", "--out", "line.svg");
    assertEquals(losses[0], line.get("points").get(2).get("train_loss").asDouble());
    assertEquals(losses[1], line.get("points").get(4).get("train_loss").asDouble());
    assertTrue(Files.readString(folder.resolve("line.svg")).endsWith("</svg>\n"));

    JsonNode hessian =
        minilote(
            spark, "hessian", "run0", "--examples", "2000", "--products", "6", "--samples", "2");
    assertEquals(2000, hessian.get("examples").asInt());
    assertTrue(hessian.get("largest_eigenvalue").asDouble() > 0, hessian.toString());

    JsonNode slice = minilote(spark, "landscape", "run0", "--points", "3", "--out", "slice.svg");
    assertEquals(losses[0], slice.get("loss").get(1).asDouble());
    assertTrue(Files.size(folder.resolve("slice.svg")) > 0);

    JsonNode norms = minilote(spark, "norms", "run0");
    assertEquals(losses[0], norms.get("loss").asDouble());
    assertTrue(norms.get("distance").asDouble() > 0, norms.toString());
    assertEquals(2, norms.get("layers").size());
  }
}
