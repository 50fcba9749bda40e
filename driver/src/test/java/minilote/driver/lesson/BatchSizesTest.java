package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.driver.study.Arm;
import minilote.driver.study.Equal;
import minilote.driver.study.Scaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchSizesTest {
  /** The 0.975 quantile of Student's distribution with 2 degrees of freedom. */
  private static final double T = 4.302652729911275;

  private static final Arm ARM =
      new Arm(
          "",
          Map.of(),
          List.of(16, 1024),
          List.of(0L, 1L, 2L),
          Map.of(),
          Equal.EPOCHS,
          Scaling.NONE,
          16);

  @TempDir private Path folder;

  /** From the runs' own results, by the formulas of a textbook. */
  @Test
  void lesson_nineRuns_comparesThemAsATextbookDoes() throws Exception {
    TinyImages.prepare(folder, "mnist", 600, 400, 50);
    List<JsonNode> results = new ArrayList<>();
    Findings found =
        SparkClassrooms.use(
            folder,
            5,
            room -> {
              Findings findings = Classrooms.work(new BatchSizes(), room);
              try (Stream<Path> files = Files.walk(room.data().temporary().getParent())) {
                for (Path run :
                    files.filter(file -> file.endsWith("run.json")).map(Path::getParent).toList()) {
                  JsonNode settings = Json.parse(Files.readString(run.resolve("run.json")));
                  results.add(
                      Json.parse(Files.readString(run.resolve("result.json")))
                          .set("settings", settings.path("settings")));
                }
              }
              return findings;
            });
    assertEquals(9, results.size());
    List<List<String>> rows = Objects.requireNonNull(found.table("table")).rows();
    List<List<String>> compared = Objects.requireNonNull(found.table("comparisons")).rows();
    double[] small = ofBatch(results, 8, "test_accuracy");
    double[] p = new double[2];
    int[] batches = {8, 32, 128};
    for (int i = 0; i < batches.length; i++) {
      double[] test = ofBatch(results, batches[i], "test_accuracy");
      double[] train = ofBatch(results, batches[i], "train_accuracy");
      assertEquals(String.valueOf(batches[i]), rows.get(i).get(0));
      assertEquals(20 * ((600 + batches[i] - 1) / batches[i]), number(rows.get(i).get(1)), 0);
      assertEquals(percents(mean(train)), rows.get(i).get(2));
      assertEquals(percents(mean(test)), rows.get(i).get(3));
      assertEquals(100 * T * error(test), number(rows.get(i).get(4)), 0.006);
      assertEquals(100 * (mean(train) - mean(test)), number(rows.get(i).get(5)), 0.006);
      if (i > 0) {
        double[] differences = new double[3];
        for (int seed = 0; seed < 3; seed++) {
          differences[seed] = test[seed] - small[seed];
        }
        List<String> row = compared.get(i - 1);
        assertEquals(batches[i] + " − 8", row.get(0));
        assertEquals(100 * mean(differences), number(row.get(1)), 0.006);
        double t = Math.abs(mean(differences)) / error(differences);
        p[i - 1] = 1 - t / Math.sqrt(2 + t * t);
        if (error(differences) > 1e-9) {
          assertEquals(p[i - 1], number(row.get(3)), 0.0006);
          assertEquals(
              100 * (mean(differences) + T * error(differences)),
              number(row.get(2).split(" … ", -1)[1]),
              0.006);
        }
      }
    }
    double holm = Math.max(Math.min(1, 2 * Math.min(p[0], p[1])), p[1]);
    if (Double.isFinite(p[0] + p[1])) {
      assertEquals(holm, found.number("p"), 1e-9);
    }
    assertTrue(Double.isFinite(found.number("p")), "no spread to test");
    assertTrue(found.number("small-sharpness") > 0);
    assertTrue(found.number("small-test") > 0.2);
    assertEquals(8, found.number("smallest"));
    assertEquals(128, found.number("largest"));
  }

  private static double[] ofBatch(List<JsonNode> results, int batch, String figure) {
    double[] values = new double[3];
    for (JsonNode result : results) {
      if (result.at("/settings/batch").asInt() == batch) {
        values[result.at("/settings/seed").asInt() - 5] = result.path(figure).asDouble();
      }
    }
    return values;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Of the mean. */
  private static double error(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean(values)) * (value - mean(values));
    }
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }

  private static String percents(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static double number(String written) {
    return Double.parseDouble(written.replace('−', '-').replace(",", ""));
  }

  @Test
  void tell_significantOrNot_saysWhatItIs() {
    Findings less = told(-0.02, 0.01, new double[][] {{1, 2}, {1, 3}, {1, 4}});
    assertEquals(true, less.words().get("significantly-less"));
    assertEquals(false, less.words().get("may-be-chance"));
    assertEquals("2.00", less.words().get("difference"));
    assertEquals(true, less.words().get("sharper-always"));
    Findings more = told(0.02, 0.049, new double[][] {{2, 1}, {2, 1}, {2, 1}});
    assertEquals(true, more.words().get("significantly-more"));
    assertEquals(true, more.words().get("sharper-never"));
    Findings chance = told(-0.02, 0.05, new double[][] {{2, 1}, {1, 2}, {1, 2}});
    assertEquals(true, chance.words().get("may-be-chance"));
    assertEquals(false, chance.words().get("significantly-less"));
    assertEquals(true, chance.words().get("sharper-sometimes"));
    assertEquals(2, chance.number("sharper-in"));
  }

  /** Of a study with two batches. */
  private static Findings told(double difference, double holm, double[][] sharpness) {
    var study = Json.object();
    study.putArray("table").addObject().put("batch", 16).put("train_accuracy_mean", 0.9);
    study.withArray("/table").addObject().put("batch", 1024).put("train_accuracy_mean", 0.895);
    var comparison = study.putArray("comparisons").addObject();
    comparison.putObject("first").put("batch", 16);
    comparison.putObject("second").put("batch", 1024);
    comparison.put("difference_mean", difference).put("p_holm", holm);
    var runs = study.putArray("runs");
    for (int seed = 0; seed < 3; seed++) {
      for (int i = 0; i < 2; i++) {
        runs.addObject()
            .put("batch", i == 0 ? 16 : 1024)
            .put("seed", seed)
            .put("sharpness_0.001", sharpness[seed][i]);
      }
    }
    Findings findings = new Findings();
    BatchSizes.tell(findings, study, ARM, LessonText.of("batch-size", Language.ES));
    assertEquals(false, findings.words().get("behind"));
    return findings;
  }

  @Test
  void lesson_tooFewExamples_saysHowManyItNeeds() throws Exception {
    TinyImages.prepare(folder, "mnist", 500, 10);
    UserError error =
        assertThrows(UserError.class, () -> SparkClassrooms.work(new BatchSizes(), folder, 0));
    assertTrue(
        error
            .getMessage()
            .endsWith(
                "it has 500 training examples, and the lesson needs at least 512, for batches of [8, 32, 128]"),
        error.getMessage());
  }
}
