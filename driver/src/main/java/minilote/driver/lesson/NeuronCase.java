package minilote.driver.lesson;

import java.util.List;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.ReferenceEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;

/**
 * One layer of units with a loss, some examples and parameters, and the gradient of the mean loss
 * in three ways.
 *
 * @param name what its findings are called by
 * @param network of one dense layer
 * @param w its parameters, W then b
 */
@SuppressWarnings("ArrayRecordComponent") // Cases are not compared.
record NeuronCase(String name, Network network, Loss loss, SmallData data, float[] w) {
  /** Small enough for the differences' own error, and far above what weights are rounded to. */
  private static final float STEP = 0x1p-13f;

  static NeuronCase of(String name, String words, Loss loss, SmallData data, float[] w) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(data.inputs()[0].length));
    return new NeuronCase(name, network, loss, data, w);
  }

  /** What the trainer finds. */
  @SuppressWarnings("ArrayRecordComponent")
  record Trained(double loss, float[][] answers, float[][] deltas, double[] gradient) {}

  Trained trained() {
    int n = data.size();
    try (BackPropagation backPropagation =
        new BackPropagation(network, loss, EngineKind.PORTABLE.create(), n)) {
      fill(backPropagation);
      backPropagation.setParameters(w);
      backPropagation.clear();
      backPropagation.errorAndGradient(n);
      double[] gradient = new double[w.length];
      for (int i = 0; i < w.length; i++) {
        gradient[i] = (double) backPropagation.gradient()[i] / n;
      }
      return new Trained(
          backPropagation.loss() / n,
          rows(backPropagation.outputs()),
          rows(backPropagation.deltas(1)),
          gradient);
    }
  }

  private void fill(BackPropagation backPropagation) {
    for (int i = 0; i < data.size(); i++) {
      float[] x = data.inputs()[i];
      float[] y = data.targets()[i];
      System.arraycopy(x, 0, backPropagation.inputs(), i * x.length, x.length);
      System.arraycopy(y, 0, backPropagation.targets(), i * y.length, y.length);
    }
  }

  private float[][] rows(float[] flat) {
    int units = network.outputs();
    float[][] rows = new float[data.size()][units];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(flat, i * units, rows[i], 0, units);
    }
    return rows;
  }

  /** Of the mean loss by central differences. */
  double[] differences() {
    double[] gradient = differencesOfSum();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= data.size();
    }
    return gradient;
  }

  /**
   * Of the sum of the losses by central differences, {@code (E(w + h) − E(w − h)) / 2h}, in double
   * precision: what the derivative is by definition, up to h².
   */
  double[] differencesOfSum() {
    double[] gradient = new double[w.length];
    float[] moved = w.clone();
    try (BackPropagation exact =
        new BackPropagation(network, loss, new ReferenceEngine(), data.size())) {
      fill(exact);
      for (int i = 0; i < w.length; i++) {
        float above = w[i] + STEP;
        float below = w[i] - STEP;
        moved[i] = above;
        double lossAbove = error(exact, moved);
        moved[i] = below;
        double lossBelow = error(exact, moved);
        moved[i] = w[i];
        // As far as the two are apart once rounded.
        gradient[i] = (lossAbove - lossBelow) / ((double) above - below);
      }
    }
    return gradient;
  }

  private double error(BackPropagation exact, float[] parameters) {
    exact.setParameters(parameters);
    exact.clear();
    exact.error(data.size());
    return exact.loss();
  }

  /** By the formula, (1/N) Σ x δᵀ with the δ of this activation and loss, in double precision. */
  double[] formula() {
    int n = data.size();
    int in = network.inputs();
    int units = network.outputs();
    double[] gradient = new double[w.length];
    for (int i = 0; i < n; i++) {
      float[] x = data.inputs()[i];
      double[] signals = new double[units];
      for (int j = 0; j < units; j++) {
        signals[j] = w[in * units + j];
        for (int k = 0; k < in; k++) {
          signals[j] += (double) w[k * units + j] * x[k];
        }
      }
      double[] answers = activated(signals);
      for (int j = 0; j < units; j++) {
        double delta = delta(answers[j], data.targets()[i][j]);
        for (int k = 0; k < in; k++) {
          gradient[k * units + j] += delta * x[k] / n;
        }
        gradient[in * units + j] += delta / n;
      }
    }
    return gradient;
  }

  private double[] activated(double[] s) {
    double[] answers = new double[s.length];
    double sum = 0;
    for (double signal : s) {
      sum += Math.exp(signal);
    }
    for (int j = 0; j < s.length; j++) {
      answers[j] =
          switch (network.outputActivation().function()) {
            case LINEAR -> s[j];
            case SIGMOID -> 1 / (1 + Math.exp(-s[j]));
            case SOFTMAX -> Math.exp(s[j]) / sum;
            default -> throw new IllegalStateException(network.toString());
          };
    }
    return answers;
  }

  /** ŷ − y; for squared errors times θ′(s), and 2 where there is no ½. */
  private double delta(double answer, double y) {
    double derivative =
        switch (network.outputActivation().function()) {
          case SIGMOID -> answer * (1 - answer);
          default -> 1;
        };
    return switch (loss) {
      case MEAN_SQUARED_ERROR -> 2 * (answer - y) * derivative;
      case HALF_SQUARED_ERROR -> (answer - y) * derivative;
      case BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY -> answer - y;
    };
  }

  /** How far apart two gradients are: ‖a − b‖ / ‖b‖. */
  static double apart(double[] a, double[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(difference / size);
  }

  static double norm(double[] a) {
    double sum = 0;
    for (double number : a) {
      sum += number * number;
    }
    return Math.sqrt(sum);
  }
}
