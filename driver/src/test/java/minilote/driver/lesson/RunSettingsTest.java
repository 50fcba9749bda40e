package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import minilote.driver.StudySettings;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** Options mean what they mean to {@code train}. */
class RunSettingsTest {
  private static Map<String, String> least() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--data", "file:/data/mnist");
    options.put("--network", "dense 7 relu, dense 10 softmax");
    options.put("--batch", "17");
    options.put("--epochs", "3");
    options.put("--optimizer", "adam");
    options.put("--learning-rate", "0.002");
    options.put("--seed", "5");
    return options;
  }

  @Test
  void of_options_isWhatTrainMakesOfThem() throws IOException {
    Map<String, String> all = least();
    all.put("--schedule", "cosine");
    all.put("--warmup", "1");
    all.put("--initialization", "zeros");
    all.put("--weight-decay", "0.001");
    all.put("--validation", "0.25");
    all.put("--validation-patience", "2");
    all.put("--random-labels", "0.5");
    for (Map<String, String> options : java.util.List.of(least(), all)) {
      assertEquals(
          StudySettings.read(options, new Configuration()).toJson(),
          RunSettings.of(options).toJson());
    }
  }

  @Test
  void of_optionsThatAreMissingOrUnknown_refuses() {
    Map<String, String> missing = least();
    missing.remove("--seed");
    assertThrows(IllegalArgumentException.class, () -> RunSettings.of(missing));
    Map<String, String> unknown = least();
    unknown.put("--lanes", "4");
    assertThrows(IllegalArgumentException.class, () -> RunSettings.of(unknown));
  }
}
