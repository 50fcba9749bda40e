package minilote.trainer.spark;

import minilote.trainer.math.Norms;
import minilote.trainer.math.PairwiseSum;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the squares of the gradients of a task's lanes, before they are added to others in place:
 * of each lane as soon as it is computed, and where sums leave while the rest is computed, of each
 * block as soon as that is complete. The blocks are those of {@link Norms}, so it makes no
 * difference. Nothing is allocated after construction.
 */
final class LaneSquares {
  private final int trained;
  private final float[] @Nullable [] gradients; // of lanes that have begun
  private final double[][] squares; // by lane and block
  private final int[] done; // by lane, from which block on
  private final PhaseClock clock;

  /**
   * For lanes that are computed side by side.
   *
   * @param lanes how many they are
   * @param trained how many parameters, from the first on, count
   * @param clock of the task's thread
   */
  LaneSquares(int lanes, int trained, PhaseClock clock) {
    this.trained = trained;
    this.gradients = new float[lanes][];
    this.squares = new double[lanes][Norms.blocks(trained)];
    this.done = new int[lanes];
    this.clock = clock;
  }

  /**
   * {@code ‖g‖²} of the mean gradient of a lane.
   *
   * @param gradient the sum over its examples
   * @param trained how many parameters, from the first on, count
   * @param count of its examples, at least 1
   */
  static double of(float[] gradient, int trained, int count) {
    return ofMean(Norms.squares(gradient, 0, trained), count);
  }

  private static double ofMean(double squares, int count) {
    return squares / ((double) count * count);
  }

  /** From now on a lane's gradient is computed in this array. */
  void begin(int lane, float[] gradient) {
    gradients[lane] = gradient;
    done[lane] = squares[lane].length;
  }

  /** Of all lanes that have begun the gradients are complete from a parameter on. */
  void complete(int from) {
    for (int lane = 0; lane < gradients.length; lane++) {
      float[] gradient = gradients[lane];
      if (gradient != null) {
        add(lane, gradient, from);
      }
    }
  }

  private void add(int lane, float[] gradient, int from) {
    Phase before = clock.to(Phase.SUMS);
    while (done[lane] > 0 && (done[lane] - 1) * Norms.BLOCK >= from) {
      int block = --done[lane];
      squares[lane][block] = Norms.squaresOfBlock(gradient, 0, trained, block);
    }
    clock.to(before);
  }

  /**
   * The same as {@link #of} of a lane that has begun, whose gradient is complete.
   *
   * @param count of its examples, at least 1
   */
  double end(int lane, int count) {
    float[] gradient = gradients[lane];
    if (gradient == null) {
      throw new IllegalStateException("lane %d has not begun".formatted(lane));
    }
    add(lane, gradient, 0);
    gradients[lane] = null;
    return ofMean(PairwiseSum.of(squares[lane], squares[lane].length), count);
  }
}
