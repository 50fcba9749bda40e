package minilote.driver.lesson;

import java.util.List;
import minilote.datasets.KeyedPermutation;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.ParameterRange;

/**
 * Synchronous SGD of one lane on few examples: the trainer's back-propagation and optimizers step
 * by step, without Spark, so that a lesson can look at each.
 */
final class SmallTraining implements AutoCloseable {
  private static final String ORDER = "order";

  private final Network network;
  private final SmallData data;
  private final int batch;
  private final float learningRate;
  private final long seed;
  private final BackPropagation backPropagation;
  private final Optimizer optimizer;
  private final float[] w;
  private final float[] mean; // the gradient of the mean loss
  private long steps;
  private long epochs;

  /**
   * @param w the first parameters; changed by each step
   * @param batch the examples of a step
   * @param learningRate η
   * @param seed of the order of the examples
   */
  SmallTraining(
      Network network,
      Loss loss,
      SmallData data,
      float[] w,
      OptimizerSettings optimizer,
      int batch,
      double learningRate,
      long seed) {
    this.network = network;
    this.data = data;
    this.batch = batch;
    this.learningRate = (float) learningRate;
    this.seed = seed;
    this.w = w;
    this.mean = new float[w.length];
    // In Java, whatever the machine: small products gain nothing elsewhere.
    this.backPropagation =
        new BackPropagation(network, loss, EngineKind.PORTABLE.create(), data.size());
    List<ParameterRange> decaying =
        network.tensors().stream()
            .filter(ParameterTensor::weight)
            .map(tensor -> new ParameterRange(tensor.offset(), tensor.end()))
            .toList();
    this.optimizer = Optimizer.of(optimizer, w.length, decaying);
    backPropagation.setParameters(w);
  }

  /**
   * One pass over the examples, in an order of its own, a step a batch; the last may be smaller.
   */
  void epoch() {
    epoch(() -> {});
  }

  /**
   * The same.
   *
   * @param after each step, to look at what it has done
   */
  void epoch(Runnable after) {
    KeyedPermutation order = new KeyedPermutation(seed, ORDER, epochs++, data.size());
    for (int from = 0; from < data.size(); from += batch) {
      int rows = Math.min(batch, data.size() - from);
      for (int row = 0; row < rows; row++) {
        put((int) order.invert(from + row), row);
      }
      step(rows);
      after.run();
    }
  }

  private void put(int example, int row) {
    float[] input = data.inputs()[example];
    float[] target = data.targets()[example];
    System.arraycopy(input, 0, backPropagation.inputs(), row * input.length, input.length);
    System.arraycopy(target, 0, backPropagation.targets(), row * target.length, target.length);
  }

  private void step(int rows) {
    backPropagation.setParameters(w);
    backPropagation.clear();
    backPropagation.errorAndGradient(rows);
    mean(rows);
    optimizer.update(w, mean, 0, w.length, learningRate, ++steps);
    backPropagation.setParameters(w);
  }

  private void mean(int rows) {
    float[] sum = backPropagation.gradient();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sum[i] / rows;
    }
  }

  /** The mean loss over all examples. */
  double loss() {
    all();
    backPropagation.error(data.size());
    return backPropagation.loss() / data.size();
  }

  /** The gradient of the mean loss over all examples; the next call or step overwrites it. */
  float[] gradient() {
    all();
    backPropagation.errorAndGradient(data.size());
    mean(data.size());
    return mean;
  }

  private void all() {
    for (int i = 0; i < data.size(); i++) {
      put(i, i);
    }
    backPropagation.clear();
  }

  /** What the network answers to each example, examples × d^(L), row-major. */
  float[] answers() {
    all();
    backPropagation.forward(data.size());
    return backPropagation.outputs();
  }

  /** The parameters as they are now. */
  float[] parameters() {
    return w;
  }

  Network network() {
    return network;
  }

  /** Signals, outputs and sensitivities of each layer, of the last pass. */
  BackPropagation backPropagation() {
    return backPropagation;
  }

  @Override
  public void close() {
    backPropagation.close();
  }
}
