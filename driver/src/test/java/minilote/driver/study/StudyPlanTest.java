package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.driver.StudySettings;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyPlanTest {
  @TempDir static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    StudySettings.prepareTable(folder.resolve("data"));
  }

  private static Arm arm(
      Map<String, String> more, Map<String, List<String>> varied, Equal equal, Scaling scaling) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--data", folder.resolve("data").toString());
    options.put("--network", "dense 3 softmax");
    options.put("--epochs", "4");
    options.put("--learning-rate", "0.1");
    options.putAll(more);
    return new Arm("", options, List.of(4, 16), List.of(0L, 7L), varied, equal, scaling, 4);
  }

  private static List<StudyRun> runs(Arm arm) throws IOException {
    return plan(arm).runs();
  }

  private static StudyPlan plan(Arm arm) {
    Configuration hadoop = new Configuration();
    return new StudyPlan(List.of(arm), options -> StudySettings.read(options, hadoop), hadoop);
  }

  private static TrainingSettings settings(Arm arm, int batch) throws IOException {
    return runs(arm).stream()
        .filter(run -> run.cell().batch() == batch)
        .findFirst()
        .orElseThrow()
        .setup()
        .settings();
  }

  @Test
  void runs_areTheWholeGrid_theFirstSeedFirst() throws IOException {
    Arm arm =
        arm(Map.of(), Map.of("--optimizer", List.of("sgd", "adam")), Equal.EPOCHS, Scaling.NONE);
    List<String> words = new ArrayList<>();
    for (StudyRun run : runs(arm)) {
      words.add(run.words());
      assertEquals(run.seed(), run.setup().settings().seed());
      assertEquals(run.cell().batch(), run.setup().settings().batch());
    }
    assertEquals(
        List.of(
            "batch 4, optimizer sgd, seed 0",
            "batch 16, optimizer sgd, seed 0",
            "batch 4, optimizer adam, seed 0",
            "batch 16, optimizer adam, seed 0",
            "batch 4, optimizer sgd, seed 7",
            "batch 16, optimizer sgd, seed 7",
            "batch 4, optimizer adam, seed 7",
            "batch 16, optimizer adam, seed 7"),
        words);
    assertEquals(8, runs(arm).stream().map(StudyRun::key).distinct().count());
  }

  @Test
  void runs_equalEpochs_haveTheSameEpochsAndRate() throws IOException {
    Arm arm = arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.NONE);
    assertEquals(4, settings(arm, 16).epochs());
    assertEquals(0.1, settings(arm, 16).learningRate());
  }

  /** 44 training examples: 11 steps an epoch of batch 4, 3 of batch 16. */
  @Test
  void runs_equalSteps_takeMoreEpochs_andStretchTheSchedule() throws IOException {
    Arm arm =
        arm(
            Map.of("--schedule", "step 2,3 x0.5", "--warmup", "1"),
            Map.of(),
            Equal.STEPS,
            Scaling.SQRT);
    TrainingSettings large = settings(arm, 16);
    assertEquals(15, large.epochs());
    assertEquals("step 7.5,11.25 x0.5", large.schedule().curve().toWords());
    assertEquals("3.75", large.schedule().warmup().toString());
    assertEquals(0.2, large.learningRate());
    TrainingSettings small = settings(arm, 4);
    assertEquals(4, small.epochs());
    assertEquals("step 2,3 x0.5", small.schedule().curve().toWords());
    assertEquals(0.1, small.learningRate());
  }

  @Test
  void runs_linearScaling_multiplyTheRateByTheBatch() throws IOException {
    assertEquals(
        0.4, settings(arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.LINEAR), 16).learningRate());
  }

  @Test
  void key_followsFromWhatDecidesTheResult_notFromWhereTheDataIs() throws IOException {
    Arm arm = arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.NONE);
    Path other = folder.resolve("elsewhere");
    if (!Files.exists(other)) {
      StudySettings.prepareTable(other);
    }
    Arm moved = arm(Map.of("--data", other.toString()), Map.of(), Equal.EPOCHS, Scaling.NONE);
    assertEquals(runs(arm).get(0).key(), runs(moved).get(0).key());
    Arm longer = arm(Map.of("--epochs", "5"), Map.of(), Equal.EPOCHS, Scaling.NONE);
    assertNotEquals(runs(arm).get(0).key(), runs(longer).get(0).key());
  }

  /** The best rate of the two cells lies beyond the first five rates, once below and once above. */
  @Test
  void tune_bestRateAtTheEdge_goesOnBeyondIt() throws IOException {
    StudyPlan plan = plan(arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.NONE));
    Tuning tuning = new Tuning(plan, List.of());
    Map<Integer, Double> wanted = Map.of(4, 0.00316, 16, 1.0);
    boolean done =
        tuning.tune(
            candidates -> {
              Map<String, Outcome> outcomes = new HashMap<>();
              for (StudyRun run : candidates) {
                double rate = run.setup().settings().learningRate();
                double distance = Math.abs(Math.log10(rate / wanted.get(run.cell().batch())));
                assertEquals(0, run.seed(), "tuned with the first seed alone");
                outcomes.put(run.key(), TestOutcomes.validated(1 / (1 + distance)));
              }
              return outcomes;
            });
    assertEquals(true, done);
    for (StudyRun run : tuning.runs()) {
      assertEquals(wanted.get(run.cell().batch()), run.setup().settings().learningRate());
    }
    assertEquals(4, tuning.runs().size());
  }

  @Test
  void tune_givenRates_triesThoseAlone_andTakesNoneThatDiverges() throws IOException {
    StudyPlan plan = plan(arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.NONE));
    Tuning tuning = new Tuning(plan, List.of(0.5, 0.2));
    tuning.tune(
        candidates -> {
          Map<String, Outcome> outcomes = new HashMap<>();
          for (StudyRun run : candidates) {
            outcomes.put(
                run.key(),
                run.setup().settings().learningRate() == 0.5
                    ? TestOutcomes.diverged()
                    : TestOutcomes.validated(0.1));
          }
          assertEquals(4, candidates.size());
          return outcomes;
        });
    tuning.runs().forEach(run -> assertEquals(0.2, run.setup().settings().learningRate()));
  }

  @Test
  void heldEqual_saysWhatIsTheSame_andWhatIsNot() {
    Arm steps = arm(Map.of(), Map.of(), Equal.STEPS, Scaling.SQRT);
    assertEquals(
        "Runs of all batches take as many updates, rounded up to whole epochs, over which schedules"
            + " in epochs are stretched, with a learning rate that grows as the square root of the"
            + " batch (that of batch 4 is the one given).",
        steps.toJson(false).path("held_equal").asText());
    assertEquals(
        "Runs of all batches take as many updates, rounded up to whole epochs, over which schedules"
            + " in epochs are stretched, each with the learning rate that its validation examples"
            + " chose.",
        steps.toJson(true).path("held_equal").asText());
    Arm one =
        new Arm(
            "adapted",
            Map.of(),
            List.of(4096),
            List.of(0L),
            Map.of(),
            Equal.EPOCHS,
            Scaling.LINEAR,
            128);
    assertEquals(
        "Runs of batch 4,096 take as many epochs as one of batch 128, with a learning rate that"
            + " grows as the batch (that of batch 128 is the one given).",
        one.toJson(false).path("held_equal").asText());
  }

  @Test
  void tune_allRatesDiverge_theCellHasWhatWasTried() throws IOException {
    StudyPlan plan = plan(arm(Map.of(), Map.of(), Equal.EPOCHS, Scaling.NONE));
    Tuning tuning = new Tuning(plan, List.of(0.5, 0.2));
    tuning.tune(
        candidates -> {
          Map<String, Outcome> outcomes = new HashMap<>();
          for (StudyRun run : candidates) {
            outcomes.put(
                run.key(),
                run.cell().batch() == 4 ? TestOutcomes.diverged() : TestOutcomes.validated(0.1));
          }
          return outcomes;
        });
    assertEquals(1, tuning.runs().stream().filter(run -> run.cell().batch() == 4).count());
    assertEquals(2, tuning.runs().stream().filter(run -> run.cell().batch() == 16).count());
  }
}
