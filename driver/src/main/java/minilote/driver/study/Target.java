package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import minilote.datasets.Json;
import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * What runs are timed to: the end of the first epoch with so much accuracy, on the validation
 * examples or, without any, as the training examples met it; where targets are numbers, with so
 * little loss.
 *
 * @param metric the name in {@code metrics.jsonl}
 * @param value what is to be reached
 * @param given whether it was the user's; else it is the best that every run has reached
 */
record Target(String metric, double value, boolean given) {
  private static final String VALIDATION_ACCURACY = "validation_accuracy";
  private static final String TRAIN_ACCURACY = "train_accuracy";
  private static final String VALIDATION_LOSS = "validation_loss";
  private static final String TRAIN_LOSS = "train_loss";

  /**
   * The target of a study.
   *
   * @param runs the epochs of each run that did not diverge
   * @param given the user's value; or null
   * @return null where there are no epochs
   */
  static @Nullable Target of(Collection<List<Metrics>> runs, @Nullable Double given) {
    if (runs.isEmpty() || runs.stream().anyMatch(List::isEmpty)) {
      return null;
    }
    Metrics first = runs.iterator().next().get(0);
    String metric =
        first.trainAccuracy() == null
            ? (first.validationLoss() == null ? TRAIN_LOSS : VALIDATION_LOSS)
            : (first.validationAccuracy() == null ? TRAIN_ACCURACY : VALIDATION_ACCURACY);
    if (given != null) {
      return new Target(metric, given, true);
    }
    double sign = sign(metric);
    double worst = Double.POSITIVE_INFINITY;
    for (List<Metrics> run : runs) {
      OptionalDouble best =
          run.stream().filter(Metrics::epochEnd).mapToDouble(m -> sign * value(metric, m)).max();
      worst = Math.min(worst, best.orElse(Double.NEGATIVE_INFINITY));
    }
    return Double.isFinite(worst) ? new Target(metric, sign * worst, false) : null;
  }

  private static double sign(String metric) {
    return metric.equals(VALIDATION_LOSS) || metric.equals(TRAIN_LOSS) ? -1 : 1;
  }

  private static double value(String metric, Metrics metrics) {
    Double value =
        switch (metric) {
          case VALIDATION_ACCURACY -> metrics.validationAccuracy();
          case TRAIN_ACCURACY -> metrics.trainAccuracy();
          case VALIDATION_LOSS -> metrics.validationLoss();
          default -> (Double) metrics.trainLoss();
        };
    return value == null ? Double.NaN : value;
  }

  /** The end of the first epoch of a run that reaches it; null where none does. */
  @Nullable Metrics reached(List<Metrics> run) {
    double sign = sign(metric);
    return run.stream()
        .filter(Metrics::epochEnd)
        .filter(m -> sign * value(metric, m) >= sign * value)
        .findFirst()
        .orElse(null);
  }

  ObjectNode toJson() {
    return Json.object().put("metric", metric).put("value", value).put("given", given);
  }
}
