package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cross-entropies at signals where the textbook's formula has the logarithm of 0, or no digits. */
class StableLossTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  private final Engine engine = PortableEngine.create();

  /** The loss of one row, and δ. */
  private double loss(ActivationFunction function, float[] signal, float[] target, float[] delta) {
    int units = signal.length;
    Numbers s = engine.allocate(units);
    Numbers x = engine.allocate(units);
    Numbers y = engine.allocate(units);
    Numbers d = engine.allocate(units);
    engine.load(s, signal);
    engine.load(y, target);
    engine.load(d, delta);
    engine.activate(function, 1, 1, units, s, x);
    return function == ActivationFunction.SIGMOID
        ? engine.binaryCrossEntropy(1, units, s, x, y, d)
        : engine.categoricalCrossEntropy(1, units, s, x, y, d);
  }

  private void assertBinary(float signal, float target, double expected, double expectedDelta) {
    float[] delta = new float[1];
    double loss =
        loss(ActivationFunction.SIGMOID, new float[] {signal}, new float[] {target}, delta);
    assertEquals(expected, loss, 1e-6 * expected + 1e-44, "loss at " + signal + " for " + target);
    assertEquals(expectedDelta, delta[0], 1e-7, "delta at " + signal + " for " + target);
  }

  @Test
  void binary_extremeSignals_areExact() {
    assertBinary(1e4f, 1, 0, 0);
    assertBinary(1e4f, 0, 1e4, 1);
    assertBinary(-1e4f, 0, 0, 0);
    assertBinary(-1e4f, 1, 1e4, -1);
    assertBinary(1e38f, 0.25f, 0.75e38, 0.75);
    assertBinary(-1e38f, 0.25f, 0.25e38, -0.25);
    assertBinary(INF, 1, 0, 0);
    assertBinary(INF, 0, Double.POSITIVE_INFINITY, 1);
    assertBinary(-INF, 0, 0, 0);
    assertBinary(-INF, 1, Double.POSITIVE_INFINITY, -1);
    assertBinary(0, 1, StrictMath.log(2), -0.5);
  }

  @Test
  void binary_anySignal_agreesWithSoftplus() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      float s =
          (float)
              ((random.nextBoolean() ? 1 : -1)
                  * StrictMath.pow(10, random.nextInt(8) - 4 + random.nextDouble()));
      float y = random.nextInt(4) == 0 ? random.nextFloat() : random.nextInt(2);
      // −y ln σ(s) − (1−y) ln σ(−s), with −ln σ(s) = ln(1 + e^−s) = max(−s, 0) + ln(1 + e^−|s|)
      double tail = StrictMath.log1p(StrictMath.exp(-Math.abs((double) s)));
      double exact =
          (y == 0 ? 0 : y * (Math.max(-s, 0) + tail))
              + (y == 1 ? 0 : (1.0 - y) * (Math.max(s, 0) + tail));
      assertBinary(s, y, exact, 1 / (1 + StrictMath.exp(-s)) - y);
    }
  }

  @Test
  void categorical_extremeSignals_areExact() {
    float[] delta = new float[3];
    float[] signal = {1e4f, -1e4f, 0};
    assertEquals(0, categorical(signal, 0, delta));
    assertDelta(delta, 0, 0, 0);
    assertEquals(2e4, categorical(signal, 1, delta), 1e-2);
    assertDelta(delta, 1, -1, 0);
    assertEquals(1e4, categorical(signal, 2, delta), 1e-2);
    assertEquals(StrictMath.log(3), categorical(new float[] {-1e4f, -1e4f, -1e4f}, 1, delta), 1e-6);
    assertEquals(StrictMath.log(3), categorical(new float[] {1e38f, 1e38f, 1e38f}, 1, delta), 1e-6);
    // An infinite signal takes all; two share.
    assertEquals(0, categorical(new float[] {INF, 5, 1}, 0, delta));
    assertDelta(delta, 0, 0, 0);
    assertEquals(Double.POSITIVE_INFINITY, categorical(new float[] {INF, 5, 1}, 1, delta));
    assertEquals(StrictMath.log(2), categorical(new float[] {INF, 5, INF}, 2, delta), 1e-6);
    assertEquals(StrictMath.log(2), categorical(new float[] {-INF, 5, 5}, 2, delta), 1e-6);
    assertDelta(delta, 0, 0.5, -0.5);
  }

  private double categorical(float[] signal, int label, float[] delta) {
    float[] target = new float[signal.length];
    target[label] = 1;
    return loss(ActivationFunction.SOFTMAX, signal.clone(), target, delta);
  }

  private static void assertDelta(float[] delta, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], delta[i], 1e-7);
    }
  }

  /** The loss of a confident, right answer is the sum of the other classes' shares: 10⁻¹⁰ here. */
  @Test
  void categorical_tinyLoss_keepsItsDigits() {
    float s = (float) StrictMath.log(1e-10);
    double expected = StrictMath.log1p(2 * StrictMath.exp(s));
    double found = categorical(new float[] {0, s, s}, 0, new float[3]);
    assertEquals(1, found / expected, 1e-6);
  }

  @Test
  void categorical_anySignal_agreesWithLogSumExp() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      int units = 2 + random.nextInt(9);
      double scale = StrictMath.pow(10, random.nextInt(7) - 3);
      float[] s = new float[units];
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < units; j++) {
        s[j] = (float) (scale * random.nextGaussian());
        most = Math.max(most, s[j]);
      }
      double sum = 0;
      for (float v : s) {
        sum += StrictMath.exp(v - most);
      }
      int label = random.nextInt(units);
      double exact = most - s[label] + StrictMath.log(sum);
      float[] delta = new float[units];
      assertEquals(exact, categorical(s, label, delta), 1e-6 * Math.max(1e-9, exact) + 2e-15);
      for (int j = 0; j < units; j++) {
        double share = StrictMath.exp(s[j] - most) / sum;
        assertEquals(share - (j == label ? 1 : 0), delta[j], 3e-7);
      }
    }
  }

  @Test
  void losses_notANumber_isNotHidden() {
    float nan = Float.NaN;
    assertTrue(Double.isNaN(categorical(new float[] {0, nan, 1}, 0, new float[3])));
    assertTrue(
        Double.isNaN(
            loss(ActivationFunction.SIGMOID, new float[] {nan}, new float[] {1}, new float[1])));
  }
}
