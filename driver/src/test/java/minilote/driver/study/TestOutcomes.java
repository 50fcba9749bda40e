package minilote.driver.study;

import java.util.List;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.apache.hadoop.fs.Path;

/** Runs that have ended. */
final class TestOutcomes {
  private TestOutcomes() {}

  static Outcome validated(double accuracy) {
    Figures figures = new Figures(1, accuracy);
    return new Outcome(
        new Path("/runs/one"),
        new TrainingResult(1, null, 1, figures, figures, null, 1, "0".repeat(64)),
        null,
        List.of(),
        "");
  }

  static Outcome diverged() {
    return new Outcome(new Path("/runs/one"), null, "the loss is NaN", List.of(), "");
  }
}
