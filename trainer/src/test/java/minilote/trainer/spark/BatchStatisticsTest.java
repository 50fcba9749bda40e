package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.network.StatisticsTree;
import org.junit.jupiter.api.Test;

class BatchStatisticsTest {
  private static final int STEPS = 2000;

  private final Waiters waiters = new Waiters(2);

  /** One of two tasks with two lanes each. */
  private BatchStatistics.Member[] members(double seconds) {
    BatchStatistics all = new BatchStatistics(new Lanes(4, 9), 2, new Rendezvous(waiters));
    Patience patience = new Patience(null, seconds);
    return new BatchStatistics.Member[] {
      all.member(0, 0, 2, PhaseClock.OFF, patience), all.member(1, 2, 4, PhaseClock.OFF, patience)
    };
  }

  @Test
  void exchange_manySteps_isTheSameInAllMembers() throws Exception {
    BatchStatistics.Member[] members = members(60);
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> steps(members[1], 2));
    steps(members[0], 0);
    other.get(1, TimeUnit.MINUTES);
  }

  /** Of batches of 1 to 9 examples: each lane has its number in all it puts. */
  private static void steps(BatchStatistics.Member member, int first) {
    Lanes lanes = new Lanes(4, 9);
    for (int step = 0; step < STEPS; step++) {
      int batch = 1 + step % 9;
      int[] counts = member.begin(batch);
      for (int i = 0; i < 2; i++) {
        Arrays.fill(member.of(i), counts[i] == 0 ? Double.NaN : first + i + step);
      }
      double sum = 0;
      for (int lane = 0; lane < 4; lane++) {
        sum += lanes.size(lane, batch) > 0 ? lane + step : 0;
      }
      assertArrayEquals(new double[] {sum, sum}, Arrays.copyOf(member.sums(1), 2));
      for (int i = 0; i < 2; i++) {
        member.of(i)[0] = 5;
        member.of(i)[1] = counts[i];
      }
      assertArrayEquals(new double[] {5, batch}, Arrays.copyOf(member.moments(3, 1), 2));
    }
  }

  @Test
  void exchange_anotherTaskFails_endsWithItsReason() throws Exception {
    BatchStatistics.Member[] members = members(60);
    CompletableFuture<double[]> waits =
        CompletableFuture.supplyAsync(
            () -> {
              members[0].begin(9);
              return members[0].sums(1);
            });
    RuntimeException reason = new IllegalArgumentException("a lane that fails");
    waiters.fail(reason);
    ExecutionException ended =
        assertThrows(ExecutionException.class, () -> waits.get(10, TimeUnit.SECONDS));
    assertSame(reason, ended.getCause().getCause());
  }

  @Test
  void exchange_anotherTaskNeverComes_endsByTheTimeLimit() {
    BatchStatistics.Member[] members = members(0.2);
    members[0].begin(9);
    IllegalStateException ended =
        assertThrows(IllegalStateException.class, () -> members[0].sums(1));
    assertTrue(ended.getMessage().contains("--exchange-timeout"), ended.getMessage());
  }

  /** Executor 0 has lanes 0 to 2, that is nodes 2 and 6; executor 1, which they come to, lane 3. */
  @Test
  void coming_anExchangeAhead_isKeptApart() {
    ComingStatistics coming = new ComingStatistics(new int[][] {{2, 6}, {7}}, 1, 3);
    assertTrue(coming.mostBytes() == 2 * 2 * 3 * Double.BYTES);
    StatisticsTree tree = new StatisticsTree(4, 3);
    tree.setRows(0, 1);
    tree.setRows(2, 1);
    tree.count();
    assertFalse(coming.haveAllCome(1));
    assertTrue(coming.arrived(0, 1, bytes(1, 2, 3, 4)));
    assertTrue(coming.arrived(0, 2, bytes(5, 6)));
    assertTrue(coming.haveAllCome(2));
    coming.take(0, 1, tree, 1);
    assertArrayEquals(new double[] {1, 2}, Arrays.copyOf(tree.values(2), 2));
    assertArrayEquals(new double[] {3, 4}, Arrays.copyOf(tree.values(6), 2));
    tree.setRows(0, 0);
    tree.count();
    coming.take(0, 2, tree, 1);
    assertArrayEquals(new double[] {5, 6}, Arrays.copyOf(tree.values(6), 2));
    assertFalse(coming.arrived(0, 4, bytes(1)), "one is missing");
  }

  private static ByteBuffer bytes(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.flip();
  }
}
