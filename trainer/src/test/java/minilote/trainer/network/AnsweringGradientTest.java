package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Engines;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of the loss of a network that answers: of {@link BackPropagation#error(int)}. */
class AnsweringGradientTest {
  private static final int ROWS = 11;
  private static final int BLOCK = 4;
  private static final double STEP = 1e-4;

  /** A network with its numbers; running statistics are none that its examples would give. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(Network network, float[] w, float[] x, float[] y) {
    static Case of(String words) {
      Network network = Network.of(NetworkDescription.parse(words), List.of(2, 4, 4));
      Random random = new Random(5);
      float[] w = network.initialize(Initialization.AUTO, 3);
      for (ParameterTensor tensor : network.tensors()) {
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          w[i] +=
              (float)
                  (tensor.role() == ParameterTensor.Role.RUNNING_VARIANCE
                      ? random.nextDouble()
                      : 0.3 * random.nextGaussian());
        }
      }
      float[] x = new float[ROWS * network.inputs()];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      float[] y = new float[ROWS * network.outputs()];
      for (int row = 0; row < ROWS; row++) {
        y[row * network.outputs() + random.nextInt(network.outputs())] = 1;
      }
      return new Case(network, w, x, y);
    }

    BackPropagation on(Engine engine) {
      BackPropagation b =
          new BackPropagation(network, Loss.CATEGORICAL_CROSS_ENTROPY, engine, BLOCK);
      b.setParameters(w);
      return b;
    }

    double error(BackPropagation b, boolean gradient) {
      b.clear();
      for (int from = 0; from < ROWS; from += BLOCK) {
        int count = Math.min(BLOCK, ROWS - from);
        System.arraycopy(x, from * network.inputs(), b.inputs(), 0, count * network.inputs());
        System.arraycopy(y, from * network.outputs(), b.targets(), 0, count * network.outputs());
        if (gradient) {
          b.errorAndGradientAnswering(count);
        } else {
          b.error(count);
        }
      }
      return b.loss();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense 6 tanh, dropout 0.5, dense 3 softmax",
        "dense 6, batchnorm tanh, dropout 0.4, dense 5, batchnorm tanh, dense 3 softmax",
        "conv 3 3x3 bias none, batchnorm tanh, residual(conv 3 3x3 bias none, batchnorm) tanh,"
            + " max-pool 2x2, batchnorm, dense 3 softmax",
        "batchnorm whole, conv 4 3x3 tanh, dense 3 softmax"
      })
  void errorAndGradientAnswering_ofAnyLayer_agreesWithDifferencesOfError(String words) {
    Case given = Case.of(words);
    ReferenceEngine reference = new ReferenceEngine();
    BackPropagation exact = given.on(reference);
    double loss = given.error(exact, true);
    int trained = given.network().trainedCount();
    double[] gradient = new double[given.network().parameterCount()];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = reference.get(exact.gradientNumbers(), i);
    }
    for (int i = trained; i < gradient.length; i++) {
      assertEquals(0, gradient[i], "in a statistic's place");
    }
    assertEquals(loss, given.error(exact, false), "the loss is that of a network that answers");
    Numbers w = exact.parameterNumbers();
    double scale = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < trained; i++) {
      double at = reference.get(w, i);
      reference.set(w, i, at + STEP);
      double above = given.error(exact, false);
      reference.set(w, i, at - STEP);
      double below = given.error(exact, false);
      reference.set(w, i, at);
      assertEquals((above - below) / (2 * STEP), gradient[i], 2e-6 * scale, "parameter " + i);
    }
    Engines.best()
        .forEach(
            engine -> {
              try (BackPropagation b = given.on(engine)) {
                double inFloats = given.error(b, true);
                float[] found = b.gradient().clone();
                assertEquals(inFloats, given.error(b, false), "bit for bit");
                for (int i = 0; i < gradient.length; i++) {
                  assertEquals(gradient[i], found[i], 2e-5 * scale, "parameter " + i);
                }
              }
            });
  }

  /** What is learned afterwards is not changed by it. */
  @Test
  void errorAndGradient_afterAnAnsweringOne_isAsBefore() {
    Case example = Case.of("dense 6, batchnorm ghost 2 tanh, dense 3 softmax");
    Engines.best()
        .forEach(
            engine -> {
              try (BackPropagation b = example.on(engine)) {
                float[] first = learned(example, b);
                example.error(b, true);
                assertTrue(!Arrays.equals(first, b.gradient()), "another gradient");
                assertArrayEquals(first, learned(example, b));
              }
            });
  }

  private static float[] learned(Case example, BackPropagation b) {
    b.clear();
    System.arraycopy(example.x(), 0, b.inputs(), 0, BLOCK * example.network().inputs());
    System.arraycopy(example.y(), 0, b.targets(), 0, BLOCK * example.network().outputs());
    b.errorAndGradient(BLOCK);
    return b.gradient().clone();
  }
}
