package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyedPermutationTest {
  private static KeyedPermutation permutation(long seed, long epoch, long n) {
    return new KeyedPermutation(seed, "epoch", epoch, n);
  }

  @Test
  void apply_everySize_isABijectionWithItsInverse() {
    KeyedRandom random = KeyedRandom.of(1, "sizes");
    int[] sizes =
        IntStream.concat(
                IntStream.rangeClosed(0, 300),
                IntStream.concat(
                    IntStream.of(1023, 1024, 1025, 4095, 4096, 4097, 50_000, 65_536, 65_537),
                    IntStream.range(0, 40).map(i -> 1 + random.nextInt(20_000))))
            .toArray();
    int cases = 0;
    for (int n : sizes) {
      KeyedPermutation permutation = permutation(random.nextLong(), n % 7, n);
      BitSet seen = new BitSet(n);
      for (int rank = 0; rank < n; rank++) {
        long position = permutation.apply(rank);
        assertTrue(position >= 0 && position < n, () -> "beyond " + n);
        seen.set((int) position);
        assertEquals(rank, permutation.invert(position));
        cases++;
      }
      assertEquals(n, seen.cardinality());
    }
    assertTrue(cases > 500_000, "cases: " + cases);
  }

  @Test
  void apply_largeSizes_staysInRangeAndInverts() {
    for (long n : new long[] {(1L << 40) - 1, 1L << 40, (1L << 40) + 1, 1L << 31, 1L << 62}) {
      KeyedPermutation permutation = permutation(5, 0, n);
      KeyedRandom random = KeyedRandom.of(n, "ranks");
      for (int i = 0; i < 2_000; i++) {
        long rank = Math.floorMod(random.nextLong(), n);
        long position = permutation.apply(rank);
        assertTrue(position >= 0 && position < n);
        assertEquals(rank, permutation.invert(position));
        assertEquals(rank, permutation.apply(permutation.invert(rank)));
      }
    }
  }

  @Test
  void apply_noElements_refusesAnyRank() {
    assertThrows(IndexOutOfBoundsException.class, () -> permutation(1, 1, 0).apply(0));
    assertThrows(IndexOutOfBoundsException.class, () -> permutation(1, 1, 10).apply(10));
    assertThrows(IndexOutOfBoundsException.class, () -> permutation(1, 1, 10).apply(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> permutation(1, 1, 10).invert(10));
    assertThrows(IllegalArgumentException.class, () -> permutation(1, 1, -1));
  }

  @Test
  void apply_otherKeys_givesOtherOrders() {
    long[] order = order(permutation(1, 0, 1000));
    assertArrayEquals(order, order(permutation(1, 0, 1000)));
    for (KeyedPermutation other :
        new KeyedPermutation[] {
          permutation(2, 0, 1000),
          permutation(1, 1, 1000),
          new KeyedPermutation(1, "validation", 0, 1000)
        }) {
      long[] otherOrder = order(other);
      long same = IntStream.range(0, 1000).filter(i -> order[i] == otherOrder[i]).count();
      // Two random orders of 1000 agree in one place on average; in 10 or more once in ten million.
      assertTrue(same < 10, () -> same + " places agree");
    }
  }

  private static long[] order(KeyedPermutation permutation) {
    return LongStream.range(0, permutation.size()).map(permutation::apply).toArray();
  }

  @Test
  void apply_threeElements_givesAllSixOrdersEquallyOften() {
    Map<String, Integer> counts = new HashMap<>();
    int draws = 60_000;
    for (int epoch = 0; epoch < draws; epoch++) {
      KeyedPermutation p = permutation(3, epoch, 3);
      counts.merge("" + p.apply(0) + p.apply(1) + p.apply(2), 1, Integer::sum);
    }
    assertEquals(6, counts.size());
    // χ² with 5 degrees of freedom is above 30 once in 70,000.
    assertTrue(chiSquared(counts.values().stream().mapToInt(i -> i).toArray(), draws) < 30);
  }

  @Test
  void apply_manyEpochs_bringsEachRankToEachPositionEquallyOften() {
    int n = 37;
    int draws = 20_000;
    int[] counts = new int[n * n];
    for (int epoch = 0; epoch < draws; epoch++) {
      KeyedPermutation p = permutation(11, epoch, n);
      for (int rank = 0; rank < n; rank++) {
        counts[rank * n + (int) p.apply(rank)]++;
      }
    }
    double chiSquared = chiSquared(counts, (long) n * draws);
    // 36² degrees of freedom: mean 1296, deviation √(2·1296) = 51.
    assertTrue(chiSquared > 1296 - 6 * 51 && chiSquared < 1296 + 6 * 51, "χ² " + chiSquared);
  }

  @Test
  void apply_neighbours_areIndependent() {
    // Of neighbouring ranks, half go up; the correlation of their positions is 0 within 6/√n.
    int n = 100_000;
    KeyedPermutation p = permutation(17, 4, n);
    double sum = 0;
    int up = 0;
    for (int rank = 0; rank + 1 < n; rank++) {
      double a = p.apply(rank) / (double) n - 0.5;
      double b = p.apply(rank + 1) / (double) n - 0.5;
      sum += a * b;
      up += b > a ? 1 : 0;
    }
    double correlation = sum / n * 12;
    assertTrue(Math.abs(correlation) < 6 / Math.sqrt(n), "correlation " + correlation);
    // Ups and downs of a random order vary with deviation √(n/12).
    assertTrue(Math.abs(up - n / 2.0) < 6 * Math.sqrt(n / 12.0), "up " + up);
  }

  @Test
  void apply_fixedKeys_neverChanges() {
    // The order of every run that was ever started depends on these numbers, which an independent
    // implementation (in Python, from the class comment) gave.
    assertArrayEquals(new long[] {2, 0, 5, 6, 1, 3, 8, 9, 4, 7}, order(permutation(0, 0, 10)));
    assertEquals(43_086, permutation(42, 3, 50_000).apply(12_345));
    assertEquals(1_012_355_852_460L, permutation(42, 3, 1L << 40).apply(12_345));
  }

  private static double chiSquared(int[] counts, long total) {
    double expected = (double) total / counts.length;
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }
}
