package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ComingFiguresTest {
  private static final int LEFT = 2;
  private static final int RIGHT = 3;
  private static final int[][] ROOTS = {{LEFT}, {RIGHT}};

  private final LaneTree tree = new LaneTree(2);
  private final float[][] sums = {null, null, new float[1], new float[1]};

  private static ByteBuffer figures(boolean stops, double loss, long correct) {
    return ByteBuffer.allocate(2 + 2 * Double.BYTES + Long.BYTES)
        .put((byte) (stops ? 1 : 0))
        .put((byte) 1)
        .putDouble(loss)
        .putLong(correct)
        .putDouble(loss / 2)
        .flip();
  }

  @Test
  void take_ofOneWhoIsAStepAhead_givesTheFiguresOfTheStep() {
    // An executor without a slice may still be waiting to look at a step's figures, when one that
    // reduces has used its sums, and has sent its figures of the next step.
    ComingFigures coming = new ComingFigures(ROOTS, 0);
    tree.put(LEFT, sums[LEFT], 0, 1, 1, 0.5);
    coming.arrived(1, figures(false, 10, 3));
    coming.arrived(1, figures(true, 20, 4));

    coming.take(1, 1, tree, sums, 0);
    assertEquals(11, tree.loss(LaneTree.ROOT));
    assertEquals(4, tree.correct(LaneTree.ROOT));
    assertEquals(5.5, tree.squares(LaneTree.ROOT));
    assertFalse(coming.stops(1, 1));

    coming.take(1, 2, tree, sums, 0);
    assertEquals(21, tree.loss(LaneTree.ROOT));
    assertEquals(5, tree.correct(LaneTree.ROOT));
    assertTrue(coming.stops(1, 2));
  }

  @Test
  void take_withoutExamples_isTheIdentity() {
    ComingFigures coming = new ComingFigures(ROOTS, 0);
    tree.put(LEFT, sums[LEFT], 0, 1, 1, 0.5);
    ByteBuffer none = figures(false, 0, 0).put(1, (byte) 0);
    coming.arrived(1, none);

    coming.take(1, 1, tree, sums, 0);
    assertFalse(tree.hasExamples(RIGHT));
    assertEquals(1, tree.loss(LaneTree.ROOT));
    assertEquals(0.5, tree.squares(LaneTree.ROOT));
  }

  @Test
  void haveAllCome_twoStepsOfOneAndNoneOfAnother_isFalse() {
    // Counted together they would seem complete.
    ComingFigures coming = new ComingFigures(new int[][] {{4}, {5}, {3}}, 0);
    coming.arrived(1, figures(false, 1, 1));
    coming.arrived(1, figures(false, 1, 1));
    assertFalse(coming.haveAllCome(1));

    coming.arrived(2, figures(false, 1, 1));
    assertTrue(coming.haveAllCome(1));
    assertFalse(coming.haveAllCome(2));
  }
}
