package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Against StrictMath in double precision, whose error is below one unit of a double's last place.
 */
class FloatFunctionsTest {
  /** One of the functions over a stretch. */
  private interface Stretch {
    void apply(float[] from, int fromOffset, float[] to, int toOffset, int count);
  }

  private static final FloatFunctions FUNCTIONS = new FloatFunctions();
  private static final Stretch EXP = FUNCTIONS::exp;
  private static final Stretch SIGMOID = FUNCTIONS::sigmoid;
  private static final Stretch TANH = FUNCTIONS::tanh;
  private static final Stretch ELU =
      (from, fromOffset, to, toOffset, count) ->
          FUNCTIONS.elu(0.75f, from, fromOffset, to, toOffset, count);

  /** A prime, so that the last bits of what is tried vary. */
  private static final int EVERY = 1009;

  @Test
  void exp_allMagnitudesFromSubnormalToOverflow_isWithinOneUlp() {
    assertError(1, EXP, StrictMath::exp);
  }

  @Test
  void sigmoid_allMagnitudes_isWithinOneUlp() {
    assertError(1, SIGMOID, x -> 1 / (1 + StrictMath.exp(-x)));
  }

  @Test
  void tanh_allMagnitudes_isWithin16TenthsOfAnUlp() {
    assertError(1.6, TANH, StrictMath::tanh);
  }

  @Test
  void elu_allMagnitudes_isWithin16TenthsOfAnUlp() {
    assertError(1.6, ELU, x -> x > 0 ? x : 0.75 * StrictMath.expm1(x));
  }

  /** Every {@value #EVERY}th float, of either sign, infinities aside: 4.2 million. */
  private static void assertError(double most, Stretch stretch, DoubleUnaryOperator exact) {
    float[] x = new float[4096];
    float[] y = new float[x.length];
    double worst = 0;
    float at = 0;
    long tried = 0;
    int last = Float.floatToRawIntBits(Float.MAX_VALUE);
    for (int sign = 0; sign <= 1; sign++) {
      for (int bits = 0; bits <= last - EVERY; ) {
        int n = 0;
        for (; n < x.length && bits <= last - EVERY; n++, bits += EVERY) {
          x[n] = Float.intBitsToFloat(bits | sign << 31);
        }
        stretch.apply(x, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
          double error = ulps(exact.applyAsDouble(x[i]), y[i]);
          if (!(error <= worst)) {
            worst = error;
            at = x[i];
          }
        }
        tried += n;
      }
    }
    assertTrue(tried > 4_000_000);
    assertTrue(worst <= most, "error of " + worst + " ulp at " + at);
  }

  /** The distance in units of the last place of the right float. */
  private static double ulps(double exact, float computed) {
    float right = (float) exact;
    return Float.isInfinite(right)
        ? right == computed ? 0 : Double.POSITIVE_INFINITY
        : Math.abs(computed - exact) / Math.ulp(right);
  }

  @Test
  void all_extremes_areTheirLimits() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {-inf, -Float.MAX_VALUE, -0f, 0f, Float.MIN_VALUE, Float.MAX_VALUE, inf};
    assertValues(EXP, x, 0, 0, 1, 1, 1, inf, inf);
    assertValues(SIGMOID, x, 0, 0, 0.5f, 0.5f, 0.5f, 1, 1);
    assertValues(TANH, x, -1, -1, -0f, 0, Float.MIN_VALUE, 1, 1);
    assertValues(ELU, x, -0.75f, -0.75f, 0, 0, Float.MIN_VALUE, Float.MAX_VALUE, inf);
  }

  private static void assertValues(Stretch stretch, float[] x, float... expected) {
    float[] y = new float[x.length];
    stretch.apply(x, 0, y, 0, x.length);
    assertArrayEquals(expected, y);
  }

  @Test
  void all_notANumber_staysSo() {
    for (Stretch stretch : new Stretch[] {EXP, SIGMOID, TANH, ELU}) {
      float[] x = {Float.NaN, 1, Float.intBitsToFloat(0xffc12345)};
      stretch.apply(x, 0, x, 0, 3);
      assertTrue(Float.isNaN(x[0]) && !Float.isNaN(x[1]) && Float.isNaN(x[2]));
    }
  }

  @Test
  void tanh_negated_isNegatedToTheLastBit() {
    Random random = new Random(3);
    float[] x = new float[10_000];
    float[] negated = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = 12 * random.nextFloat();
      negated[i] = -x[i];
    }
    TANH.apply(x, 0, x, 0, x.length);
    TANH.apply(negated, 0, negated, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      assertEquals(-x[i], negated[i]);
    }
  }

  /** The same numbers anywhere in an array, in stretches of any length, in place or not. */
  @Test
  void all_offsetsAndLengths_giveTheSameBits() {
    Random random = new Random(4);
    float[] whole = new float[5000];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (float) (10 * random.nextGaussian());
    }
    int tried = 0;
    for (Stretch stretch : new Stretch[] {EXP, SIGMOID, TANH, ELU}) {
      float[] expected = new float[whole.length];
      stretch.apply(whole, 0, expected, 0, whole.length);
      for (int count : new int[] {0, 1, 2, 7, 16, 1023, 1024, 1025, 2048, 3001}) {
        int from = random.nextInt(whole.length - count);
        int to = random.nextInt(100);
        float[] result = new float[count + 200];
        stretch.apply(whole, from, result, to, count);
        for (int i = 0; i < result.length; i++) {
          boolean within = i >= to && i < to + count;
          assertEquals(within ? expected[from + i - to] : 0, result[i]);
        }
        float[] inPlace = whole.clone();
        stretch.apply(inPlace, from, inPlace, from, count);
        assertArrayEquals(
            Arrays.copyOfRange(expected, from, from + count),
            Arrays.copyOfRange(inPlace, from, from + count));
        tried++;
      }
    }
    assertEquals(40, tried);
  }

  @Test
  void logOnePlus_fromTinyToHuge_agreesWithStrictMath() {
    Random random = new Random(5);
    double worst = 0;
    for (int i = 0; i < 300_000; i++) {
      double z = StrictMath.pow(10, -40 + 80 * random.nextDouble());
      double exact = StrictMath.log1p(z);
      worst = Math.max(worst, Math.abs(FloatFunctions.logOnePlus(z) - exact) / exact);
    }
    assertTrue(worst < 1e-13, "relative error " + worst);
  }

  @Test
  void logOnePlus_extremes_areTheirLimits() {
    assertEquals(0, FloatFunctions.logOnePlus(0));
    assertEquals(1e-300, FloatFunctions.logOnePlus(1e-300));
    assertEquals(StrictMath.log(2), FloatFunctions.logOnePlus(1), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, FloatFunctions.logOnePlus(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(FloatFunctions.logOnePlus(Double.NaN)));
  }
}
