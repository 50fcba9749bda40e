package minilote.trainer.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** How long a task waits for others: until a time limit passes or Spark kills it. */
final class Patience {
  private static final double NANOS = 1e-9;

  private final TaskContext task;
  private final long limitNanos;

  /**
   * For a task.
   *
   * @param seconds the most that it waits at a time
   */
  Patience(TaskContext task, double seconds) {
    this.task = task;
    this.limitNanos = (long) (seconds / NANOS);
  }

  /**
   * Ends a wait that has become too long or pointless.
   *
   * @param waited nanoseconds so far
   * @param forWhom what is waited for
   */
  void check(long waited, String forWhom) {
    if (task.isInterrupted()) {
      throw new TaskKilledException("killed while waiting for " + forWhom);
    }
    if (waited > limitNanos) {
      throw new IllegalStateException(
          "waited %.0f s for %s, which did not answer: --exchange-timeout allows more"
              .formatted(waited * NANOS, forWhom));
    }
  }
}
