package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import minilote.trainer.network.StatisticsTree;

/**
 * What the lanes of other executors have measured of a batch, from when it comes until the exchange
 * that it belongs to takes it. An executor may be faster by an exchange, not by more: it needs the
 * other ones' own statistics. So there is room for an odd exchange and for an even one.
 *
 * <p>What comes from one executor comes in the order of exchanges, on one thread; it is taken once
 * {@link #haveAllCome all have come}.
 */
final class ComingStatistics {
  private final int[][] roots; // of each executor
  private final int me;
  private final int mostBytes;
  private final AtomicLongArray come; // exchanges, by executor
  private final double[][][] values = new double[2][][]; // even and odd, by executor

  /**
   * Before the first exchange.
   *
   * @param roots of each executor, the nodes of the tree that its statistics are for
   * @param me the executor that they come to
   * @param channels the most of a node, a pair of numbers each; 0 where nothing comes
   */
  ComingStatistics(int[][] roots, int me, int channels) {
    this.roots = roots;
    this.me = me;
    this.come = new AtomicLongArray(roots.length);
    int most = 0;
    for (int parity = 0; parity < 2; parity++) {
      values[parity] = new double[roots.length][];
      for (int executor = 0; executor < roots.length; executor++) {
        int numbers = roots[executor].length * 2 * channels;
        values[parity][executor] = new double[executor == me ? 0 : numbers];
        most = Math.max(most, numbers);
      }
    }
    this.mostBytes = most * Double.BYTES;
  }

  /** Bytes of an executor's frame at most. */
  int mostBytes() {
    return mostBytes;
  }

  private double[] values(int executor, long exchange) {
    return values[(int) (exchange & 1)][executor];
  }

  /**
   * Takes over the content of an executor's frame.
   *
   * @param exchange the last bits of its number
   * @return false where it is not that of the executor's next exchange
   */
  boolean arrived(int executor, int exchange, ByteBuffer bytes) {
    long next = come.get(executor) + 1;
    double[] into = values(executor, next);
    int count = bytes.remaining() / Double.BYTES;
    if ((int) next != exchange || count > into.length) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      into[i] = bytes.getDouble();
    }
    come.incrementAndGet(executor);
    return true;
  }

  /**
   * Whether those of an exchange have come from all others.
   *
   * @param exchange its number, from 1
   */
  boolean haveAllCome(long exchange) {
    for (int executor = 0; executor < roots.length; executor++) {
      if (executor != me && come.get(executor) < exchange) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts an executor's statistics of an exchange into the tree, those of nodes with examples.
   *
   * @param exchange its number, from 1
   * @param channels of each node
   */
  void take(int executor, long exchange, StatisticsTree tree, int channels) {
    double[] from = values(executor, exchange);
    int at = 0;
    for (int root : roots[executor]) {
      if (tree.rows(root) > 0) {
        System.arraycopy(from, at, tree.values(root), 0, 2 * channels);
        at += 2 * channels;
      }
    }
  }
}
