package minilote.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import minilote.datasets.UserError;
import minilote.trainer.network.NamedNetwork;
import minilote.trainer.network.Network;

/**
 * The networks of the benchmark, each known to Minilote by its name; all end in softmax and learn
 * by its cross-entropy.
 *
 * <p>Learning rates are such that no batch diverges: rounding then makes two libraries' losses
 * differ by far less than the 1 % that is allowed, and a larger difference means different work.
 */
enum BenchmarkNetwork {
  M1("cifar-10", 0.002, 50_000),
  M2("mnist", 0.002, 60_000),
  M3("mnist", 0.1, 60_000),
  /** That of Spark's published comparison of its multilayer perceptron; slow, so on a tenth. */
  P1("mnist", 0.1, 6_000),
  /** Convolutions; slow too, so on a quarter, which batches up to 512 divide. */
  C1("cifar-10", 0.003, 12_800);

  private static final List<Integer> BATCHES = List.of(32, 128, 512, 2048);
  private static final List<Integer> BATCHES_OF_IMAGES = List.of(128, 512);
  private static final List<Integer> QUICK_BATCHES = List.of(128, 2048);
  private static final List<Integer> QUICK_BATCHES_OF_IMAGES = List.of(128);

  private final String dataset;
  private final double learningRate;
  private final int examples;

  BenchmarkNetwork(String dataset, double learningRate, int examples) {
    this.dataset = dataset;
    this.learningRate = learningRate;
    this.examples = examples;
  }

  /** The networks of a list such as {@code M1,M3}. */
  static List<BenchmarkNetwork> parse(List<String> names) {
    return names.stream().map(BenchmarkNetwork::parse).toList();
  }

  private static BenchmarkNetwork parse(String name) {
    for (BenchmarkNetwork network : values()) {
      if (network.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
        return network;
      }
    }
    throw new UserError(
        "--networks %s: it must be of %s"
            .formatted(
                name, Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
  }

  /** The data set that it learns: cifar-10 or mnist. */
  String dataset() {
    return dataset;
  }

  /** How many of the data set's examples a full run takes. */
  int examples() {
    return examples;
  }

  double learningRate() {
    return learningRate;
  }

  /** The options of {@code train} for what every contender does. */
  List<String> plainOptions() {
    return List.of("--optimizer", "sgd", "--learning-rate", String.valueOf(learningRate));
  }

  /**
   * The options of {@code train} for learning fast, tuned for one thing: to have the training loss
   * of l-bfgs soon. On M3 that is about 0.0002, where Nesterov's momentum falls faster at first,
   * but then only as one over the number of steps. On P1 it is about 1.96, where l-bfgs has just
   * left the plateau at 2.30; larger first weights let more of the inputs through the sigmoids.
   */
  List<String> fastOptions() {
    return this == P1
        ? List.of("--optimizer", "adam", "--learning-rate", "0.001", "--initialization", "he")
        : List.of(
            "--optimizer",
            "adam",
            "--learning-rate",
            "0.005",
            "--beta2",
            "0.98",
            "--schedule",
            "cosine to 0.1");
  }

  /** The batch that goes with {@link #fastOptions}. */
  int fastBatch() {
    return 128;
  }

  /** The epochs that go with {@link #fastOptions}: a schedule's rates depend on them. */
  int fastEpochs() {
    return this == P1 ? 3 : 38;
  }

  /**
   * The batches that it is measured at unless told otherwise.
   *
   * @param quick for a first look
   */
  List<Integer> batches(boolean quick) {
    if (this == C1) {
      return quick ? QUICK_BATCHES_OF_IMAGES : BATCHES_OF_IMAGES;
    }
    return quick ? QUICK_BATCHES : BATCHES;
  }

  /** Whether MLlib's perceptron, all of whose hidden layers are sigmoid, can be this network. */
  boolean isPerceptron() {
    return this == M3 || this == P1;
  }

  /** The units of each layer, inputs included, as MLlib takes them. */
  int[] layers() {
    Network network = network();
    return IntStream.rangeClosed(0, network.layers())
        .map(layer -> layer == 0 ? network.inputs() : network.units(layer))
        .toArray();
  }

  private NamedNetwork named() {
    return NamedNetwork.of(name());
  }

  /** The layers in the words of {@code train --network}. */
  String words() {
    return named().description().toWords();
  }

  /** The network on its data set's examples. */
  Network network() {
    return named().network();
  }
}
