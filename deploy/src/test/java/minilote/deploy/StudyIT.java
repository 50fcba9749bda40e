package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies as users run them: disturbed or not, one run at a time or several, the same tables. */
class StudyIT {
  /** How often the driver is killed; {@code -Dstudy.kills=20} for more. */
  private static final int KILLS = Integer.getInteger("study.kills", 4);

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path data;

  /** The undisturbed study that the others are compared with. */
  private static Path study;

  private static ObjectNode undisturbed;

  /** How long it took. */
  private static long millis;

  @BeforeAll
  static void prepareAndStudy() throws Exception {
    data = folder.resolve("data");
    succeed(
        minilote("prepare", "--dataset", "sample", "--shards", "2")
            .with("--to", data.toString(), "--json"));
    study = folder.resolve("undisturbed");
    long began = System.nanoTime();
    undisturbed = withoutTimes(succeed(study(study)));
    millis = (System.nanoTime() - began) / 1_000_000;
    assertTrue(undisturbed.path("finished").asBoolean());
    assertEquals(8, undisturbed.path("runs").size());
  }

  private static Program minilote(String... arguments) {
    return new Program(Project.MINILOTE, arguments).within(Duration.ofMinutes(5));
  }

  private static Program study(Path out) {
    return minilote("--master", "local[2]")
        .with("study", "--data", data.toString(), "--network", "dense 48 relu, dense 10 softmax")
        .with("--batch", "50,900", "--seeds", "2", "--vary", "optimizer=sgd,adam")
        .with("--measures", "sharpness,norms,interpolation", "--measured-examples", "2000")
        .with("--epochs", "4", "--out", out.toString(), "--json");
  }

  private static JsonNode succeed(Program program) throws Exception {
    Program.Result result = program.run();
    assertEquals(0, result.exitCode(), result.toString());
    assertFalse(result.err().contains("Exception"), result.toString());
    assertEquals(1, result.outLines().size(), result.toString());
    return JSON.readTree(result.out());
  }

  /** What is the same every time: all but seconds, and the folder. */
  private static ObjectNode withoutTimes(JsonNode study) {
    ObjectNode copy = study.deepCopy();
    copy.remove("out");
    copy.remove("report");
    List<JsonNode> rows = new ArrayList<>();
    copy.path("table").forEach(rows::add);
    copy.path("runs").forEach(rows::add);
    for (JsonNode row : rows) {
      List<String> names = new ArrayList<>();
      row.fieldNames().forEachRemaining(names::add);
      names.stream().filter(name -> name.startsWith("seconds")).forEach(((ObjectNode) row)::remove);
    }
    return copy;
  }

  @Test
  void study_oneRunAtATimeOnAllSlots_isTheSame() throws Exception {
    JsonNode other = succeed(study(folder.resolve("one")).with("--at-once", "1"));
    assertEquals(undisturbed, withoutTimes(other));
  }

  @Test
  void study_run_isThatOfTrain() throws Exception {
    JsonNode run = undisturbed.path("runs").get(1);
    JsonNode trained =
        succeed(
            minilote("train", "--data", data.toString(), "--network")
                .with("dense 48 relu, dense 10 softmax", "--epochs", "4", "--json")
                .with("--batch", run.path("batch").asText())
                .with("--optimizer", run.path("optimizer").asText())
                .with("--learning-rate", run.path("learning_rate").asText())
                .with("--seed", run.path("seed").asText())
                .with("--out", folder.resolve("trained").toString()));
    assertEquals(run.path("weights_sha256"), trained.path("weights_sha256"));
  }

  @Test
  void study_sharesTheRunsOfAnother_andRepeatsNone() throws Exception {
    Path settings = folder.resolve("settings.yaml");
    Files.writeString(
        settings,
        """
        data: %s
        network: dense 48 relu, dense 10 softmax
        batch: [50, 900]
        seeds: [0, 1]
        epochs: 4
        optimizer: adam
        learning-rate: 0.001
        """
            .formatted(data));
    Path runs = study.resolve("runs");
    List<String> before = files(runs);
    Program.Result result =
        minilote("study", "--settings", settings.toString(), "--runs", runs.toString(), "--json")
            .with("--out", folder.resolve("shared").toString())
            .run();
    assertEquals(0, result.exitCode(), result.toString());
    JsonNode shared = JSON.readTree(result.out());
    assertEquals(4, shared.path("runs").size());
    assertTrue(shared.path("finished").asBoolean());
    assertEquals(before, files(runs));
  }

  private static List<String> files(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        names.add(file + " " + Files.getLastModifiedTime(file));
      }
    }
    return names;
  }

  /** Each takes what the other one does not hold, and waits for what it does. */
  @Test
  void study_besideAnotherWithTheSameRuns_bothEnd() throws Exception {
    String runs = folder.resolve("common").toString();
    Process other = study(folder.resolve("first")).with("--runs", runs).start();
    CompletableFuture<String> out = Program.read(other.getInputStream());
    CompletableFuture<String> err = Program.read(other.getErrorStream());
    JsonNode second = succeed(study(folder.resolve("second")).with("--runs", runs));
    assertTrue(other.waitFor(3, TimeUnit.MINUTES));
    assertEquals(0, other.exitValue(), err.join());
    assertEquals(tables(undisturbed), tables(withoutTimes(second)));
    assertEquals(tables(undisturbed), tables(withoutTimes(JSON.readTree(out.join()))));
  }

  /** All but where the runs are. */
  private static List<JsonNode> tables(ObjectNode study) {
    return List.of(study.path("table"), study.path("comparisons"), study.path("interpolations"));
  }

  /** Each time at another moment, from before Spark has started to after the last run. */
  @Test
  void study_killedAgainAndAgain_endsWithTheSameTables() throws Exception {
    Path out = folder.resolve("killed");
    Random moments = new Random(20);
    for (int kill = 0; kill < KILLS; kill++) {
      Process driver = study(out).start();
      driver.waitFor((long) (moments.nextDouble() * millis), TimeUnit.MILLISECONDS);
      driver.descendants().forEach(ProcessHandle::destroyForcibly);
      driver.destroyForcibly().waitFor();
    }
    assertEquals(undisturbed, withoutTimes(succeed(study(out))));
  }
}
