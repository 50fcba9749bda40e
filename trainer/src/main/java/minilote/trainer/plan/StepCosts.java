package minilote.trainer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * What a step costs besides its lanes, as measured on a machine. Seconds, none negative.
 *
 * @param add of adding one number of two gradients
 * @param average of turning one number of a sum into a mean
 * @param update of the optimizer, for one parameter
 * @param exchangeByte of executors' processors for a byte that is sent or received, the network
 *     itself apart
 * @param exchangeStep of a step with other executors, however few bytes there are
 * @param taskWait share of the time of its lanes that a task waits for the other tasks of its
 *     executor, where two are at work
 * @param executorWait the same for tasks of two executors
 * @param job of a job of many steps (an epoch is at least one) on several executors, besides its
 *     steps
 * @param localJob the same where all is in one process
 */
public record StepCosts(
    double add,
    double average,
    double update,
    double exchangeByte,
    double exchangeStep,
    double taskWait,
    double executorWait,
    double job,
    double localJob) {
  /**
   * @throws UserError where one is negative or no number
   */
  public StepCosts {
    for (double cost :
        new double[] {
          add, average, update, exchangeByte, exchangeStep, taskWait, executorWait, job, localJob
        }) {
      if (!(cost >= 0 && cost < Double.POSITIVE_INFINITY)) {
        throw new UserError("costs must be 0 or more, not " + cost);
      }
    }
  }

  /** As one JSON object. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("add_seconds_per_parameter", add);
    json.put("average_seconds_per_parameter", average);
    json.put("update_seconds_per_parameter", update);
    json.put("exchange_seconds_per_byte", exchangeByte);
    json.put("exchange_seconds_per_step", exchangeStep);
    json.put("task_wait_share", taskWait);
    json.put("executor_wait_share", executorWait);
    json.put("job_seconds", job);
    json.put("local_job_seconds", localJob);
    return json;
  }

  /** The inverse of {@link #toJson()}. */
  static StepCosts fromJson(JsonNode json) {
    return new StepCosts(
        Json.number(json, "add_seconds_per_parameter"),
        Json.number(json, "average_seconds_per_parameter"),
        Json.number(json, "update_seconds_per_parameter"),
        Json.number(json, "exchange_seconds_per_byte"),
        Json.number(json, "exchange_seconds_per_step"),
        Json.number(json, "task_wait_share"),
        Json.number(json, "executor_wait_share"),
        Json.number(json, "job_seconds"),
        Json.number(json, "local_job_seconds"));
  }
}
