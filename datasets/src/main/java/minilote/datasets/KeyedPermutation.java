package minilote.datasets;

import java.util.Objects;

/**
 * A permutation of 0..n−1 that is computed, not stored: a function of seed, purpose, epoch and n,
 * with its inverse, at a cost that does not grow with n.
 *
 * <p>A balanced Feistel network permutes the numbers below the next power of four: each round
 * exchanges the two halves of a number's bits after adding to one of them a keyed function of the
 * other, which can be undone whatever the function is (Luby and Rackoff, <i>How to construct
 * pseudorandom permutations</i>, 1988). A result beyond n is permuted again until it falls below
 * it, which keeps the map a bijection of 0..n−1 (cycle walking; Black and Rogaway, <i>Ciphers with
 * arbitrary finite domains</i>, 2002); less than four rounds of the network are expected.
 *
 * <p>Eight rounds, where four are proven enough for large halves: small halves mix less in each.
 * For the same reason no network is narrower than 2 × 4 bits; that costs small n some more walking,
 * of which they need little.
 *
 * <p>Immutable; safe for any number of threads. The algorithm is part of what a run's result
 * depends on: it must never change.
 */
public final class KeyedPermutation {
  private static final int ROUNDS = 8;
  private static final int MIN_HALF_BITS = 4;

  private final long n;
  private final int halfBits;
  private final long mask;
  private final long[] roundKeys = new long[ROUNDS];

  /**
   * @param n how many numbers are permuted, 0..2⁶²
   */
  public KeyedPermutation(long seed, String purpose, long epoch, long n) {
    if (n < 0 || n > 1L << 62) {
      throw new IllegalArgumentException("a permutation needs 0 to 2^62 elements, not " + n);
    }
    this.n = n;
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(n, 1) - 1);
    this.halfBits = Math.max(MIN_HALF_BITS, (bits + 1) / 2);
    this.mask = (1L << halfBits) - 1;
    KeyedRandom random = KeyedRandom.of(seed, purpose, epoch, n);
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = random.nextLong();
    }
  }

  public long size() {
    return n;
  }

  /** The position, 0..n−1, of the element of that rank. */
  public long apply(long rank) {
    long value = Objects.checkIndex(rank, n);
    do {
      long left = value >>> halfBits;
      long right = value & mask;
      for (int round = 0; round < ROUNDS; round++) {
        long next = left ^ (KeyedRandom.mix(right ^ roundKeys[round]) & mask);
        left = right;
        right = next;
      }
      value = left << halfBits | right;
    } while (value >= n);
    return value;
  }

  /** The rank, 0..n−1, of the element at that position: {@code invert(apply(rank)) == rank}. */
  public long invert(long position) {
    long value = Objects.checkIndex(position, n);
    do {
      long left = value >>> halfBits;
      long right = value & mask;
      for (int round = ROUNDS - 1; round >= 0; round--) {
        long previous = right ^ (KeyedRandom.mix(left ^ roundKeys[round]) & mask);
        right = left;
        left = previous;
      }
      value = left << halfBits | right;
    } while (value >= n);
    return value;
  }
}
