package minilote.driver.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.jspecify.annotations.Nullable;

/**
 * A run in numbers, by the names that {@code study.json} gives them; those that it lacks are null.
 */
final class RunFigures {
  static final String TEST_ACCURACY = "test_accuracy";
  static final String TEST_LOSS = "test_loss";
  static final String STEPS_TO_TARGET = "steps_to_target";
  static final String EXAMPLES_TO_TARGET = "examples_to_target";

  /** What cells are compared by, the first that there is. */
  private static final List<String> COMPARED =
      List.of(TEST_ACCURACY, "validation_accuracy", TEST_LOSS, "validation_loss", "train_loss");

  private RunFigures() {}

  /** The figure by which cells are compared, of those that there are. */
  static String compared(Predicate<String> isThere) {
    return COMPARED.stream().filter(isThere).findFirst().orElse(TEST_LOSS);
  }

  /**
   * The figures of a run that did not diverge.
   *
   * @param target what it is timed to; or null
   */
  static Map<String, @Nullable Double> of(
      StudyRun run, TrainingResult result, List<Metrics> metrics, @Nullable Target target) {
    Map<String, @Nullable Double> figures = new LinkedHashMap<>();
    put(figures, "train", result.train());
    put(figures, "validation", result.validation());
    put(figures, "test", result.test());
    figures.put("generalization_gap", result.generalizationGap());
    Figures unseen = result.test() != null ? result.test() : result.validation();
    figures.put(
        "loss_gap", unseen == null ? null : (Double) (unseen.loss() - result.train().loss()));
    figures.put("learning_rate", run.setup().settings().learningRate());
    figures.put("epochs", (double) result.epochs());
    figures.put("steps", (double) result.steps());
    figures.put("examples", metrics.isEmpty() ? null : (Double) (double) last(metrics).examples());
    figures.put("seconds", result.seconds());
    figures.put("noise_scale", noiseScale(metrics));
    figures.put("gradient_norm", metrics.isEmpty() ? null : last(metrics).gradientNorm());
    Metrics reached = target == null ? null : target.reached(metrics);
    figures.put("epochs_to_target", reached == null ? null : (Double) (double) reached.epoch());
    figures.put(STEPS_TO_TARGET, reached == null ? null : (Double) (double) reached.step());
    figures.put(
        "examples_to_target", reached == null ? null : (Double) (double) reached.examples());
    figures.put("seconds_to_target", reached == null ? null : (Double) reached.seconds());
    return figures;
  }

  /**
   * The median over the later half of the epochs. Where an epoch has none, its mean gradient was
   * too small beside the noise to be told: it counts as more than any that has one.
   */
  static @Nullable Double noiseScale(List<Metrics> metrics) {
    double[] later =
        metrics.subList(metrics.size() / 2, metrics.size()).stream()
            .map(Metrics::noiseScale)
            .mapToDouble(scale -> scale == null ? Double.POSITIVE_INFINITY : scale)
            .sorted()
            .toArray();
    if (later.length == 0) {
      return null;
    }
    double median = (later[(later.length - 1) / 2] + later[later.length / 2]) / 2;
    return Double.isFinite(median) ? (Double) median : null;
  }

  private static Metrics last(List<Metrics> metrics) {
    return metrics.get(metrics.size() - 1);
  }

  private static void put(
      Map<String, @Nullable Double> figures, String split, @Nullable Figures values) {
    figures.put(split + "_loss", values == null ? null : (Double) values.loss());
    figures.put(split + "_accuracy", values == null ? null : values.accuracy());
  }
}
