package minilote.trainer.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import minilote.datasets.Json;

/**
 * Where the time of a training's steps went, evaluation and checkpoints apart.
 *
 * @param tasks tasks side by side
 * @param steps how many steps
 * @param secondsPerStep the mean time of a step, everything included
 * @param shares of the tasks' time, by what it went into; "spark" is what no task had
 */
public record TrainingProfile(
    int tasks, long steps, double secondsPerStep, Map<String, Double> shares) {

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("tasks", tasks);
    json.put("steps", steps);
    json.put("seconds_per_step", secondsPerStep);
    ObjectNode all = json.putObject("shares");
    shares.forEach(all::put);
    return json;
  }
}
