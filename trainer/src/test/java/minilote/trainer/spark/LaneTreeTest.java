package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneTreeTest {
  private static final int PARAMETERS = 5;

  /** With any siblings made one before, and any lanes empty. */
  @Test
  void add_anyMergesBefore_givesTheBitsOfLaneSum() {
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      int lanes = 1 << random.nextInt(6);
      LaneSum expected = new LaneSum();
      LaneTree tree = new LaneTree(lanes);
      for (int lane = 0; lane < lanes; lane++) {
        int count = lane == 0 || random.nextInt(4) > 0 ? 1 + random.nextInt(9) : 0;
        float[] gradient = new float[PARAMETERS];
        for (int i = 0; i < PARAMETERS; i++) {
          gradient[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
        }
        double loss = random.nextGaussian();
        double squares = random.nextDouble() * Math.pow(10, random.nextInt(9));
        expected.add(lane, gradient, loss, count / 2, count, squares);
        if (count == 0) {
          tree.putNothing(tree.leaf(lane));
        } else {
          tree.put(tree.leaf(lane), gradient, 0, loss, count / 2, squares);
        }
      }
      for (int node = lanes - 1; node > 0 && random.nextInt(3) > 0; node--) {
        tree.merge(node);
      }
      assertSameBits(expected.loss(lanes), tree.loss(LaneTree.ROOT));
      assertSameBits(expected.squares(lanes), tree.squares(LaneTree.ROOT));
      assertEquals(expected.correct(lanes), tree.correct(LaneTree.ROOT));
      float[] sum = tree.array(tree.add(LaneTree.ROOT, 0, PARAMETERS));
      for (int i = 0; i < PARAMETERS; i++) {
        assertSameBits(expected.gradient(lanes)[i], sum[i]);
      }
    }
  }

  private static void assertSameBits(double expected, double actual) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual));
  }
}
