package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.run.Model;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomLabelsTrainingTest {
  @TempDir Path temporary;

  private int runs;

  private TrainingResult train(TrainingSettings settings, int partitions, Way way, Placement where)
      throws Exception {
    Path out = temporary.resolve("run-" + runs++);
    return SparkContexts.use(
        "local[2]",
        spark -> Trainings.train(spark, settings, Trainings.options(partitions, way, where), out));
  }

  @Test
  void run_anyPlacementAndWay_givesTheSameBits() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 2500, 4);
    TrainingSettings settings = Trainings.settings(data, 100, 4, labels("0.4"));
    TrainingResult expected = null;
    int compared = 0;
    for (Way way : new Way[] {Way.TREE_AGGREGATE, Way.ALL_REDUCE}) {
      for (Placement where : new Placement[] {Placement.WHOLE, Placement.SPREAD}) {
        TrainingResult result = train(settings, 1 + compared % 2, way, where);
        expected = expected == null ? result : expected;
        String what = way + ", " + where;
        assertEquals(expected.weightsSha256(), result.weightsSha256(), what);
        assertEquals(expected.train(), result.train(), what);
        assertEquals(expected.validation(), result.validation(), what);
        assertEquals(expected.test(), result.test(), what);
        compared++;
      }
    }
    assertEquals(4, compared);
    TrainingResult other =
        train(
            Trainings.settings(data, 100, 4, labels("0.4", "label_seed", "1")),
            2,
            Way.ALL_REDUCE,
            Placement.WHOLE);
    assertNotEquals(expected == null ? "" : expected.weightsSha256(), other.weightsSha256());
  }

  /**
   * The images' classes are easily told apart. With most labels random, a network that has learnt
   * what there is to learn finds the true ones where they are asked for, and is wrong of the
   * others.
   */
  @Test
  void run_mostLabelsRandom_isJudgedByThemOnTrainingExamplesAlone() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 4000, 4);
    TrainingResult result =
        train(
            Trainings.settings(data, 100, 4, labels("0.6", "epochs", "4", "validation", "0.25")),
            2,
            Way.ALL_REDUCE,
            Placement.WHOLE);
    Double train = result.train().accuracy();
    Double validation = result.validation() == null ? null : result.validation().accuracy();
    Double test = result.test() == null ? null : result.test().accuracy();
    // 0.4 are true, and a third of the others by chance.
    assertEquals(0.6, train == null ? 0 : train, 0.04);
    assertTrue(validation != null && validation > 0.9, "validation " + validation);
    assertTrue(test != null && test > 0.9, "test " + test);
  }

  /** A run without random labels is the one that it was before there were any. */
  @Test
  void sha256_noRandomLabels_isThatOfSettingsThatDoNotKnowThem() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 100, 1);
    List<String> digests = new ArrayList<>();
    for (String[] changes :
        new String[][] {{}, labels("0"), labels("0", "label_seed", "5"), labels("0.5")}) {
      digests.add(
          TrainingSetup.of(Trainings.settings(data, 10, 2, changes), new Configuration()).sha256());
    }
    assertEquals(digests.get(0), digests.get(1));
    assertEquals(digests.get(0), digests.get(2));
    assertNotEquals(digests.get(0), digests.get(3));
    TrainingSettings settings = Trainings.settings(data, 10, 2, labels("0.5"));
    assertEquals(settings, TrainingSettings.fromJson(Json.parse(settings.toJson().toString())));
  }

  private static String[] labels(String share, String... more) {
    List<String> changes = new ArrayList<>(List.of("random_labels", share));
    changes.addAll(List.of(more));
    if (!changes.contains("label_seed")) {
      changes.addAll(List.of("label_seed", "0"));
    }
    return changes.toArray(String[]::new);
  }

  /** What a measure is taken on is what was learnt. */
  @Test
  void landscape_ofTheTrainingPortion_hasTheLabelsThatWereLearnt() throws Exception {
    Path data = TestData.images(temporary.resolve("data"), 2500, 4);
    TrainingSettings settings = Trainings.settings(data, 100, 4, labels("0.7"));
    Path out = temporary.resolve("measured");
    SparkContexts.use(
        "local[2]",
        spark -> {
          TrainingResult result =
              Trainings.train(
                  spark, settings, Trainings.options(2, Way.ALL_REDUCE, Placement.WHOLE), out);
          Model model = Model.read(new org.apache.hadoop.fs.Path(out.toUri()), new Configuration());
          try (Landscape learnt =
                  Landscape.of(spark, model, settings.data(), Portion.training(settings), 0);
              Landscape all = Landscape.of(spark, model, settings.data(), Portion.of("train"), 0)) {
            Evaluation evaluation = learnt.evaluate(model.parameters());
            assertEquals(result.train().loss(), evaluation.loss(), 1e-6); // passes of other rows
            assertEquals(result.train().accuracy(), evaluation.accuracy());
            assertNotEquals(evaluation.loss(), all.evaluate(model.parameters()).loss(), 0.01);
          }
          return result;
        });
  }
}
