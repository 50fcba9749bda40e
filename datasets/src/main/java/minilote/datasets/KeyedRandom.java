package minilote.datasets;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers that are a function of a seed, a purpose and some keys (an epoch, an example's id,
 * …), and of nothing else: not of a thread, a partition, a library's version or a machine.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, <i>Fast splittable pseudorandom number
 * generators</i>, OOPSLA 2014): a counter that grows by the golden ratio, through the finalizer
 * {@link #mix}. Its starting point absorbs seed, purpose, each key and the number of keys, one
 * after the other, each through the same finalizer. The algorithm is part of what a run's result
 * depends on: it must never change.
 *
 * <p>Not safe for several threads at once.
 */
public final class KeyedRandom {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private long state;
  private double spareGaussian = Double.NaN;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /** The generator of that seed, purpose and keys; other values of any of them give another one. */
  public static KeyedRandom of(long seed, String purpose, long... keys) {
    long state = mix(seed + GOLDEN_RATIO);
    state = absorb(state, hash(purpose));
    for (long key : keys) {
      state = absorb(state, key);
    }
    return new KeyedRandom(absorb(state, keys.length));
  }

  private static long absorb(long state, long value) {
    return mix(state ^ mix(value + GOLDEN_RATIO));
  }

  /**
   * The key that a key and a value give together: another one for another value. A purpose's value
   * is its {@link #hash}.
   */
  public static long derive(long key, long value) {
    return absorb(key, value);
  }

  /**
   * Random bits as a function of a random key, without an object: number {@code index} of those
   * that a generator which starts with the key would give.
   */
  public static long bits(long key, long index) {
    return mix(key + (index + 1) * GOLDEN_RATIO);
  }

  /**
   * A number from 0 to {@code bound − 1} out of 64 random bits; the probabilities differ by less
   * than 2⁻³².
   */
  public static int below(int bound, long bits) {
    return (int) (((bits >>> 32) * bound) >>> 32);
  }

  /** FNV-1a over the UTF-8 bytes, 64 bits. */
  public static long hash(String text) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }

  /** A bijection of 64-bit words that spreads each bit over all (Stafford's variant 13). */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** 64 random bits. */
  public long nextLong() {
    state += GOLDEN_RATIO;
    return mix(state);
  }

  /** Uniform over 0..bound−1, without bias. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a bound must be at least 1, not " + bound);
    }
    // The high word of (32 random bits) × bound is uniform once the few values of the low word are
    // thrown away that some results would have more of (Lemire 2019).
    long threshold = (1L << 32) % bound;
    while (true) {
      long product = (nextLong() >>> 32) * bound;
      if ((product & 0xFFFFFFFFL) >= threshold) {
        return (int) (product >>> 32);
      }
    }
  }

  /** Uniform over the multiples of 2⁻²⁴ in [0, 1). */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** Uniform over the multiples of 2⁻⁵³ in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Standard normal, by the method of Box and Muller; two values for every two draws. */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble())); // 1 − u is never 0
    double angle = 2 * StrictMath.PI * nextDouble();
    spareGaussian = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }
}
