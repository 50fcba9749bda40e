package minilote.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * The networks of the benchmark; all end in softmax and learn by its cross-entropy.
 *
 * <p>Learning rates are such that no batch diverges: rounding then makes two libraries' losses
 * differ by far less than the 1 % that is allowed, and a larger difference means different work.
 */
enum BenchmarkNetwork {
  M1("cifar-10", "512-512", "relu", 0.002, 50_000),
  M2("mnist", "512-512-512-512-512", "relu", 0.002, 60_000),
  M3("mnist", "128", "sigmoid", 0.1, 60_000),
  /** That of Spark's published comparison of its multilayer perceptron; slow, so on a tenth. */
  P1("mnist", "2500-2000-1500-1000-500", "sigmoid", 0.1, 6_000);

  private static final int CLASSES = 10;

  private final String dataset;
  private final String hidden;
  private final String activation;
  private final double learningRate;
  private final int examples;

  BenchmarkNetwork(
      String dataset, String hidden, String activation, double learningRate, int examples) {
    this.dataset = dataset;
    this.hidden = hidden;
    this.activation = activation;
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

  /** Whether MLlib's perceptron, all of whose hidden layers are sigmoid, can be this network. */
  boolean isPerceptron() {
    return activation.equals("sigmoid");
  }

  /** The units of each layer, inputs included, as MLlib takes them. */
  int[] layers() {
    return Arrays.stream(shape().split("-")).mapToInt(Integer::parseInt).toArray();
  }

  private String shape() {
    return network().inputs() + "-" + hidden + "-" + CLASSES;
  }

  /** The layers in the words of {@code train --network}. */
  String words() {
    return Arrays.stream(hidden.split("-"))
            .map(units -> "dense " + units + " " + activation + ", ")
            .collect(Collectors.joining())
        + "dense "
        + CLASSES
        + " softmax";
  }

  /** The network on its data set's examples. */
  Network network() {
    return Network.of(
        NetworkDescription.parse(words()),
        dataset.equals("mnist") ? List.of(1, 28, 28) : List.of(3, 32, 32));
  }

  /** As {@code 784-128-10 sigmoid}. */
  String describe() {
    return shape() + " " + activation;
  }
}
