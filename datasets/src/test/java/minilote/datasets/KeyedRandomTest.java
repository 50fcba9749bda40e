package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  @Test
  void mix_counterFromZero_isSplitMix64() {
    // The first three outputs of SplitMix64 seeded with 0, as its authors' reference gives them.
    long gamma = 0x9E3779B97F4A7C15L;
    assertEquals(0xE220A8397B1DCDAFL, KeyedRandom.mix(gamma));
    assertEquals(0x6E789E6AA1B965F4L, KeyedRandom.mix(2 * gamma));
    assertEquals(0x06C45D188009454FL, KeyedRandom.mix(3 * gamma));
  }

  @Test
  void of_anyKeyChanged_givesAnotherSequence() {
    Set<Long> firsts = new HashSet<>();
    int made = 0;
    for (long seed = 0; seed < 10; seed++) {
      for (String purpose : new String[] {"", "a", "b", "ab"}) {
        for (long[] keys : new long[][] {{}, {0}, {1}, {0, 0}, {0, 1}, {1, 0}, {-1}}) {
          firsts.add(KeyedRandom.of(seed, purpose, keys).nextLong());
          made++;
        }
      }
    }
    assertEquals(made, firsts.size());
    assertEquals(KeyedRandom.of(1, "a", 2, 3).nextLong(), KeyedRandom.of(1, "a", 2, 3).nextLong());
    assertNotEquals(
        KeyedRandom.of(1, "a", 2, 3).nextLong(), KeyedRandom.of(1, "a", 3, 2).nextLong());
  }

  @Test
  void bits_ofAKey_areSplitMix64StartedWithIt() {
    assertEquals(0xE220A8397B1DCDAFL, KeyedRandom.bits(0, 0));
    assertEquals(0x6E789E6AA1B965F4L, KeyedRandom.bits(0, 1));
    assertEquals(0x06C45D188009454FL, KeyedRandom.bits(0, 2));
  }

  @Test
  void derive_anyKeyAndValue_givesAnotherKey() {
    Set<Long> derived = new HashSet<>();
    for (long key = -50; key < 50; key++) {
      for (long value = -50; value < 50; value++) {
        derived.add(KeyedRandom.derive(key, value));
      }
    }
    assertEquals(100 * 100, derived.size());
  }

  @Test
  void below_anyBound_isAProportionOfTheUpperHalf() {
    assertEquals(0, KeyedRandom.below(9, 0));
    assertEquals(8, KeyedRandom.below(9, -1));
    assertEquals(0, KeyedRandom.below(2, Long.MAX_VALUE));
    assertEquals(1, KeyedRandom.below(2, Long.MIN_VALUE));
    assertEquals(4, KeyedRandom.below(9, Long.MIN_VALUE));
    assertEquals(Integer.MAX_VALUE - 1, KeyedRandom.below(Integer.MAX_VALUE, -1));
  }

  @Test
  void nextInt_smallBounds_isUniform() {
    for (int bound : new int[] {1, 2, 3, 10, 1000}) {
      KeyedRandom random = KeyedRandom.of(7, "ints", bound);
      int draws = 200 * bound + 20_000;
      int[] counts = new int[bound];
      for (int i = 0; i < draws; i++) {
        counts[random.nextInt(bound)]++;
      }
      double expected = (double) draws / bound;
      double chiSquared = 0;
      for (int count : counts) {
        chiSquared += (count - expected) * (count - expected) / expected;
      }
      double freedom = bound - 1;
      assertTrue(chiSquared <= freedom + 6 * Math.sqrt(2 * freedom), bound + ": χ² " + chiSquared);
    }
  }

  @Test
  void nextInt_largestBound_staysBelowIt() {
    KeyedRandom random = KeyedRandom.of(7, "ints");
    boolean upperHalf = false;
    for (int i = 0; i < 1000; i++) {
      int value = random.nextInt(Integer.MAX_VALUE);
      assertTrue(value >= 0 && value < Integer.MAX_VALUE);
      upperHalf |= value > Integer.MAX_VALUE / 2;
    }
    assertTrue(upperHalf);
    assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
  }

  @Test
  void nextFloatAndDouble_manyDraws_haveTheMomentsOfTheUniform() {
    KeyedRandom random = KeyedRandom.of(8, "uniform");
    int n = 100_000;
    double sumF = 0;
    double sumD = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      float f = random.nextFloat();
      double d = random.nextDouble();
      assertTrue(f >= 0 && f < 1 && d >= 0 && d < 1);
      sumF += f;
      sumD += d;
      squares += d * d;
    }
    double tolerance = 6 * Math.sqrt(1.0 / 12 / n);
    assertEquals(0.5, sumF / n, tolerance);
    assertEquals(0.5, sumD / n, tolerance);
    assertEquals(1.0 / 3, squares / n, tolerance);
  }

  @Test
  void nextGaussian_manyDraws_hasTheMomentsOfTheNormal() {
    KeyedRandom random = KeyedRandom.of(9, "normal");
    int n = 200_000;
    double[] moments = new double[5];
    int within1 = 0;
    for (int i = 0; i < n; i++) {
      double x = random.nextGaussian();
      for (int k = 1; k <= 4; k++) {
        moments[k] += Math.pow(x, k) / n;
      }
      within1 += Math.abs(x) < 1 ? 1 : 0;
    }
    double sigma = 1 / Math.sqrt(n);
    assertEquals(0, moments[1], 6 * sigma);
    assertEquals(1, moments[2], 6 * Math.sqrt(2) * sigma);
    assertEquals(0, moments[3], 6 * Math.sqrt(15) * sigma);
    assertEquals(3, moments[4], 6 * Math.sqrt(96) * sigma);
    assertEquals(0.6826894921, within1 / (double) n, 6 * Math.sqrt(0.217) * sigma);
  }

  @Test
  void of_fixedKeys_neverChanges() {
    // The initial weights of every run that was ever started depend on these numbers, which an
    // independent implementation (in Python, from the class comment) gave.
    KeyedRandom random = KeyedRandom.of(42, "initialization", 1, 2);
    assertEquals(5922350812722457704L, random.nextLong());
    assertEquals(25, random.nextInt(1000));
    assertEquals(0.0001360178f, random.nextFloat());
    assertEquals(0.05988459240642896, random.nextDouble());
    assertEquals(3.305632465203057, random.nextGaussian(), 1e-14);
    assertEquals(-0.023297541323529073, random.nextGaussian(), 1e-14);
  }
}
