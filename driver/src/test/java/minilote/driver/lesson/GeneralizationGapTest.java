package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import minilote.datasets.Json;
import minilote.datasets.RandomLabels;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Inference;
import minilote.trainer.run.Model;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneralizationGapTest {
  private static final int EXAMPLES = 600;

  @TempDir private Path folder;

  @Test
  void allBut_anyNumber_leavesExactlySoManyForTraining() {
    for (long all : new long[] {600, 997, 10_000, 50_000, 60_000, 1_281_167}) {
      for (long left : new long[] {1, 300, 500}) {
        double share = Double.parseDouble(GeneralizationGap.allBut(left, all));
        assertEquals(left, new ValidationSplit(all, share, 0).trainingExamples());
      }
    }
    assertEquals("0.95", GeneralizationGap.allBut(500, 10_000));
  }

  /** Each accuracy is counted anew, example by example, without Spark and its evaluation. */
  @Test
  void lesson_fiveRuns_tellsTheGapsOfTheirModels() throws Exception {
    TinyImages images = TinyImages.prepare(folder, "mnist", EXAMPLES, 100);
    Set<String> seen = new HashSet<>();
    Findings found =
        SparkClassrooms.use(
            folder,
            0,
            room -> {
              Findings findings = Classrooms.work(new GeneralizationGap(), room);
              try (Stream<Path> files = Files.walk(room.data().temporary().getParent())) {
                for (Path run :
                    files.filter(file -> file.endsWith("run.json")).map(Path::getParent).toList()) {
                  seen.add(check(findings, run, images));
                }
              }
              return findings;
            });
    assertEquals(Set.of("few", "many", "few-helped", "many-helped", "random"), seen);
    assertEquals(300, found.number("examples-of-few"));
    assertEquals(540, found.number("examples-of-many"));
    assertEquals(784 * 256 + 256 + 256 * 10 + 10, found.number("parameters"));
    assertEquals("10.00 %", found.words().get("chance"));
    // Ten heights of a bar are a rule, labels by lot are none.
    assertTrue(found.number("many-validation") > 0.9);
    assertTrue(found.number("random-validation") < 0.25);
    assertTrue(found.number("random-gap") > 0.15);
    assertEquals(true, found.words().get("random-memorized"));
    for (List<String> row : Objects.requireNonNull(found.table("accuracies")).rows()) {
      double gap = Double.parseDouble(row.get(4).replace('−', '-'));
      assertEquals(gap < 5 ? "learned" : gap < 15 ? "in between" : "memorized", row.get(5));
    }
  }

  /** Which run it is. */
  private static String check(Findings found, Path run, TinyImages images) throws IOException {
    var settings = Json.object(Json.parse(Files.readString(run.resolve("run.json"))), "settings");
    boolean few = settings.path("validation").asDouble() == 0.5;
    boolean random = settings.path("random_labels").asDouble() == 1;
    boolean helped = settings.path("network").asText().contains("dropout");
    assertEquals(helped ? 0.001 : 0, settings.at("/optimizer/weight_decay").asDouble());
    String name = random ? "random" : (few ? "few" : "many") + (helped ? "-helped" : "");
    ValidationSplit split = new ValidationSplit(EXAMPLES, few ? 0.5 : 0.1, 0);
    Model model = Model.read(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration());
    double[] right = new double[2];
    double[] all = new double[2];
    byte[] record = new byte[model.format().recordBytes()];
    try (Inference inference = new Inference(model, 1)) {
      for (int id = 0; id < EXAMPLES; id++) {
        System.arraycopy(images.train[id], 0, record, 2, images.train[id].length);
        inference.stage(record, 0, 0);
        inference.answer(1);
        int label = TinyImages.label(id);
        int part = split.isValidation(id) ? 1 : 0;
        if (random && part == 0) {
          label = new RandomLabels(1, 0).of(id, label, TinyImages.CLASSES);
        }
        all[part]++;
        right[part] += inference.predictedClass(0) == label ? 1 : 0;
      }
    }
    // Native and portable sums may differ in their last bits, and so, once in a while, an answer.
    double oneExample = 1.01 / 60;
    double training = right[0] / all[0];
    double validation = right[1] / all[1];
    assertEquals(training, found.number(name + "-training"), oneExample, name);
    assertEquals(validation, found.number(name + "-validation"), oneExample, name);
    assertEquals(
        found.number(name + "-training") - found.number(name + "-validation"),
        found.number(name + "-gap"),
        1e-12,
        name);
    return name;
  }
}
