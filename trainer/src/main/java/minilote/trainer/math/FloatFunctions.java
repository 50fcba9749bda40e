package minilote.trainer.math;

/**
 * The exponential and its kin over stretches of {@code float[]}, in additions, multiplications,
 * divisions and bit patterns alone. Those are exact by Java's definition, so that the results are
 * the same on every machine; {@link Math}'s intrinsics are not.
 *
 * <p>{@code e^x = 2^k e^r} with {@code k = round(x / ln 2)} and {@code |r| ≤ ln 2 / 2}; {@code e^r
 * − 1 = r + r² P(r)}, with P of degree 5 through the Chebyshev nodes (relative error 2·10⁻⁹). Up to
 * there floats serve; the power of two, the sums with 1 and the quotients are doubles, rounded once
 * at the end. The errors, over all floats, are below 1 unit in the last place, that of tanh below
 * 1.5.
 *
 * <p>The work is done block by block, in passes over short arrays, because the compiler turns such
 * passes into vector instructions: an element takes about a third of the time that it takes when
 * everything is done to it at once. Only the passes that go between floats, bits and doubles stay
 * scalar.
 *
 * <p>An instance is its scratch memory: one thread at a time.
 */
final class FloatFunctions {
  private static final int BLOCK = 1024;

  private static final float LOG2_E = 0x1.715476p0f;
  // ln 2 in two parts: the first has so few bits that k times it is exact.
  private static final float LN2_HIGH = 0x1.63p-1f;
  private static final float LN2_LOW = -0x1.bd0106p-13f;

  /** 1.5·2²³: what is added to it is rounded to an integer, which then lies in the lowest bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int DOUBLE_BIAS = 1023;
  private static final int DOUBLE_MANTISSA_BITS = 52;

  /** Beyond it e^x is no float but 0 or infinity, and all else has reached its limits. */
  private static final float MOST = 104;

  private final float[] s = new float[BLOCK]; // what is given
  private final float[] r = new float[BLOCK];
  private final float[] k = new float[BLOCK];
  private final double[] e = new double[BLOCK];

  /** {@code to = e^from}; the two may be the same stretch. */
  void exp(float[] from, int fromOffset, float[] to, int toOffset, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      int n = Math.min(BLOCK, count - done);
      System.arraycopy(from, fromOffset + done, r, 0, n);
      reduce(r, k, n);
      exponential(r, k, e, n);
      round(e, to, toOffset + done, n);
    }
  }

  /** {@code to = 1 / (1 + e^−from)}. */
  void sigmoid(float[] from, int fromOffset, float[] to, int toOffset, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      int n = Math.min(BLOCK, count - done);
      System.arraycopy(from, fromOffset + done, r, 0, n);
      negate(r, n);
      reduce(r, k, n);
      exponential(r, k, e, n);
      reciprocalOfOnePlus(e, n);
      round(e, to, toOffset + done, n);
    }
  }

  /** {@code to = tanh(from) = (e^2from − 1) / (e^2from + 1)}, an odd function to the last bit. */
  void tanh(float[] from, int fromOffset, float[] to, int toOffset, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      int n = Math.min(BLOCK, count - done);
      System.arraycopy(from, fromOffset + done, s, 0, n);
      twiceMagnitude(s, r, n);
      reduce(r, k, n);
      exponentialLessOne(r, k, e, n);
      overTwoPlusItself(e, n);
      roundWithSignOf(s, e, to, toOffset + done, n);
    }
  }

  /** {@code to = from} where positive, {@code alpha (e^from − 1)} elsewhere. */
  void elu(float alpha, float[] from, int fromOffset, float[] to, int toOffset, int count) {
    for (int done = 0; done < count; done += BLOCK) {
      int n = Math.min(BLOCK, count - done);
      System.arraycopy(from, fromOffset + done, s, 0, n);
      splitAtZero(s, r, n);
      reduce(r, k, n);
      exponentialLessOne(r, k, e, n);
      roundWeighted(alpha, e, s, to, toOffset + done, n);
    }
  }

  /**
   * Replaces x by {@code e^r − 1}, and writes {@code k + ROUNDER} into k. What is not a number
   * stays so.
   */
  private static void reduce(float[] x, float[] k, int n) {
    for (int i = 0; i < n; i++) {
      float v = Math.min(Math.max(x[i], -MOST), MOST);
      float rounded = v * LOG2_E + ROUNDER;
      float whole = rounded - ROUNDER;
      float r = (v - whole * LN2_HIGH) - whole * LN2_LOW;
      float p = 0x1.a12516p-13f;
      p = p * r + 0x1.6d434ep-10f;
      p = p * r + 0x1.1110ep-7f;
      p = p * r + 0x1.5554e8p-5f;
      p = p * r + 0x1.555556p-3f;
      p = p * r + 0.5f;
      x[i] = p * (r * r) + r;
      k[i] = rounded;
    }
  }

  /** {@code e = 2^k (1 + r)}. */
  private static void exponential(float[] r, float[] k, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      e[i] = power(k[i]) * (1.0 + r[i]);
    }
  }

  /** {@code e = 2^k (1 + r) − 1}, without losing the digits of a small r. */
  private static void exponentialLessOne(float[] r, float[] k, double[] e, int n) {
    for (int i = 0; i < n; i++) {
      double power = power(k[i]);
      e[i] = power * r[i] + (power - 1);
    }
  }

  /** 2^k of what {@link #reduce} wrote. */
  private static double power(float k) {
    int whole = Float.floatToRawIntBits(k) - ROUNDER_BITS;
    return Double.longBitsToDouble((long) (whole + DOUBLE_BIAS) << DOUBLE_MANTISSA_BITS);
  }

  private static void negate(float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = -x[i];
    }
  }

  private static void reciprocalOfOnePlus(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = 1 / (1 + x[i]);
    }
  }

  private static void twiceMagnitude(float[] s, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = 2 * Math.abs(s[i]);
    }
  }

  private static void overTwoPlusItself(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = x[i] / (2 + x[i]);
    }
  }

  /** Leaves the positive part in s, and writes the negative part into x. */
  private static void splitAtZero(float[] s, float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = Math.min(s[i], 0);
      s[i] = Math.max(s[i], 0);
    }
  }

  private static void round(double[] x, float[] to, int offset, int n) {
    for (int i = 0; i < n; i++) {
      to[offset + i] = (float) x[i];
    }
  }

  private static void roundWithSignOf(float[] s, double[] x, float[] to, int offset, int n) {
    for (int i = 0; i < n; i++) {
      int sign = Float.floatToRawIntBits(s[i]) & Integer.MIN_VALUE;
      to[offset + i] = Float.intBitsToFloat(Float.floatToRawIntBits((float) x[i]) | sign);
    }
  }

  private static void roundWeighted(
      float alpha, double[] x, float[] positive, float[] to, int offset, int n) {
    for (int i = 0; i < n; i++) {
      to[offset + i] = (float) (positive[i] + alpha * x[i]);
    }
  }

  /**
   * {@code ln(1 + z)} for {@code z ≥ 0} (a number), in double arithmetic, relative error below
   * 10⁻¹¹: once a row or an output, where speed matters less.
   *
   * <p>{@code 1 + z = 2^k m} with m within √½..√2, and {@code ln m = 2 artanh(u)}, {@code u = (m −
   * 1)/(m + 1)}; while k is 0, {@code u = z / (2 + z)} keeps the digits of a small z.
   */
  static double logOnePlus(double z) {
    double y = 1 + z;
    if (!(y < Double.POSITIVE_INFINITY)) {
      return y;
    }
    // The bits of √2 divide the mantissas that belong to one k from those of the next.
    long shifted = Double.doubleToRawLongBits(y) - Double.doubleToRawLongBits(Math.sqrt(0.5));
    long exponent = shifted >> 52;
    double u;
    if (exponent == 0) {
      u = z / (2 + z);
    } else {
      double m = Double.longBitsToDouble(Double.doubleToRawLongBits(y) - (exponent << 52));
      u = (m - 1) / (m + 1);
    }
    double u2 = u * u; // at most (3 − √8)² = 0.0295
    double series = 1.0 / 15;
    series = series * u2 + 1.0 / 13;
    series = series * u2 + 1.0 / 11;
    series = series * u2 + 1.0 / 9;
    series = series * u2 + 1.0 / 7;
    series = series * u2 + 1.0 / 5;
    series = series * u2 + 1.0 / 3;
    return exponent * 0.6931471805599453 + (2 * u + 2 * u * u2 * series);
  }
}
