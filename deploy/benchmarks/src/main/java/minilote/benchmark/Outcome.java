package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import minilote.datasets.Json;

/**
 * What came of a {@link Work}.
 *
 * @param rate examples a second; 0 where steps were asked for
 * @param rateWithCheckpoints the same with what an epoch's end writes, where there is such a thing;
 *     else the rate
 * @param wallSeconds of the whole process, its start included; 0 until its starter fills it in
 * @param losses mean loss of each step's batch, where steps were asked for
 * @param weightsSha256 of the weights after the steps, where the contender has Minilote's numerics;
 *     else empty
 */
record Outcome(
    double rate,
    double rateWithCheckpoints,
    double wallSeconds,
    double[] losses,
    String weightsSha256) {

  static Outcome ofRate(double rate) {
    return new Outcome(rate, rate, 0, new double[0], "");
  }

  static Outcome ofSteps(double[] losses, String weightsSha256) {
    return new Outcome(0, 0, 0, losses, weightsSha256);
  }

  Outcome withWallSeconds(double value) {
    return new Outcome(rate, rateWithCheckpoints, value, losses, weightsSha256);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("examples_per_second", rate);
    json.put("examples_per_second_with_checkpoints", rateWithCheckpoints);
    json.put("wall_seconds", wallSeconds);
    ArrayNode array = json.putArray("losses");
    for (double loss : losses) {
      array.add(loss);
    }
    json.put("weights_sha256", weightsSha256);
    return json;
  }

  static Outcome fromJson(ObjectNode json) {
    return new Outcome(
        Json.number(json, "examples_per_second"),
        Json.number(json, "examples_per_second_with_checkpoints"),
        Json.number(json, "wall_seconds"),
        Json.numbers(json, "losses").stream().mapToDouble(BigDecimal::doubleValue).toArray(),
        Json.text(json, "weights_sha256"));
  }
}
