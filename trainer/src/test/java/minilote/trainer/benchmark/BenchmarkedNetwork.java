package minilote.trainer.benchmark;

import java.util.List;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/** The networks of the benchmarks, all with softmax cross-entropy over ten classes. */
public enum BenchmarkedNetwork {
  /** 3072-512-512-10 with ReLU: CIFAR-10. */
  M1(List.of(3072), "dense 512 relu, dense 512 relu, dense 10 softmax"),
  /** 784-512-512-512-512-512-10 with ReLU: MNIST. */
  M2(
      List.of(784),
      "dense 512 relu, dense 512 relu, dense 512 relu, dense 512 relu, dense 512 relu,"
          + " dense 10 softmax"),
  /** 784-128-10 with sigmoids: MNIST. */
  M3(List.of(784), "dense 128 sigmoid, dense 10 softmax"),
  /** Four convolutions and two dense layers: CIFAR-10. */
  C1(
      List.of(3, 32, 32),
      "conv 32 3x3 relu, conv 32 3x3 relu, max-pool 2x2, conv 64 3x3 relu, conv 64 3x3 relu,"
          + " max-pool 2x2, dense 256 relu, dense 10 softmax");

  @SuppressWarnings("ImmutableEnumChecker") // List.of gives lists that do not change.
  private final List<Integer> input;

  private final String words;

  BenchmarkedNetwork(List<Integer> input, String words) {
    this.input = input;
    this.words = words;
  }

  public Network network() {
    return Network.of(NetworkDescription.parse(words), input);
  }

  public Loss loss() {
    return Loss.CATEGORICAL_CROSS_ENTROPY;
  }

  /** Floating-point operations in the products of one gradient. */
  double operations(int rows) {
    return 2.0 * rows * network().multiplications();
  }
}
