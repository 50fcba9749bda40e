package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import minilote.trainer.math.Engine;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.math.ReferenceEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two networks of textbooks, every named quantity. The values come from {@code worked_examples.py}
 * beside this test's resources: the formulas written out one number at a time in 50-digit decimals,
 * each derivative checked there against a central difference.
 */
class WorkedExamplesTest {
  static List<Engine> engines() {
    return List.of(PortableEngine.create(), new ReferenceEngine());
  }

  private static void assertValues(String name, float[] found, int from, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[from + i], 3e-7, name + "[" + i + "]");
    }
  }

  private static void put(float[] to, double... values) {
    for (int i = 0; i < values.length; i++) {
      to[i] = (float) values[i];
    }
  }

  /** One hidden layer of sigmoid units, a linear output, no bias, E = ½ Σ (y − ŷ)². */
  @ParameterizedTest
  @MethodSource("engines")
  void regression_oneHiddenLayer_isAsByHand(Engine engine) {
    Network network =
        Network.of(NetworkDescription.parse("dense 3 sigmoid, dense 1 linear"), List.of(2));
    try (BackPropagation b = new BackPropagation(network, Loss.HALF_SQUARED_ERROR, engine, 3)) {
      float[] w = new float[network.parameterCount()];
      put(w, 0.1, -0.4, 0.7, 0.5, 0.3, -0.2, /* b1 */ 0, 0, 0, 0.6, -0.1, 0.8, /* b2 */ 0);
      b.setParameters(w);
      put(b.inputs(), 0.3, 1, 0.5, 0.2, 1, 0.4);
      put(b.targets(), 0.75, 0.82, 0.93);
      b.clear();
      b.errorAndGradient(3);

      assertValues("z2", b.signals(1), 0, 0.53, 0.18, 0.01, 0.15, -0.14, 0.31, 0.3, -0.28, 0.62);
      assertValues(
          "a2",
          b.outputs(1),
          0,
          0.629483111967,
          0.544878892374,
          0.502499979167,
          0.537429845344,
          0.465057054842,
          0.576885261132,
          0.574442516812,
          0.430453776061,
          0.650218548574);
      assertValues("z3", b.signals(2), 0, 0.725201961277, 0.737460410628, 0.821794971340);
      assertValues("ŷ", b.outputs(), 0, 0.725201961277, 0.737460410628, 0.821794971340);
      assertValues("δ3", b.deltas(2), 0, -0.024798038723, -0.082539589372, -0.108205028660);
      assertValues(
          "δ2",
          b.deltas(1),
          0,
          -0.003470249299,
          0.000614956358,
          -0.004959483757,
          -0.012311555958,
          0.002053411573,
          -0.016117581990,
          -0.015870971174,
          0.002652790436,
          -0.019687635548);
      assertValues(
          "∂E/∂W1",
          b.gradient(),
          0,
          -0.023067823942,
          0.003863983130,
          -0.029234271671,
          -0.012280948960,
          0.002086754847,
          -0.016058054374);
      assertValues("∂E/∂W2", b.gradient(), 9, -0.122126754333, -0.098474809389, -0.130433803194);
      assertEquals(0.009568027383, b.loss(), 1e-8);
    }
  }

  /** tanh, sigmoid, sigmoid output, biases, binary cross-entropy; the 1/N of the mean by hand. */
  @ParameterizedTest
  @MethodSource("engines")
  void classification_twoHiddenLayers_isAsByHand(Engine engine) {
    Network network =
        Network.of(
            NetworkDescription.parse("dense 3 tanh, dense 2 sigmoid, dense 1 sigmoid"), List.of(2));
    try (BackPropagation b = new BackPropagation(network, Loss.BINARY_CROSS_ENTROPY, engine, 2)) {
      float[] w = new float[network.parameterCount()];
      put(
          w, 0.2, -0.5, 0.9, 0.4, 0.1, -0.3, /* b1 */ 0.1, 0.2, -0.1, /* W2 */ 0.3, -0.8, -0.6, 0.5,
          0.7, 0.2, /* b2 */ -0.2, 0.05, /* U */ 1.1, -0.7, /* c */ 0.15);
      b.setParameters(w);
      put(b.inputs(), 0.5, -1.2, 1.5, 0.3);
      put(b.targets(), 1, 0);
      b.clear();
      b.errorAndGradient(2);

      assertValues("u1", b.signals(1), 0, -0.28, -0.17, 0.71, 0.52, -0.52, 1.16);
      assertValues(
          "h1",
          b.outputs(1),
          0,
          -0.272905080563,
          -0.168381045871,
          0.610676832817,
          0.477700012168,
          -0.477700012168,
          0.821039881333);
      assertValues(
          "u2", b.signals(2), 0, 0.246630886325, 0.306268908078, 0.804657927885, -0.406802039552);
      assertValues(
          "h2", b.outputs(2), 0, 0.561347074218, 0.575974283646, 0.690969974369, 0.399679179393);
      assertValues("u3", b.signals(3), 0, 0.364299783088, 0.630291546230);
      assertValues("ŷ", b.outputs(), 0, 0.590080890349, 0.652555566476);

      assertValues("∂L/∂u3", mean(b.deltas(3)), 0, -0.204959554826, 0.326277783238);
      assertValues(
          "∂L/∂u2",
          mean(b.deltas(2)),
          0,
          -0.055515383990,
          0.035039790342,
          0.076637272847,
          -0.054799989347);
      assertValues(
          "∂L/∂u1",
          mean(b.deltas(1)),
          0,
          -0.041358326745,
          0.049388009220,
          -0.019974063248,
          0.051580479913,
          -0.056636702212,
          0.013911120855);
      float[] g = mean(b.gradient());
      assertValues(
          "∂L/∂W1",
          g,
          0,
          0.056691556497,
          -0.060261048709,
          0.010879649659,
          0.065104136068,
          -0.076256621728,
          0.028142212155);
      assertValues("∂L/∂b1", g, 6, 0.010222153168, -0.007248692992, -0.006062942393);
      assertValues(
          "∂L/∂W2",
          g,
          9,
          0.051760056512,
          -0.035740492384,
          -0.027261887754,
          0.020277919033,
          0.029020298537,
          -0.023594988562);
      assertValues("∂L/∂b2", g, 15, 0.021121888858, -0.019760199005);
      assertValues("∂L/∂U", g, 17, 0.110394705087, 0.012355003892);
      assertValues("∂L/∂c", g, 19, 0.121318228412);
      assertEquals(0.792323089743, b.loss() / 2, 1e-7);
      assertEquals(1, b.correct()); // 0.59 is above ½ as it should be, 0.65 is not below
    }
  }

  /** Divided by the N = 2 of the mean. */
  private static float[] mean(float[] sums) {
    float[] means = sums.clone();
    for (int i = 0; i < means.length; i++) {
      means[i] /= 2;
    }
    return means;
  }
}
