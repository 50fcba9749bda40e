package minilote.driver.lesson;

import java.util.Arrays;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Network;

/**
 * Gradients of single examples, {@code ∂e/∂W^(ℓ) = x^(ℓ-1) (δ^(ℓ))ᵀ}, of a network of dense layers:
 * what back-propagation has left of its last pass over all of them. Their scatter is the noise of a
 * batch's gradient.
 */
final class ExampleGradients {
  private final Network network;
  private final SmallTraining training;
  private final int examples;

  /**
   * @param examples how many the last pass was over
   */
  ExampleGradients(SmallTraining training, int examples) {
    this.network = training.network();
    this.training = training;
    this.examples = examples;
  }

  int size() {
    return examples;
  }

  /** Σ ‖g_n‖², where ‖x δᵀ‖² = ‖x‖² ‖δ‖², and the bias counts as an input of 1. */
  double squares() {
    double sum = 0;
    for (int layer = 1; layer <= network.layers(); layer++) {
      float[] x = inputs(layer);
      float[] delta = training.backPropagation().deltas(layer);
      int in = width(layer - 1);
      int out = width(layer);
      for (int n = 0; n < examples; n++) {
        sum += (1 + square(x, n * in, in)) * square(delta, n * out, out);
      }
    }
    return sum;
  }

  /** Σ c_n g_n, into {@code to}, which is laid out as the parameters. */
  void weighted(double[] c, double[] to) {
    Arrays.fill(to, 0);
    for (int n = 0; n < examples; n++) {
      if (c[n] != 0) {
        add(n, c[n], to);
      }
    }
  }

  /** g_n, one a row. */
  double[][] all() {
    double[][] rows = new double[examples][network.parameterCount()];
    for (int n = 0; n < examples; n++) {
      add(n, 1, rows[n]);
    }
    return rows;
  }

  private void add(int n, double c, double[] to) {
    int at = 0;
    for (int layer = 1; layer <= network.layers(); layer++) {
      float[] x = inputs(layer);
      float[] delta = training.backPropagation().deltas(layer);
      int in = width(layer - 1);
      int out = width(layer);
      for (int i = 0; i <= in; i++) {
        double input = c * (i == in ? 1 : x[n * in + i]);
        if (input != 0) {
          for (int j = 0; j < out; j++) {
            to[at + j] += input * delta[n * out + j];
          }
        }
        at += out;
      }
    }
  }

  private float[] inputs(int layer) {
    BackPropagation pass = training.backPropagation();
    return layer == 1 ? pass.inputs() : pass.outputs(layer - 1);
  }

  private int width(int layer) {
    return layer == 0 ? network.inputs() : network.units(layer);
  }

  private static double square(float[] numbers, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) numbers[i] * numbers[i];
    }
    return sum;
  }
}
