package minilote.trainer.benchmark;

import java.util.List;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ParameterTensor;

/** The dense networks of the benchmarks, all with softmax cross-entropy over ten classes. */
public enum BenchmarkedNetwork {
  /** 3072-512-512-10 with ReLU: CIFAR-10. */
  M1(3072, "dense 512 relu, dense 512 relu, dense 10 softmax"),
  /** 784-512-512-512-512-512-10 with ReLU: MNIST. */
  M2(
      784,
      "dense 512 relu, dense 512 relu, dense 512 relu, dense 512 relu, dense 512 relu,"
          + " dense 10 softmax"),
  /** 784-128-10 with sigmoids: MNIST. */
  M3(784, "dense 128 sigmoid, dense 10 softmax");

  private final int inputs;
  private final String words;

  BenchmarkedNetwork(int inputs, String words) {
    this.inputs = inputs;
    this.words = words;
  }

  public Network network() {
    return Network.of(NetworkDescription.parse(words), List.of(inputs));
  }

  public Loss loss() {
    return Loss.CATEGORICAL_CROSS_ENTROPY;
  }

  /**
   * Floating-point operations in the products of one gradient: for each layer {@code XW}, {@code
   * Xᵀδ} and, but for the first, {@code δWᵀ}, each of 2 · rows · in · out.
   */
  double operations(int rows) {
    List<ParameterTensor> weights = network().tensors().stream().filter(t -> t.weight()).toList();
    double all = weights.stream().mapToDouble(ParameterTensor::length).sum();
    return 2.0 * rows * (3 * all - weights.get(0).length());
  }
}
