package minilote.trainer.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;

/**
 * Where the time of a step goes, in seconds.
 *
 * @param compute the lanes of a task
 * @param update adding the lanes' gradients, and the optimizer
 * @param exchange between executors
 * @param waiting for the slowest task
 * @param job the step's share of what a job takes besides its steps
 */
public record StepTime(double compute, double update, double exchange, double waiting, double job) {
  /** The whole step. */
  public double seconds() {
    return compute + update + exchange + waiting + job;
  }

  /** The share of the step that is communication. */
  public double exchangeShare() {
    return exchange / seconds();
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("seconds", seconds());
    json.put("compute_seconds", compute);
    json.put("update_seconds", update);
    json.put("exchange_seconds", exchange);
    json.put("waiting_seconds", waiting);
    json.put("job_seconds", job);
    return json;
  }
}
