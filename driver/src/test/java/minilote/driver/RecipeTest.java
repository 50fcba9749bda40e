package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import minilote.driver.study.Arm;
import minilote.driver.study.Equal;
import minilote.driver.study.Published;
import minilote.trainer.network.Network;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RecipeTest {
  private static List<Arm> arms(String name, String scale) {
    Map<String, Object> settings = Recipe.of(name).settings(scale);
    settings.remove("measures"); // The study's, not an arm's.
    return new StudyArms().of(settings);
  }

  /** Every setting is one that train has; every published figure is of a row of the table. */
  @Test
  void everyRecipe_hasSettingsThatAreRead_andFiguresOfItsOwnRows() throws Exception {
    for (String name : Recipe.NAMES) {
      for (String scale : new String[] {null, "small"}) {
        for (Arm arm : arms(name, scale)) {
          Map<String, String> options = new java.util.LinkedHashMap<>(arm.options());
          options.put("--data", "data");
          options.put("--batch", String.valueOf(arm.referenceBatch()));
          TrainingSettings settings = StudyArms.settings(options, new Configuration());
          assertTrue(settings.epochs() >= 1, name);
        }
      }
      for (Published figure : Recipe.of(name).published()) {
        assertTrue(
            arms(name, null).stream()
                .anyMatch(
                    arm ->
                        arm.name().equals(figure.arm()) && arm.batches().contains(figure.batch())),
            name + ": " + figure);
      }
      assertFalse(Recipe.of(name).source().isBlank());
    }
  }

  /** The figures as the papers' tables have them. */
  @ParameterizedTest
  @CsvSource({
    "keskar-f1, '', 256, test_accuracy, 0.9803",
    "keskar-f1, '', 6000, sharpness_0.001, 205.14",
    "keskar-c1, '', 256, test_accuracy_by_batch_statistics, 0.8004",
    "hoffer-f1, adapted, 4096, test_accuracy, 0.9853",
    "zhang-mlp, 3x512, 128, test_accuracy, 0.5239",
    "zhang-mlp, '3x512, weight decay', 128, test_accuracy, 0.5335",
    "zhang-mlp, 1x512, 128, test_accuracy, 0.5051",
    "zhang-mlp, '1x512, random labels', 128, train_accuracy, 0.9934",
  })
  void published_isThePapers(String recipe, String arm, int batch, String figure, double value) {
    List<Published> found =
        Recipe.of(recipe).published().stream()
            .filter(one -> one.arm().equals(arm) && one.batch() == batch)
            .filter(one -> one.figure().equals(figure))
            .toList();
    assertEquals(1, found.size());
    assertEquals(value, found.get(0).value());
  }

  @Test
  void hofferF1_adaptedArm_hasGhostsAndTakesAsManyUpdates() {
    Arm adapted = arms("hoffer-f1", null).get(2);
    assertEquals(Equal.STEPS, adapted.equal());
    assertEquals(128, adapted.referenceBatch());
    assertEquals(List.of(4096), adapted.batches());
    assertEquals(3, adapted.seeds().size());
    assertTrue(adapted.options().get("--network").contains("batchnorm ghost 128"));
    assertEquals(1, arms("hoffer-f1", "small").get(2).seeds().size());
  }

  @Test
  void zhangMlp_hasThePapersParameters_andRandomLabelsInTheirArmsAlone() throws Exception {
    for (Arm arm : arms("zhang-mlp", null)) {
      Map<String, String> options = new java.util.LinkedHashMap<>(arm.options());
      options.put("--data", "data");
      TrainingSettings settings = StudyArms.settings(options, new Configuration());
      assertEquals(
          arm.name().startsWith("3x512") ? 1_735_178 : 1_209_866,
          Network.of(settings.network(), List.of(3, 28, 28)).trainedCount());
      assertEquals(
          arm.name().contains("random labels") ? 1 : 0, settings.randomLabels().share(), 0.0);
      assertEquals(arm.name().contains("weight decay"), settings.optimizer().weightDecay() > 0);
      assertEquals("exponential 0.95", settings.schedule().curve().toWords());
    }
    assertEquals("--dataset cifar-10 --crop 28x28", Recipe.of("zhang-mlp").preparation());
    assertEquals("--dataset mnist", Recipe.of("keskar-f1").preparation());
  }

  @Test
  void help_namesEveryRecipe() {
    String help = new CommandLine(new StudyCommand()).getUsageMessage().replaceAll("\\s+", " ");
    for (String name : Recipe.NAMES) {
      assertTrue(help.contains(name), name);
    }
  }
}
