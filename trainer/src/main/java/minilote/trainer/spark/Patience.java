package minilote.trainer.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;

/** How long a thread waits for others: until a time limit passes or Spark kills its task. */
final class Patience {
  private static final double NANOS = 1e-9;

  private final @Nullable TaskContext task;
  private final long limitNanos;

  /**
   * For a task.
   *
   * @param task null for a thread of the driver
   * @param seconds the most that it waits at a time
   */
  Patience(@Nullable TaskContext task, double seconds) {
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
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("killed while waiting for " + forWhom);
    }
    if (waited > limitNanos) {
      throw new IllegalStateException(
          "waited %.0f s for %s, which did not answer: --exchange-timeout allows more"
              .formatted(waited * NANOS, forWhom));
    }
  }
}
