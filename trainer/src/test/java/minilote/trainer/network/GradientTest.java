package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Engines;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;
import org.junit.jupiter.api.Test;

/**
 * Gradients against central differences of the loss, for every activation of the hidden layers ×
 * every loss with every activation it may have before it × 1 to 4 layers, on random shapes.
 *
 * <p>The differences are taken in double precision by the same layers on the reference engine, with
 * the five-point formula. The gradient of the reference engine must agree to 1e-7, that of the fast
 * engines to 1e-4, each tensor by itself: ‖difference‖ / ‖gradient‖ in the Euclidean norm.
 *
 * <p>relu and elu have a kink at 0, where no derivative is. A network one of whose signals comes
 * nearer to 0 than {@value #KINK} is drawn again; how often is limited.
 */
class GradientTest {
  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.LINEAR,
          Activation.SIGMOID,
          Activation.TANH,
          Activation.RELU,
          Activation.elu(1),
          Activation.elu(0.5f),
          Activation.SOFTMAX);

  private static final double STEP = 1e-3;
  private static final double KINK = 0.02;

  /** Of a difference quotient: the rounding of the losses over the step. */
  private static final double NOISE = 2e-11;

  /** Of a sum in floats: terms near 1 may cancel, and keep their roundings. */
  private static final double FLOAT_NOISE = 2e-7;

  private static final int SHAPES = 3;

  private int quotients;
  private int redrawn;
  private int drowned;
  private double worstReference;
  private double worstInFloats;

  @Test
  void gradients_everyActivationLossAndDepth_agreeWithCentralDifferences() {
    Random random = new Random(20);
    int combinations = 0;
    for (Loss loss : Loss.values()) {
      for (Activation last : ACTIVATIONS) {
        if (!allowed(loss, last)) {
          continue;
        }
        for (int depth = 1; depth <= 4; depth++) {
          for (Activation hidden : depth == 1 ? List.of(Activation.LINEAR) : ACTIVATIONS) {
            for (int shape = 0; shape < SHAPES; shape++) {
              check(loss, last, hidden, depth, random);
            }
            combinations++;
          }
        }
      }
    }
    // mse and half-mse with 7 activations, bce and cce with 1: 16 ends; 1 + 3 · 7 of each.
    assertEquals(16 * 22, combinations);
    System.out.printf(
        "gradients: %d combinations, %d networks, %d derivatives; largest relative difference %.1e in"
            + " double, %.1e in float; %d networks drawn again because of kinks%n",
        combinations, combinations * SHAPES, quotients, worstReference, worstInFloats, redrawn);
    assertTrue(quotients > 20_000, quotients + " derivatives were compared");
    assertTrue(redrawn < 5 * combinations * SHAPES, redrawn + " networks were drawn again");
    assertTrue(drowned < 100, drowned + " tensors were too small for the quotient's noise");
  }

  private static boolean allowed(Loss loss, Activation last) {
    return switch (loss) {
      case MEAN_SQUARED_ERROR, HALF_SQUARED_ERROR -> true;
      case BINARY_CROSS_ENTROPY -> last.function() == ActivationFunction.SIGMOID;
      case CATEGORICAL_CROSS_ENTROPY -> last.function() == ActivationFunction.SOFTMAX;
    };
  }

  /** A network, its parameters and its examples. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(Network network, Loss loss, float[] w, float[] x, float[] y, int rows) {
    BackPropagation on(Engine engine, int maxRows) {
      BackPropagation b = new BackPropagation(network, loss, engine, maxRows);
      b.setParameters(w);
      return b;
    }

    /** Block by block; the last one may be smaller. */
    double error(BackPropagation b, int maxRows, boolean gradient) {
      b.clear();
      for (int from = 0; from < rows; from += maxRows) {
        int count = Math.min(maxRows, rows - from);
        int in = network.inputs();
        int out = network.outputs();
        System.arraycopy(x, from * in, b.inputs(), 0, count * in);
        System.arraycopy(y, from * out, b.targets(), 0, count * out);
        if (gradient) {
          b.errorAndGradient(count);
        } else {
          b.error(count);
        }
      }
      return b.loss();
    }
  }

  private void check(Loss loss, Activation last, Activation hidden, int depth, Random random) {
    Case first = draw(loss, last, hidden, depth, random);
    while (nearKink(first)) {
      redrawn++;
      first = draw(loss, last, hidden, depth, random);
    }
    Case example = first;
    int maxRows = 1 + random.nextInt(Math.max(1, example.rows()));
    ReferenceEngine reference = new ReferenceEngine();
    BackPropagation exact = example.on(reference, maxRows);

    double error = example.error(exact, maxRows, true);
    String what = loss + " of " + example.network() + ", " + example.rows() + " rows: ";
    double[] gradient = new double[example.w().length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = reference.get(exact.gradientNumbers(), i);
    }
    List<float[]> inFloats =
        Engines.best().map(engine -> gradient(example, engine, maxRows, error, what)).toList();

    Numbers w = exact.parameterNumbers();
    for (ParameterTensor tensor : example.network().tensors()) {
      double norm = 0;
      double inDouble = 0;
      double[] quotient = new double[tensor.length()];
      for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
        double q = quotient(example, exact, maxRows, reference, w, i);
        quotient[i - tensor.offset()] = q;
        norm += q * q;
        inDouble += square(gradient[i] - q);
        quotients++;
      }
      norm = Math.sqrt(norm);
      double noise = NOISE * Math.sqrt(tensor.length());
      if (1e-7 * norm < noise) {
        drowned += norm > 0 ? 1 : 0;
      } else {
        worstReference = Math.max(worstReference, Math.sqrt(inDouble) / norm);
      }
      assertTrue(
          Math.sqrt(inDouble) <= 1e-7 * norm + noise,
          what + tensor.name() + " in double: " + Math.sqrt(inDouble) + " of " + norm);
      for (float[] floats : inFloats) {
        double inFloat = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
          inFloat += square(floats[i] - quotient[i - tensor.offset()]);
        }
        if (1e-7 * norm >= noise) {
          worstInFloats = Math.max(worstInFloats, Math.sqrt(inFloat) / norm);
        }
        assertTrue(
            Math.sqrt(inFloat) <= 1e-4 * norm + FLOAT_NOISE,
            what + tensor.name() + " in float: " + Math.sqrt(inFloat) + " of " + norm);
      }
    }
  }

  private static float[] gradient(
      Case example, Engine engine, int maxRows, double error, String what) {
    try (BackPropagation b = example.on(engine, maxRows)) {
      assertEquals(
          error, example.error(b, maxRows, true), 1e-5 * Math.max(1, error), what + "loss");
      return b.gradient().clone();
    }
  }

  private static double square(double x) {
    return x * x;
  }

  /** (8 (E(w+h) − E(w−h)) − (E(w+2h) − E(w−2h))) / 12h, whose error is of order h⁴. */
  private static double quotient(
      Case example,
      BackPropagation exact,
      int maxRows,
      ReferenceEngine reference,
      Numbers w,
      int i) {
    double value = reference.get(w, i);
    double[] error = new double[4];
    double[] steps = {-2, -1, 1, 2};
    for (int k = 0; k < steps.length; k++) {
      reference.set(w, i, value + steps[k] * STEP);
      error[k] = example.error(exact, maxRows, false);
    }
    reference.set(w, i, value);
    return (8 * (error[2] - error[1]) - (error[3] - error[0])) / (12 * STEP);
  }

  private static Case draw(
      Loss loss, Activation last, Activation hidden, int depth, Random random) {
    List<LayerDescription> layers = new ArrayList<>();
    for (int layer = 1; layer < depth; layer++) {
      layers.add(new DenseDescription(units(hidden, random), hidden));
    }
    layers.add(new DenseDescription(units(last, random), last));
    Network network = Network.of(new NetworkDescription(layers), List.of(1 + random.nextInt(4)));
    float[] w =
        network.initialize(
            new Initialization(Initialization.Weights.NORMAL, true), random.nextLong());
    int rows = random.nextInt(7);
    float[] x = new float[rows * network.inputs()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return new Case(network, loss, w, x, targets(loss, network.outputs(), rows, random), rows);
  }

  private static int units(Activation activation, Random random) {
    return (activation.function() == ActivationFunction.SOFTMAX ? 2 : 1) + random.nextInt(4);
  }

  private static float[] targets(Loss loss, int outputs, int rows, Random random) {
    float[] y = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      int label = random.nextInt(outputs);
      for (int j = 0; j < outputs; j++) {
        y[row * outputs + j] =
            switch (loss) {
              case MEAN_SQUARED_ERROR, HALF_SQUARED_ERROR -> (float) random.nextGaussian();
              case BINARY_CROSS_ENTROPY -> random.nextInt(5) / 4f; // also soft labels
              case CATEGORICAL_CROSS_ENTROPY -> j == label ? 1 : 0;
            };
      }
    }
    return y;
  }

  private static boolean nearKink(Case example) {
    if (example.rows() == 0) {
      return false;
    }
    BackPropagation b = example.on(new ReferenceEngine(), example.rows());
    example.error(b, example.rows(), false);
    List<LayerDescription> layers = example.network().description().layers();
    for (int layer = 1; layer <= layers.size(); layer++) {
      ActivationFunction function = layers.get(layer - 1).activation().function();
      if (function == ActivationFunction.RELU || function == ActivationFunction.ELU) {
        for (float s : b.signals(layer)) {
          if (Math.abs(s) < KINK) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
