package minilote.driver.lesson;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Matrix;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.network.PreciseLoss;

/**
 * All that one pass of back-propagation through dense layers computes, and each derivative also by
 * central differences of the loss in double precision.
 *
 * <p>Signals and outputs are no parameters, and yet there are differences by them: to move {@code
 * s_j^(ℓ)} of one example is to move the bias {@code b_j^(ℓ)} in a pass with that example alone;
 * and to move {@code x_k^(ℓ)} is to move all of {@code b^(ℓ+1)} along row {@code k} of {@code
 * W^(ℓ+1)}.
 */
final class Trace implements AutoCloseable {
  /** Half the way between the two points of a difference, where inputs are around 1. */
  private static final double STEP = 1e-5;

  private static final Set<ActivationFunction> BOUNDED =
      Set.of(ActivationFunction.SIGMOID, ActivationFunction.TANH, ActivationFunction.SOFTMAX);

  /**
   * Of a rest of this size to 1, a float beside 1, which is rounded by 6e-8, leaves five digits.
   */
  private static final double INEXACT = 6e-3;

  private final Network network;
  private final Loss loss;
  private final SmallData data;
  private final float[] w;
  private final int divisor;
  private final BackPropagation pass;
  private final PreciseLoss all;
  private final double[] at; // w

  /**
   * @param network of dense layers
   * @param divisor by which the loss, a sum over the examples, is divided: 1, or how many they are
   */
  Trace(Network network, Loss loss, SmallData data, float[] w, int divisor) {
    this.network = network;
    this.loss = loss;
    this.data = data;
    this.w = w;
    this.divisor = divisor;
    float[] x = flat(data.inputs());
    float[] y = flat(data.targets());
    this.all = new PreciseLoss(network, loss, w, x, y, data.size());
    this.at = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      at[i] = w[i];
    }
    this.pass = new BackPropagation(network, loss, EngineKind.PORTABLE.create(), data.size());
    pass.setParameters(w);
    System.arraycopy(x, 0, pass.inputs(), 0, x.length);
    System.arraycopy(y, 0, pass.targets(), 0, y.length);
    pass.clear();
    pass.errorAndGradient(data.size());
    requireFinite();
  }

  private void requireFinite() {
    double sum = pass.loss() + all.loss(at);
    for (float g : pass.gradient()) {
      sum += g;
    }
    if (!Double.isFinite(sum)) {
      throw new UserError(
          "--csv: the loss is not a finite number on these examples: bring each of their columns to about −1 to 1");
    }
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }

  double loss() {
    return pass.loss() / divisor;
  }

  /** Whether some output of a bounded unit is so near 1 or −1 that the rest to it is inexact. */
  boolean isSaturated() {
    for (int layer = 1; layer <= network.layers(); layer++) {
      float[] outputs = pass.outputs(layer);
      if (BOUNDED.contains(network.description().layers().get(layer - 1).activation().function())) {
        for (int i = 0; i < data.size() * network.units(layer); i++) {
          if (1 - Math.abs(outputs[i]) < INEXACT) {
            return true;
          }
        }
      }
    }
    return false;
  }

  Quantity inputs(String name) {
    return given(name, data.inputs());
  }

  Quantity targets(String name) {
    return given(name, data.targets());
  }

  private static Quantity given(String name, float[][] rows) {
    return Quantity.of(name, "", rows.length, rows[0].length, flat(rows));
  }

  /** W^(ℓ), d^(ℓ-1) × d^(ℓ). */
  Quantity weights(String name, int layer) {
    return given(name, network.weights(w, layer).toRows());
  }

  /** b^(ℓ), 1 × d^(ℓ). */
  Quantity biases(String name, int layer) {
    ParameterTensor b = tensor(layer, false);
    return Quantity.of(name, "", 1, b.length(), Arrays.copyOfRange(w, b.offset(), b.end()));
  }

  /** s^(ℓ), examples × d^(ℓ). */
  Quantity signals(String name, String formula, int layer) {
    return rows(name, formula, layer, pass.signals(layer));
  }

  /** x^(ℓ), examples × d^(ℓ). */
  Quantity outputs(String name, String formula, int layer) {
    return rows(name, formula, layer, pass.outputs(layer));
  }

  private Quantity rows(String name, String formula, int layer, float[] numbers) {
    int columns = network.units(layer);
    return Quantity.of(
        name, formula, data.size(), columns, Arrays.copyOf(numbers, data.size() * columns));
  }

  /** δ^(ℓ) = ∂/∂s^(ℓ), examples × d^(ℓ). */
  Quantity bySignals(String name, String formula, int layer) {
    int units = network.units(layer);
    int bias = tensor(layer, false).offset();
    double[] differences = new double[data.size() * units];
    for (int row = 0; row < data.size(); row++) {
      try (PreciseLoss one = one(row)) {
        for (int j = 0; j < units; j++) {
          double[] direction = new double[w.length];
          direction[bias + j] = 1;
          differences[row * units + j] = slope(one, direction, STEP) / divisor;
        }
      }
    }
    return new Quantity(
        name,
        formula,
        data.size(),
        units,
        divided(pass.deltas(layer), differences.length),
        differences);
  }

  /** ∂/∂x^(ℓ), examples × d^(ℓ), of a layer before the last one. */
  Quantity byOutputs(String name, String formula, int layer) {
    int units = network.units(layer);
    Matrix next = network.weights(w, layer + 1); // d^(ℓ) × d^(ℓ+1)
    Matrix delta =
        Matrix.view(
            divided(pass.deltas(layer + 1), data.size() * next.columns()),
            0,
            data.size(),
            next.columns());
    int bias = tensor(layer + 1, false).offset();
    double[] differences = new double[data.size() * units];
    for (int row = 0; row < data.size(); row++) {
      try (PreciseLoss one = one(row)) {
        for (int k = 0; k < units; k++) {
          double[] direction = new double[w.length];
          for (int j = 0; j < next.columns(); j++) {
            direction[bias + j] = next.get(k, j);
          }
          differences[row * units + k] = slope(one, direction, STEP) / divisor;
        }
      }
    }
    return new Quantity(
        name, formula, data.size(), units, delta.multiply(next.transpose()).toArray(), differences);
  }

  /** ∂/∂W^(ℓ), d^(ℓ-1) × d^(ℓ). */
  Quantity byWeights(String name, String formula, int layer) {
    ParameterTensor weights = tensor(layer, true);
    return byParameters(name, formula, weights, weights.shape().get(0), stepBehind(layer));
  }

  /** ∂/∂b^(ℓ), 1 × d^(ℓ). */
  Quantity byBiases(String name, String formula, int layer) {
    return byParameters(name, formula, tensor(layer, false), 1, STEP);
  }

  /** Smaller where what the weights are multiplied by is large, so that signals move as little. */
  private double stepBehind(int layer) {
    float[] x = layer == 1 ? pass.inputs() : pass.outputs(layer - 1);
    int count = data.size() * (layer == 1 ? network.inputs() : network.units(layer - 1));
    double most = 1;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, Math.abs(x[i]));
    }
    return STEP / most;
  }

  private Quantity byParameters(
      String name, String formula, ParameterTensor tensor, int rows, double step) {
    double[] differences = new double[tensor.length()];
    for (int i = 0; i < differences.length; i++) {
      double[] direction = new double[w.length];
      direction[tensor.offset() + i] = 1;
      differences[i] = slope(all, direction, step) * data.size() / divisor;
    }
    float[] gradient = Arrays.copyOfRange(pass.gradient(), tensor.offset(), tensor.end());
    return new Quantity(
        name,
        formula,
        rows,
        tensor.length() / rows,
        divided(gradient, gradient.length),
        differences);
  }

  private PreciseLoss one(int row) {
    return new PreciseLoss(network, loss, w, data.inputs()[row], data.targets()[row], 1);
  }

  /** (E(w + h d) − E(w − h d)) / 2h. */
  private double slope(PreciseLoss of, double[] direction, double h) {
    double[] moved = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      moved[i] = at[i] + h * direction[i];
    }
    double ahead = of.loss(moved);
    for (int i = 0; i < at.length; i++) {
      moved[i] = at[i] - h * direction[i];
    }
    return (ahead - of.loss(moved)) / (2 * h);
  }

  private float[] divided(float[] sums, int count) {
    float[] divided = Arrays.copyOf(sums, count);
    for (int i = 0; i < count; i++) {
      divided[i] /= divisor;
    }
    return divided;
  }

  private ParameterTensor tensor(int layer, boolean weight) {
    List<ParameterTensor> tensors =
        network.tensors().stream()
            .filter(t -> t.layer().text().equals(String.valueOf(layer)) && t.weight() == weight)
            .toList();
    return tensors.get(0);
  }

  @Override
  public void close() {
    all.close();
    pass.close();
  }
}
