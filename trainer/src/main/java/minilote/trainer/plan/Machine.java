package minilote.trainer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * What was measured on a machine, for one network and optimizer; kept as a file, so that it can be
 * measured on a node of a cluster and used anywhere.
 *
 * @param date when, as 2026-11-21
 * @param minilote the version of Minilote
 * @param cpu the processor, in words
 * @param cores processors of the JVM that measured
 * @param java the JVM
 * @param blas the BLAS, with its kernel
 * @param network the layers, in words
 * @param inputShape of one example
 * @param parameters of the network
 * @param optimizer the update rule
 * @param lanes times of lanes
 * @param costs all else
 */
public record Machine(
    String date,
    String minilote,
    String cpu,
    int cores,
    String java,
    String blas,
    String network,
    List<Integer> inputShape,
    int parameters,
    String optimizer,
    LaneTimes lanes,
    StepCosts costs) {
  private static final int FORMAT = 1;
  private static final String VERSION = "minilote_machine";
  private static final int MOST_CORES = 1 << 16;

  /** Freezes the lists. */
  public Machine {
    inputShape = List.copyOf(inputShape);
  }

  /** 10⁹ operations a second of one task on lanes of that many rows, all cores at work. */
  public double gigaflops(int rows) {
    Network measured = Network.of(NetworkDescription.parse(network), inputShape);
    double operations = 2.0 * measured.multiplications() * rows;
    return operations / lanes.seconds(rows, lanes.busyTasks()) * 1e-9;
  }

  /** The file's content. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put(VERSION, FORMAT);
    json.put("date", date);
    json.put("minilote", minilote);
    json.put("cpu", cpu);
    json.put("cores", cores);
    json.put("java", java);
    json.put("blas", blas);
    json.put("network", network);
    ArrayNode shape = json.putArray("input_shape");
    inputShape.forEach(shape::add);
    json.put("parameters", parameters);
    json.put("optimizer", optimizer);
    json.set("lanes", lanes.toJson());
    json.set("costs", costs.toJson());
    return json;
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError naming what is missing or wrong
   */
  public static Machine fromJson(JsonNode json) {
    Json.integer(json, VERSION, FORMAT, FORMAT);
    List<Integer> shape = new ArrayList<>();
    for (JsonNode size : Json.list(json, "input_shape")) {
      if (!size.canConvertToInt() || size.intValue() < 1) {
        throw new UserError("\"input_shape\" must be a list of sizes, and has " + size);
      }
      shape.add(size.intValue());
    }
    return new Machine(
        Json.text(json, "date"),
        Json.text(json, "minilote"),
        Json.text(json, "cpu"),
        (int) Json.integer(json, "cores", 1, MOST_CORES),
        Json.text(json, "java"),
        Json.text(json, "blas"),
        Json.text(json, "network"),
        shape,
        (int) Json.integer(json, "parameters", 1, Integer.MAX_VALUE),
        Json.text(json, "optimizer"),
        LaneTimes.fromJson(Json.object(json, "lanes")),
        StepCosts.fromJson(Json.object(json, "costs")));
  }
}
