package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/** One network at one batch: what each contender did, round by round. */
final class Row {
  /** The name of the contender that the others are compared with. */
  static final String MINILOTE = "minilote";

  /** The same with the portable engine. */
  static final String PORTABLE = "portable";

  /** The plain loop, whose numerics are the portable engine's. */
  static final String PLAIN = "plain";

  private final BenchmarkNetwork network;
  private final int batch;
  private final int examples;
  private final Map<String, List<Outcome>> rounds = new LinkedHashMap<>();
  private final Map<String, Double> lossDifferences = new LinkedHashMap<>();
  private final Map<String, Boolean> sameWeights = new LinkedHashMap<>();
  private int steps;

  /**
   * @param examples of an epoch
   */
  Row(BenchmarkNetwork network, int batch, int examples) {
    this.network = network;
    this.batch = batch;
    this.examples = examples;
  }

  BenchmarkNetwork network() {
    return network;
  }

  int batch() {
    return batch;
  }

  /** The contender that a peer is compared with: Minilote, with the peer's engine if it has one. */
  static String counterpart(String peer) {
    return peer.equals(PLAIN) ? PORTABLE : MINILOTE;
  }

  /**
   * Compares a peer's steps with those of its {@link #counterpart}. The weights too, where both are
   * of one engine: engines differ by rounding.
   */
  void compared(String peer, Outcome outcome, Outcome counterpart) {
    steps = counterpart.losses().length;
    lossDifferences.put(peer, LossMatch.largestDifference(outcome.losses(), counterpart.losses()));
    if (!outcome.weightsSha256().isEmpty() && !peer.equals(PORTABLE)) {
      sameWeights.put(peer, outcome.weightsSha256().equals(counterpart.weightsSha256()));
    }
  }

  /** Whether a peer's weights are its counterpart's, bit for bit; null if not compared. */
  @Nullable Boolean hasSameWeights(String peer) {
    return sameWeights.get(peer);
  }

  void measured(String contender, Outcome outcome) {
    rounds.computeIfAbsent(contender, name -> new ArrayList<>()).add(outcome);
  }

  /**
   * The largest relative difference of a peer's losses from its counterpart's; NaN if not compared.
   */
  double lossDifference(String peer) {
    return lossDifferences.getOrDefault(peer, Double.NaN);
  }

  /** Whether the peer did the same work. */
  boolean isValid(String peer) {
    return lossDifference(peer) <= LossMatch.TOLERANCE && sameWeights.getOrDefault(peer, true);
  }

  boolean has(String contender) {
    return rounds.containsKey(contender);
  }

  private List<Outcome> of(String contender) {
    return rounds.getOrDefault(contender, List.of());
  }

  /** Median examples a second. */
  double rate(String contender) {
    return median(of(contender).stream().mapToDouble(Outcome::rate).toArray());
  }

  /** Median examples a second with what an epoch's end writes. */
  double rateWithCheckpoints(String contender) {
    return median(of(contender).stream().mapToDouble(Outcome::rateWithCheckpoints).toArray());
  }

  /** Median seconds of the whole process. */
  double wallSeconds(String contender) {
    return median(of(contender).stream().mapToDouble(Outcome::wallSeconds).toArray());
  }

  /** How many times a peer's rate its counterpart's is. */
  double ratio(String peer) {
    return ratio(counterpart(peer), peer);
  }

  /** How many times another's rate one's is: the median of the rounds' ratios. */
  double ratio(String one, String other) {
    List<Outcome> ours = of(one);
    List<Outcome> theirs = of(other);
    double[] ratios = new double[Math.min(ours.size(), theirs.size())];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = ours.get(round).rate() / theirs.get(round).rate();
    }
    return median(ratios);
  }

  static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("network", network.name());
    json.put("layers", network.words());
    json.put("learning_rate", network.learningRate());
    json.put("batch", batch);
    json.put("examples", examples);
    json.put("compared_steps", steps);
    ObjectNode contenders = json.putObject("contenders");
    rounds.forEach(
        (name, outcomes) -> {
          ObjectNode contender = contenders.putObject(name);
          contender.put("examples_per_second", rate(name));
          contender.put("examples_per_second_with_checkpoints", rateWithCheckpoints(name));
          contender.put("wall_seconds", wallSeconds(name));
          if (lossDifferences.containsKey(name)) {
            contender.put("compared_with", counterpart(name));
            contender.put("minilote_ratio", ratio(name));
            contender.put("largest_loss_difference", lossDifference(name));
            contender.put("valid", isValid(name));
          }
          if (sameWeights.containsKey(name)) {
            contender.put("same_weights", sameWeights.get(name));
          }
          ArrayNode array = contender.putArray("rounds");
          outcomes.forEach(outcome -> array.add(outcome.toJson()));
        });
    return json;
  }
}
