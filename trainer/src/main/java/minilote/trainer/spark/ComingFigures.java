package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the lanes of other executors found besides gradients, from when it comes until the step that
 * it belongs to takes it. An executor that waits for no weights and no sums of another one may be
 * faster by a step than that one, not by more: it needs the other one's own figures. So there is
 * room for an odd step and for an even one.
 *
 * <p>What comes from one executor comes in the order of steps, on one thread; it is taken once
 * {@link #haveAllCome all have come}.
 */
final class ComingFigures {
  private final int[][] roots; // of each executor
  private final int me;
  private final AtomicLongArray come; // steps, by executor
  private final Step[] steps = new Step[2]; // even, odd

  /** Of one step. */
  private static final class Step {
    final boolean[] stops; // by executor
    final boolean[][] examples; // by executor and root
    final double[][] losses;
    final long[][] correct;
    final double[][] squares;

    Step(int[][] roots) {
      this.stops = new boolean[roots.length];
      this.examples = new boolean[roots.length][];
      this.losses = new double[roots.length][];
      this.correct = new long[roots.length][];
      this.squares = new double[roots.length][];
      for (int executor = 0; executor < roots.length; executor++) {
        examples[executor] = new boolean[roots[executor].length];
        losses[executor] = new double[roots[executor].length];
        correct[executor] = new long[roots[executor].length];
        squares[executor] = new double[roots[executor].length];
      }
    }
  }

  /**
   * Before the first step.
   *
   * @param roots of each executor, the nodes of the tree that its figures are for
   * @param me the executor that they come to
   */
  ComingFigures(int[][] roots, int me) {
    this.roots = roots;
    this.me = me;
    this.come = new AtomicLongArray(roots.length);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new Step(roots);
    }
  }

  private Step step(long number) {
    return steps[(int) (number & 1)];
  }

  /** Takes over the content of an executor's frame, that of its next step. */
  void arrived(int executor, ByteBuffer bytes) {
    Step step = step(come.get(executor) + 1);
    step.stops[executor] = bytes.get() != 0;
    for (int i = 0; i < roots[executor].length; i++) {
      step.examples[executor][i] = bytes.get() != 0;
      step.losses[executor][i] = bytes.getDouble();
      step.correct[executor][i] = bytes.getLong();
      step.squares[executor][i] = bytes.getDouble();
    }
    come.incrementAndGet(executor);
  }

  /**
   * Whether those of a step have come from all others.
   *
   * @param number of the step, from 1
   */
  boolean haveAllCome(long number) {
    for (int executor = 0; executor < roots.length; executor++) {
      if (executor != me && come.get(executor) < number) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts an executor's figures of a step into the tree.
   *
   * @param number of the step, from 1
   * @param sums by node, where its sums come
   * @param base the parameter that stands first in them
   */
  void take(int executor, long number, LaneTree tree, float[][] sums, int base) {
    Step step = step(number);
    for (int i = 0; i < roots[executor].length; i++) {
      int root = roots[executor][i];
      tree.put(
          root,
          step.examples[executor][i] ? sums[root] : null,
          base,
          step.losses[executor][i],
          step.correct[executor][i],
          step.squares[executor][i]);
    }
  }

  /** Whether an executor has said that all are to stop after a step. */
  boolean stops(int executor, long number) {
    return step(number).stops[executor];
  }
}
