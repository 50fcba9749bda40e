package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;

/**
 * What a contender is to do: train a network by plain SGD on batches in the order of Minilote's
 * epochs, from Minilote's first weights. Goes to a contender's process as one JSON argument.
 *
 * @param network which network
 * @param data the folder of the prepared examples
 * @param batch examples of an update
 * @param seed decides first weights and orders
 * @param threads threads, and lanes
 * @param steps take so many steps and tell each one's loss; 0 to measure the rate
 * @param warmUpSeconds training before the measuring begins
 * @param seconds how long to measure
 */
record Work(
    BenchmarkNetwork network,
    String data,
    int batch,
    long seed,
    int threads,
    int steps,
    double warmUpSeconds,
    double seconds) {

  /** The same work on other data, in whole epochs of at least so many steps. */
  Work toSteps(String stepsData, int examples, int atLeast) {
    int epoch = stepsOfEpoch(examples);
    int epochs = (atLeast + epoch - 1) / epoch;
    return new Work(network, stepsData, batch, seed, threads, epochs * epoch, 0, 0);
  }

  /** The same work by another number of threads. */
  Work withThreads(int count) {
    return new Work(network, data, batch, seed, count, steps, warmUpSeconds, seconds);
  }

  /** The same work, measured for other times. */
  Work during(double newWarmUpSeconds, double newSeconds) {
    return new Work(network, data, batch, seed, threads, steps, newWarmUpSeconds, newSeconds);
  }

  /** Steps of an epoch of so many examples. */
  int stepsOfEpoch(int examples) {
    return (examples + batch - 1) / batch;
  }

  String toJson() {
    ObjectNode json = Json.object();
    json.put("network", network.name());
    json.put("data", data);
    json.put("batch", batch);
    json.put("seed", seed);
    json.put("threads", threads);
    json.put("steps", steps);
    json.put("warm_up_seconds", warmUpSeconds);
    json.put("seconds", seconds);
    return json.toString();
  }

  static Work fromJson(String text) {
    ObjectNode json = Json.parse(text);
    return new Work(
        BenchmarkNetwork.valueOf(Json.text(json, "network")),
        Json.text(json, "data"),
        (int) Json.integer(json, "batch", 1, Integer.MAX_VALUE),
        Json.integer(json, "seed", Long.MIN_VALUE, Long.MAX_VALUE),
        (int) Json.integer(json, "threads", 1, Integer.MAX_VALUE),
        (int) Json.integer(json, "steps", 0, Integer.MAX_VALUE),
        Json.number(json, "warm_up_seconds"),
        Json.number(json, "seconds"));
  }
}
