package minilote.driver.study;

import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;

/** Lines of metrics.jsonl. */
final class TestMetrics {
  private TestMetrics() {}

  static Metrics line(
      int epoch,
      long step,
      boolean epochEnd,
      double loss,
      @Nullable Double accuracy,
      @Nullable Double validationAccuracy) {
    return new Metrics(
        epoch,
        step,
        step * 8,
        epochEnd,
        loss,
        accuracy,
        validationAccuracy == null ? null : (Double) 1.0,
        validationAccuracy,
        0.1,
        null,
        null,
        1000,
        step * 0.01);
  }
}
