package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.apache.hadoop.fs.Path;

/** Runs that have ended. */
final class TestOutcomes {
  private TestOutcomes() {}

  static ObjectNode computedBy(String version) {
    ObjectNode computedBy = Json.object();
    computedBy.putObject("numerics").put("engine", "portable");
    computedBy.putObject("versions").put("minilote", version);
    return computedBy;
  }

  static Outcome validated(double accuracy) {
    Figures figures = new Figures(1, accuracy);
    return new Outcome(
        new Path("/runs/one"),
        new TrainingResult(1, null, 1, figures, figures, null, 1, "0".repeat(64)),
        null,
        List.of(),
        computedBy("0.1"));
  }

  static Outcome diverged() {
    return new Outcome(
        new Path("/runs/one"), null, "the loss is NaN", List.of(), computedBy("0.1"));
  }
}
