package minilote.benchmark;

import java.util.Arrays;
import minilote.trainer.spark.EpochOrder;

/**
 * Where a contender stands in its work: which batch comes next, whether there is one, and what was
 * measured. Changed by one thread, between the steps of the others.
 */
final class StepCourse {
  private final Work work;
  private final int examples;
  private final double[] losses;
  private EpochOrder order;
  private long epoch;
  private long stepOfEpoch;
  private int steps;
  private final long began = System.nanoTime();
  private long measuredSince;
  private long measuredExamples;
  private double measuredSeconds;

  /**
   * @param examples training examples of an epoch
   */
  StepCourse(Work work, int examples) {
    this.work = work;
    this.examples = examples;
    this.losses = new double[work.steps()];
    this.order = epochOrder();
  }

  private EpochOrder epochOrder() {
    return new EpochOrder(work.seed(), epoch, examples, work.batch(), false);
  }

  /** Whether there is another step to take. */
  boolean goesOn() {
    return work.steps() > 0 ? steps < work.steps() : measuredSeconds < work.seconds();
  }

  /** The order of the epoch that is under way. */
  EpochOrder order() {
    return order;
  }

  /** The next step within it. */
  long stepOfEpoch() {
    return stepOfEpoch;
  }

  /** Steps taken. */
  int steps() {
    return steps;
  }

  /**
   * A step was taken.
   *
   * @param loss the mean over its batch; only looked at where steps were asked for
   * @param count examples of its batch
   * @return whether the next step is the first of another epoch
   */
  boolean stepped(double loss, int count) {
    if (work.steps() > 0) {
      losses[steps] = loss;
    } else {
      measure(count);
    }
    steps++;
    if (++stepOfEpoch < order.steps()) {
      return false;
    }
    epoch++;
    stepOfEpoch = 0;
    order = epochOrder();
    return true;
  }

  private void measure(int count) {
    long now = System.nanoTime();
    if (measuredSince != 0) {
      measuredExamples += count;
      measuredSeconds = (now - measuredSince) * 1e-9;
    } else if ((now - began) * 1e-9 >= work.warmUpSeconds()) {
      measuredSince = now;
    }
  }

  /** The clock stops for what is not to be counted, which began at {@code since}. */
  void leaveOut(long since) {
    if (measuredSince != 0) {
      measuredSince += System.nanoTime() - since;
    }
  }

  Outcome outcome(String weightsSha256) {
    return work.steps() > 0
        ? Outcome.ofSteps(Arrays.copyOf(losses, steps), weightsSha256)
        : Outcome.ofRate(measuredExamples / measuredSeconds);
  }
}
