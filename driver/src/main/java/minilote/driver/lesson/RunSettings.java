package minilote.driver.lesson;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minilote.datasets.Augmentation;
import minilote.datasets.Normalization;
import minilote.datasets.RandomLabels;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.GradientClipping;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.Schedule;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.LastBatch;
import minilote.trainer.run.TrainingSettings.Reduction;

/**
 * Settings of lessons' runs, by the options of {@code train} that they would be typed with, so that
 * a text can name the command of a run. What may be left out is as it is there.
 */
final class RunSettings {
  static final String DATA = "--data";
  static final String NETWORK = "--network";
  static final String BATCH = "--batch";
  static final String EPOCHS = "--epochs";
  static final String OPTIMIZER = "--optimizer";
  static final String LEARNING_RATE = "--learning-rate";
  static final String SEED = "--seed";
  static final String SCHEDULE = "--schedule";
  static final String WARMUP = "--warmup";
  static final String WEIGHT_DECAY = "--weight-decay";
  static final String INITIALIZATION = "--initialization";
  static final String VALIDATION = "--validation";
  static final String PATIENCE = "--validation-patience";
  static final String RANDOM_LABELS = "--random-labels";

  private static final Set<String> NEEDED =
      Set.of(DATA, NETWORK, BATCH, EPOCHS, OPTIMIZER, LEARNING_RATE, SEED);
  private static final Set<String> KNOWN =
      Set.of(INITIALIZATION, SCHEDULE, WARMUP, WEIGHT_DECAY, VALIDATION, PATIENCE, RANDOM_LABELS);

  private RunSettings() {}

  /** The settings of options with their values. */
  static TrainingSettings of(Map<String, String> options) {
    Set<String> others = new TreeSet<>(options.keySet());
    others.removeAll(KNOWN);
    if (!others.equals(NEEDED)) {
      throw new IllegalArgumentException(
          "a lesson's run needs %s, not %s".formatted(NEEDED, others));
    }
    OptimizerSettings optimizer =
        OptimizerSettings.of(UpdateRule.of(option(options, OPTIMIZER, "")));
    if (options.containsKey(WEIGHT_DECAY)) {
      optimizer = optimizer.withWeightDecay(number(options, WEIGHT_DECAY, "0"));
    }
    return new TrainingSettings(
        option(options, DATA, ""),
        NetworkDescription.parse(option(options, NETWORK, "")),
        null,
        Reduction.MEAN,
        whole(options, BATCH, ""),
        whole(options, EPOCHS, ""),
        0,
        LastBatch.KEEP,
        optimizer,
        number(options, LEARNING_RATE, ""),
        Schedule.parse(option(options, SCHEDULE, "constant"), option(options, WARMUP, "0")),
        GradientClipping.NONE,
        Initialization.parse(option(options, INITIALIZATION, "auto")),
        null,
        Normalization.STANDARDIZE,
        Augmentation.NONE,
        EngineKind.AUTO,
        number(options, VALIDATION, "0.1"),
        0,
        new RandomLabels(number(options, RANDOM_LABELS, "0"), 0),
        whole(options, PATIENCE, "0"),
        Long.parseLong(option(options, SEED, "")));
  }

  private static String option(Map<String, String> options, String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  private static double number(Map<String, String> options, String name, String otherwise) {
    return Double.parseDouble(option(options, name, otherwise));
  }

  private static int whole(Map<String, String> options, String name, String otherwise) {
    return Integer.parseInt(option(options, name, otherwise));
  }
}
