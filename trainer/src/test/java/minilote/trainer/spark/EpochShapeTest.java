package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochShapeTest {
  @Test
  void rowOf_everyPosition_isOneRowOfOnePartitionInOrder() {
    Random random = new Random(1);
    for (int trial = 0; trial < 400; trial++) {
      int examples = 1 + random.nextInt(700);
      int batch = 1 + random.nextInt(Math.min(examples, 130));
      int ghost = trial % 2 == 0 ? 1 : 1 + random.nextInt(40);
      int lanes = Integer.highestOneBit(1 + random.nextInt((batch + ghost - 1) / ghost));
      int partitions = 1 + random.nextInt(lanes);
      boolean dropLast = random.nextBoolean();
      EpochShape shape =
          new EpochShape(trial, 3, examples, batch, dropLast, lanes, ghost, partitions);
      BitSet[] rows = new BitSet[partitions];
      for (int partition = 0; partition < partitions; partition++) {
        rows[partition] = new BitSet();
      }
      long[] next = new long[partitions];
      for (long position = 0; position < shape.order().used(); position++) {
        int partition = shape.partitionOf(position);
        long row = shape.rowOf(position, partition);
        assertEquals(next[partition]++, row, "rows lie in the order of their positions");
        assertFalse(rows[partition].get((int) row));
        rows[partition].set((int) row);
        // By the definition of lanes: which holds the position's ghost.
        long step = position / batch;
        int n = (int) Math.min(batch, examples - step * batch);
        int inBatch = (int) (position - step * batch);
        int lane = 0;
        int ghosts = (n + ghost - 1) / ghost;
        while ((lane + 1) * ghosts / lanes <= inBatch / ghost) {
          lane++;
        }
        assertEquals(lane, shape.lanes().laneOf(inBatch, n));
        assertTrue(shape.firstLane(partition) <= lane && lane < shape.firstLane(partition + 1));
      }
      long total = 0;
      for (int partition = 0; partition < partitions; partition++) {
        assertEquals(shape.rows(partition), rows[partition].cardinality());
        total += shape.rows(partition);
      }
      assertEquals(dropLast ? examples / batch * batch : examples, total);
    }
  }

  @Test
  void position_everyRank_isAPermutationThatChangesWithTheEpoch() {
    EpochOrder first = new EpochOrder(7, 0, 1000, 64, false);
    EpochOrder second = new EpochOrder(7, 1, 1000, 64, false);
    BitSet seen = new BitSet();
    int same = 0;
    for (long rank = 0; rank < 1000; rank++) {
      seen.set((int) first.position(rank));
      assertEquals(rank, first.rank(first.position(rank)));
      same += first.position(rank) == second.position(rank) ? 1 : 0;
    }
    assertEquals(1000, seen.cardinality());
    assertTrue(same < 20, "another epoch, another order");
  }
}
