package minilote.trainer.spark;

import java.util.Arrays;

/**
 * What the steps of one job of {@link AllReduce} found, written by one of its tasks and read by the
 * driver while it goes on; and, the other way, the wish to stop.
 */
final class StepLog {
  private final double[] losses;
  private final long[] correct;
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
  }

  /** Adds a step, if it is the next one. */
  synchronized void add(int step, double loss, long correctExamples) {
    if (step == steps) {
      losses[step] = loss;
      correct[step] = correctExamples;
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

  /** The losses of all steps. */
  double[] losses() {
    return Arrays.copyOf(losses, steps);
  }

  /** The examples of each step that were classified rightly. */
  long[] correct() {
    return Arrays.copyOf(correct, steps);
  }

  void requestStop() {
    stopRequested = true;
  }

  boolean stopRequested() {
    return stopRequested;
  }
}
