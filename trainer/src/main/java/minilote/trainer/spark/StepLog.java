package minilote.trainer.spark;

import java.util.Arrays;

/**
 * What the steps of one job of {@link AllReduce} found, written by one of its tasks and read by the
 * driver while it goes on; and, the other way, the wish to stop.
 */
final class StepLog {
  private final double[] losses;
  private final long[] correct;
  private final double[] laneSquares; // 0 in steps that are not measured
  private final double[] squares;
  private volatile int steps;
  private volatile boolean stopRequested;

  /**
   * Empty.
   *
   * @param most the steps of the job
   */
  StepLog(int most) {
    this.losses = new double[most];
    this.correct = new long[most];
    this.laneSquares = new double[most];
    this.squares = new double[most];
  }

  /**
   * Adds a step, if it is the next one.
   *
   * @param ofLanes where the step is measured, the sum over lanes of {@code ‖g_l‖²}
   * @param ofBatch the same of the batch
   */
  synchronized void add(
      int step, double loss, long correctExamples, double ofLanes, double ofBatch) {
    if (step == steps) {
      losses[step] = loss;
      correct[step] = correctExamples;
      laneSquares[step] = ofLanes;
      squares[step] = ofBatch;
      steps = step + 1;
    }
  }

  /** Steps so far. */
  int steps() {
    return steps;
  }

  double loss(int step) {
    return losses[step];
  }

  long correct(int step) {
    return correct[step];
  }

  double laneSquares(int step) {
    return laneSquares[step];
  }

  double squares(int step) {
    return squares[step];
  }

  /** The losses of all steps. */
  double[] losses() {
    return Arrays.copyOf(losses, steps);
  }

  /** The examples of each step that were classified rightly. */
  long[] correct() {
    return Arrays.copyOf(correct, steps);
  }

  /** {@link #laneSquares(int)} of all steps. */
  double[] laneSquares() {
    return Arrays.copyOf(laneSquares, steps);
  }

  /** {@link #squares(int)} of all steps. */
  double[] squares() {
    return Arrays.copyOf(squares, steps);
  }

  void requestStop() {
    stopRequested = true;
  }

  boolean stopRequested() {
    return stopRequested;
  }
}
