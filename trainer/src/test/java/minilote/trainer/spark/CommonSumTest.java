package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommonSumTest {
  private final CommonSum common = new CommonSum();

  private static LaneSum lane(int lane, float gradient) {
    LaneSum sum = new LaneSum();
    sum.add(lane, new float[] {gradient}, gradient, 0, 1, 0);
    return sum;
  }

  private float sum(long round) {
    return common.end(round).gradient(2)[0];
  }

  @Test
  void add_partitionTwice_countsOnce() {
    // A task that Spark runs again though it had added its sum: killed after that, say.
    long round = common.begin();
    assertTrue(common.add(round, 1, lane(1, 2)));
    assertFalse(common.add(round, 1, lane(1, 2)));
    assertTrue(common.add(round, 0, lane(0, 1)));
    assertFalse(common.add(round, 0, lane(0, 1)));
    assertEquals(3, sum(round));
    assertEquals(2, common.end(round).count(2));
  }

  @Test
  void add_ofTheRoundBefore_countsNothing() {
    // A task that a failed job has left over: it ends when the next step has begun.
    long failed = common.begin();
    common.add(failed, 0, lane(0, 100));
    long round = common.begin();
    common.add(round, 1, lane(1, 2));
    assertFalse(common.add(failed, 0, lane(0, 100)));
    assertFalse(common.add(failed, 1, lane(1, 100)));
    common.add(round, 0, lane(0, 1));
    assertEquals(3, sum(round));
    assertThrows(IllegalStateException.class, () -> common.end(failed));
  }

  @Test
  void add_sumOfATask_staysTheTasks() {
    LaneSum own = lane(0, 1);
    LaneSum other = lane(1, 2);
    long round = common.begin();
    common.add(round, 0, own);
    common.add(round, 1, other);
    common.end(round).gradient(2)[0] = 100;
    own.add(1, new float[] {7}, 0, 0, 1, 0);
    assertArrayEquals(new float[] {8}, own.gradient(2));
    other.add(0, new float[] {7}, 0, 0, 1, 0);
    assertArrayEquals(new float[] {9}, other.gradient(2));
  }
}
