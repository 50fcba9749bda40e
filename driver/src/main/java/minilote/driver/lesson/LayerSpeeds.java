package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.ParameterRange;

/**
 * How fast each layer of a network of dense layers learns on some examples: ‖mean over them of
 * δ^(ℓ)‖, which is the length of the gradient by its biases (Nielsen, <i>Neural Networks and Deep
 * Learning</i>, chapter 5).
 */
final class LayerSpeeds implements AutoCloseable {
  private final Network network;
  private final int rows;
  private final BackPropagation pass;
  private final float[] mean; // the gradient of the mean loss

  /**
   * @param inputs rows × d^(0)
   * @param targets rows × d^(L)
   */
  LayerSpeeds(Network network, Loss loss, float[] inputs, float[] targets, int rows) {
    this.network = network;
    this.rows = rows;
    this.pass = new BackPropagation(network, loss, EngineKind.AUTO.create(), rows);
    this.mean = new float[network.parameterCount()];
    System.arraycopy(inputs, 0, pass.inputs(), 0, inputs.length);
    System.arraycopy(targets, 0, pass.targets(), 0, targets.length);
  }

  /**
   * What is seen at some weights.
   *
   * @param loss the mean loss
   * @param speed ‖mean δ^(ℓ)‖, layer by layer
   * @param gradient ‖G^(ℓ)‖, with the row of the biases
   */
  @SuppressWarnings("ArrayRecordComponent") // Not compared.
  record Seen(double loss, double[] speed, double[] gradient) {
    /** Of the hidden layers alone, whether each is faster than the one before. */
    boolean grows() {
      for (int l = 1; l < speed.length - 1; l++) {
        if (!(speed[l] > speed[l - 1])) {
          return false;
        }
      }
      return true;
    }
  }

  /** At those weights; their mean gradient is kept for a step. */
  Seen at(float[] w) {
    pass.setParameters(w);
    pass.clear();
    pass.errorAndGradient(rows);
    float[] sum = pass.gradient();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sum[i] / rows;
    }
    double[] speed = new double[network.layers()];
    double[] gradient = new double[network.layers()];
    for (ParameterTensor tensor : network.tensors()) {
      double squares = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        squares += (double) mean[i] * mean[i];
      }
      int layer = Integer.parseInt(tensor.layer().text()) - 1;
      gradient[layer] += squares;
      if (!tensor.weight()) {
        speed[layer] = Math.sqrt(squares);
      }
    }
    for (int l = 0; l < gradient.length; l++) {
      gradient[l] = Math.sqrt(gradient[l]);
    }
    return new Seen(pass.loss() / rows, speed, gradient);
  }

  /**
   * Steps over all examples at once.
   *
   * @param w the first weights; changed by each step
   * @return before the first step, and after each
   */
  List<Seen> train(
      float[] w, OptimizerSettings settings, double learningRate, int steps, Runnable stepDone) {
    List<ParameterRange> decaying =
        network.tensors().stream()
            .filter(ParameterTensor::weight)
            .map(tensor -> new ParameterRange(tensor.offset(), tensor.end()))
            .toList();
    Optimizer optimizer = Optimizer.of(settings, w.length, decaying);
    List<Seen> seen = new ArrayList<>();
    seen.add(at(w));
    for (int step = 1; step <= steps; step++) {
      optimizer.update(w, mean, 0, w.length, (float) learningRate, step);
      seen.add(at(w));
      stepDone.run();
    }
    return seen;
  }

  @Override
  public void close() {
    pass.close();
  }
}
