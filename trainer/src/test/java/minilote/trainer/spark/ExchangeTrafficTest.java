package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import minilote.trainer.math.Norms;
import minilote.trainer.plan.Traffic;
import org.junit.jupiter.api.Test;

/** Against counts by hand; parameters are whole blocks, of which {@code B} is the size. */
class ExchangeTrafficTest {
  private static final int B = Norms.BLOCK;
  private static final long BYTES = 4L * B;

  @Test
  void of_oneExecutor_sendsNothingAndAddsAllLanes() {
    assertEquals(
        new Traffic(1, 2, 4, 12 * B, 12 * B, 7, 0, 0, 0, 0), ExchangeTraffic.of(12 * B, 1, 2, 8));
  }

  @Test
  void of_twoExecutors_eachSendsHalfOfTheSumsAndOfTheWeights() {
    // 6 blocks of sums for the other one's slice, 6 of weights of its own; the same comes.
    assertEquals(
        new Traffic(2, 2, 2, 12 * B, 6 * B, 3, 1, 12, 12 * BYTES, 12 * BYTES),
        ExchangeTraffic.of(12 * B, 2, 2, 8));
  }

  @Test
  void of_fourExecutors_sendThreeQuartersOfBoth() {
    // 9 blocks of sums for others, and 3 of weights to each of 3.
    assertEquals(
        new Traffic(4, 1, 1, 12 * B, 3 * B, 0, 3, 18, 18 * BYTES, 18 * BYTES),
        ExchangeTraffic.of(12 * B, 4, 1, 4));
  }

  @Test
  void of_threeExecutorsOnFourLanes_countsEachSubtree() {
    // Lanes 0 | 1 | 2 and 3: one subtree each. 8 blocks of sums and 4 of weights to each of 2; in
    // come 4 blocks from each of 2, and 8 of weights.
    assertEquals(
        new Traffic(3, 1, 2, 12 * B, 4 * B, 1, 2, 16, 16 * BYTES, 16 * BYTES),
        ExchangeTraffic.of(12 * B, 3, 1, 4));
  }

  @Test
  void of_threeExecutorsOnEightLanes_sendSeveralSubtrees() {
    // Lanes 0, 1 | 2, 3, 4 | 5, 6, 7: subtrees {01}, {23} {4}, {5} {67}.
    // The second and the third send 2 · 8 blocks of sums and 2 · 4 of weights. The first gets four
    // subtrees of 4 blocks and 8 blocks of weights.
    assertEquals(
        new Traffic(3, 1, 3, 12 * B, 4 * B, 1, 4, 24, 24 * BYTES, 24 * BYTES),
        ExchangeTraffic.of(12 * B, 3, 1, 8));
  }

  @Test
  void of_fewerLanesThanCores_leavesCoresAndExecutorsOut() {
    Traffic traffic = ExchangeTraffic.of(12 * B, 8, 2, 4);
    assertEquals(4, traffic.executors());
    assertEquals(1, traffic.tasks());
    assertEquals(1, traffic.lanesOfTask());
  }

  @Test
  void of_fewerBlocksThanExecutors_countsTheOneThatHasABlock() {
    // One block: who has it sends it to 3 others and gets their sums; they send only a block of
    // sums.
    Traffic traffic = ExchangeTraffic.of(100, 4, 1, 4);
    assertEquals(100, traffic.slice());
    assertEquals(3, traffic.messages());
    assertEquals(3 * 400, traffic.bytesOut());
    assertEquals(3 * 400, traffic.bytesIn());
  }
}
