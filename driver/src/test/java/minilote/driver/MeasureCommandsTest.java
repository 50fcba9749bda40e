package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The measures of minima as a user asks for them, on small data. */
class MeasureCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Fixtures files;

  @BeforeAll
  static void makeRuns() throws IOException {
    files = new Fixtures(folder);
    files.images("images");
    Program.succeed(
        "prepare",
        "--dataset",
        "images",
        "--from",
        files.name("images"),
        "--to",
        files.name("data"));
    train("first", "1");
    train("second", "2");
  }

  private static void train(String out, String seed) {
    Program.succeed(
        "train",
        "--data",
        files.name("data"),
        "--network",
        "dense 4, batchnorm ghost 2 relu, dense 2 softmax",
        "--batch",
        "4",
        "--epochs",
        "2",
        "--seed",
        seed,
        "--learning-rate",
        "0.02",
        "--out",
        files.name(out));
  }

  private static JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return JSON.readTree(Program.succeed(all.toArray(String[]::new)));
  }

  private static JsonNode result(String run) throws IOException {
    return JSON.readTree(Files.readString(files.path(run + "/result.json")));
  }

  private static Document svg(String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(files.path(name).toFile());
  }

  @Test
  void sharpness_ofARun_isAboveItsTrainingLoss() throws IOException {
    JsonNode json = json("sharpness", files.name("first"), "--epsilon", "0.01,0.001");
    assertEquals(result("first").get("train_loss").asDouble(), json.get("loss").asDouble(), 1e-6);
    assertEquals(15, json.get("examples").asInt(), "without the one for validation");
    assertEquals(2, json.get("boxes").size());
    JsonNode wide = json.get("boxes").get(0);
    JsonNode narrow = json.get("boxes").get(1);
    assertEquals(0.01, wide.get("epsilon").asDouble());
    assertTrue(wide.get("sharpness").asDouble() > narrow.get("sharpness").asDouble());
    assertTrue(narrow.get("sharpness").asDouble() > 0, json.toString());
    assertTrue(
        wide.get("sharpness").asDouble() >= 0.99 * wide.get("corner_sharpness").asDouble(),
        json.toString());
    assertTrue(wide.get("evaluations").asInt() > 1, json.toString());

    JsonNode subspace = json("sharpness", files.name("first"), "--subspace", "3");
    assertEquals(3, subspace.get("subspace").asInt());
    assertEquals(2, subspace.get("boxes").size());
    String text = Program.succeed("sharpness", files.name("first"), "--epsilon", "0.01");
    assertTrue(text.contains(" on 15 training examples of images\n"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" *0.01 +\\d+\\.\\d\\d %.*")), text);
  }

  @Test
  void sharpness_ofAModelsFile_takesTheWholeSplitOfTheDataThatIsNamed() throws IOException {
    String file = files.name("first/model.safetensors");
    JsonNode json = json("sharpness", file, "--data", files.name("data"), "--examples", "6");
    assertEquals(6, json.get("examples").asInt());
    assertEquals(16, json("norms", file, "--data", files.name("data")).get("examples").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "running"})
  void interpolate_endsAndMiddle_areWhatEvaluationGives(String statistics) throws Exception {
    String picture = "line-" + statistics + ".svg";
    JsonNode line =
        json(
            "interpolate",
            files.name("first"),
            files.name("second"),
            "--statistics",
            statistics,
            "--out",
            files.name(picture));
    assertEquals(statistics, line.get("statistics").asText());
    JsonNode points = line.get("points");
    assertEquals(25, points.size());
    assertEquals(-1, points.get(0).get("alpha").asDouble());
    for (int i = 0; i < 2; i++) {
      JsonNode point = points.get(8 + 8 * i);
      String run = i == 0 ? "first" : "second";
      assertEquals(i, point.get("alpha").asDouble());
      JsonNode test =
          json(
              "evaluate",
              files.name(run),
              "--data",
              files.name("data"),
              "--statistics",
              statistics);
      assertEquals(test.get("loss"), point.get("test_loss"));
      assertEquals(test.get("accuracy"), point.get("test_accuracy"));
      double kept = result(run).get("train_loss").asDouble();
      assertEquals(
          statistics.equals("running"),
          Math.abs(kept - point.get("train_loss").asDouble()) < 1e-6,
          "training keeps running statistics, and its result goes by them");
    }
    Document svg = svg(picture);
    assertEquals("http://www.w3.org/2000/svg", svg.getDocumentElement().getAttribute("xmlns"));
    assertEquals(4 * 25, svg.getElementsByTagName("circle").getLength());
  }

  @Test
  void interpolate_unlessSaid_goesByTheBatch() throws IOException {
    String[] command = {"interpolate", files.name("first"), files.name("second"), "--points", "4"};
    JsonNode line = json(command);
    assertEquals("batch", line.get("statistics").asText());
    assertEquals(
        line.get("points"),
        json("interpolate", command[1], command[2], "--points", "4", "--statistics", "batch")
            .get("points"));
    String text = Program.succeed(command);
    assertEquals(5, text.lines().count(), text);
  }

  @Test
  void hessian_ofARun_saysBothEndsAndTheTrace() throws IOException {
    JsonNode json = json("hessian", files.name("first"), "--samples", "3", "--products", "5");
    assertTrue(json.get("largest_eigenvalue").asDouble() > json.get("least_eigenvalue").asDouble());
    assertTrue(json.get("trace_error").asDouble() > 0);
    assertTrue(json.get("products").asInt() <= 5);
    assertEquals(3, json.get("samples").asInt());
    assertEquals(json, json("hessian", files.name("first"), "--samples", "3", "--products", "5"));
    String text = Program.succeed("hessian", files.name("first"), "--samples", "1");
    assertTrue(text.contains("largest eigenvalue"), text);
  }

  @Test
  void landscape_middle_isTheModelsLoss() throws Exception {
    JsonNode line = json("landscape", files.name("first"), "--points", "5");
    double loss = line.get("loss").get(2).asDouble();
    assertEquals(result("first").get("train_loss").asDouble(), loss, 1e-6);
    assertEquals(json("norms", files.name("first")).get("loss").asDouble(), loss);
    JsonNode grid =
        json("landscape", files.name("first"), "--grid", "3", "--out", files.name("map.svg"));
    assertEquals(loss, grid.get("loss").get(1).get(1).asDouble());
    assertNotEquals(loss, grid.get("loss").get(0).get(1).asDouble());
    assertEquals(1 + 9 + 40, svg("map.svg").getElementsByTagName("rect").getLength());
    Program.succeed(
        "landscape", files.name("first"), "--points", "3", "--out", files.name("slice.svg"));
    NodeList points = svg("slice.svg").getElementsByTagName("circle");
    assertEquals(6, points.getLength());
    for (int i = 0; i < 6; i++) { // The left edge, the middle and the right edge of the axes.
      String x = points.item(i).getAttributes().getNamedItem("cx").getNodeValue();
      assertEquals(List.of("58.0", "262.0", "466.0").get(i % 3), x);
    }
    Program.Outcome again =
        Program.run("landscape", files.name("first"), "--out", files.name("slice.svg"));
    assertEquals(Minilote.WRONG_INPUT, again.exitCode());
    assertTrue(again.err().contains("it is there already; --overwrite replaces it"), again.err());
  }

  /** A run that has taken no step has gone no way. */
  @Test
  void norms_ofARun_tellItsWayFromTheStart() throws IOException {
    JsonNode json = json("norms", files.name("first"));
    assertEquals(List.of("1", "2", "3"), json.get("layers").findValuesAsText("layer"));
    assertTrue(json.get("distance").asDouble() > 0);
    double squares = 0;
    for (JsonNode layer : json.get("layers")) {
      squares += Math.pow(layer.get("distance").asDouble(), 2);
    }
    assertEquals(json.get("distance").asDouble(), Math.sqrt(squares), 1e-9);
    assertTrue(json.get("layers").get(0).get("speed").asDouble() > 0);
    Program.succeed(
        "train",
        "--data",
        files.name("data"),
        "--network",
        "dense 2 softmax",
        "--batch",
        "4",
        "--epochs",
        "0",
        "--out",
        files.name("still"));
    assertEquals(0, json("norms", files.name("still")).get("distance").asDouble());
    Program.succeed(
        "train",
        "--data",
        files.name("data"),
        "--network",
        "dense 4, batchnorm ghost 2 relu, dense 2 softmax",
        "--batch",
        "4",
        "--epochs",
        "0",
        "--init",
        files.name("first"),
        "--out",
        files.name("continued"));
    assertEquals(0, json("norms", files.name("continued")).get("distance").asDouble());
    String text =
        Program.succeed(
            "norms", files.name("first/model.safetensors"), "--data", files.name("data"));
    assertTrue(text.lines().anyMatch(line -> line.matches("all .* – .*")), text);
  }
}
