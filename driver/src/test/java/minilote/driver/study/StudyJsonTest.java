package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.driver.StudySettings;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyJsonTest {
  @TempDir static java.nio.file.Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    StudySettings.prepareTable(folder.resolve("data"));
  }

  private static Arm arm(String name, List<Integer> batches, Map<String, List<String>> varied) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--data", folder.resolve("data").toString());
    options.put("--network", "dense 3 softmax");
    return new Arm(
        name, options, batches, List.of(0L, 1L, 2L), varied, Equal.EPOCHS, Scaling.NONE, 4);
  }

  /** The study's JSON where a run's test accuracy is its batch / 100 and a bit for its seed. */
  private static JsonNode json(boolean test, @Nullable Integer diverged, Arm... arms)
      throws IOException {
    Configuration hadoop = new Configuration();
    StudyPlan plan =
        new StudyPlan(List.of(arms), options -> StudySettings.read(options, hadoop), hadoop);
    Map<String, Outcome> outcomes = new HashMap<>();
    for (StudyRun run : plan.runs()) {
      double accuracy = run.cell().batch() / 100.0 + run.seed() * run.cell().batch() / 1000.0;
      Figures figures = new Figures(1 - accuracy, accuracy);
      outcomes.put(
          run.key(),
          diverged != null && diverged == run.cell().batch()
              ? TestOutcomes.diverged()
              : new Outcome(
                  new Path("/study/runs/" + run.key()),
                  new TrainingResult(
                      1, null, 10, figures, figures, test ? figures : null, 1, "0".repeat(64)),
                  null,
                  List.of(TestMetrics.line(1, 10, true, 1, accuracy, accuracy)),
                  TestOutcomes.computedBy(run.seed() == 0 ? "0.1" : "0.2")));
    }
    return new StudyJson(
            new Path("/study"), plan, plan.runs(), outcomes, Map.of(), List.of(), null, null, null)
        .toJson();
  }

  private static List<String> pairs(JsonNode study) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode comparison : study.path("comparisons")) {
      pairs.add(comparison.path("first") + " " + comparison.path("second"));
    }
    return pairs;
  }

  /** A program that has changed between sittings is not hidden. */
  @Test
  void computedBy_namesEachCombinationOnce() throws IOException {
    JsonNode json = json(true, null, arm("", List.of(8, 4), Map.of()));
    assertTrue(json.path("same_numerics").asBoolean());
    assertEquals(2, json.path("computed_by").size(), json.path("computed_by").toString());
  }

  @Test
  void comparisons_areTheSame_whateverTheOrderOfBatches() throws IOException {
    assertEquals(
        List.of("{\"batch\":4} {\"batch\":8}", "{\"batch\":4} {\"batch\":16}"),
        pairs(json(true, null, arm("", List.of(4, 8, 16), Map.of()))));
    assertEquals(
        List.of("{\"batch\":4} {\"batch\":16}", "{\"batch\":4} {\"batch\":8}"),
        pairs(json(true, null, arm("", List.of(16, 4, 8), Map.of()))));
  }

  @Test
  void comparisons_ofVariedOptions_differInOneThing() throws IOException {
    Arm arm = arm("", List.of(16, 4), Map.of("--optimizer", List.of("sgd", "adam")));
    assertEquals(
        List.of(
            "{\"batch\":4,\"optimizer\":\"sgd\"} {\"batch\":16,\"optimizer\":\"sgd\"}",
            "{\"batch\":4,\"optimizer\":\"adam\"} {\"batch\":16,\"optimizer\":\"adam\"}",
            "{\"batch\":4,\"optimizer\":\"sgd\"} {\"batch\":4,\"optimizer\":\"adam\"}"),
        pairs(json(true, null, arm)));
  }

  @Test
  void table_hasMeansAndIntervalsOverSeeds() throws IOException {
    JsonNode row = json(true, null, arm("", List.of(8, 4), Map.of())).path("table").get(0);
    assertEquals(3, row.path("runs").asInt());
    assertEquals(0.088, row.path("test_accuracy_mean").asDouble(), 1e-12);
    // t(0.975; 2) = 4.302653 of the tables, s = 0.008
    assertEquals(4.302653 * 0.008 / Math.sqrt(3), row.path("test_accuracy_ci95").asDouble(), 1e-8);
  }

  @Test
  void withoutTestSplit_validationIsCompared() throws IOException {
    JsonNode study = json(false, null, arm("", List.of(8, 4), Map.of()));
    assertEquals("validation_accuracy", study.path("comparisons").get(0).path("figure").asText());
  }

  @Test
  void divergedRuns_areCounted_andCompareWithNothing() throws IOException {
    JsonNode study = json(true, 8, arm("", List.of(8, 4), Map.of()));
    assertEquals(0, study.path("table").get(0).path("runs").asInt());
    assertEquals(3, study.path("table").get(0).path("diverged").asInt());
    assertEquals(0, study.path("comparisons").size());
    assertTrue(study.path("finished").asBoolean());
  }
}
