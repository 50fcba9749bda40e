package minilote.trainer.spark;

import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread's learner, which it keeps from task to task: tasks come and go with every step, their
 * memory does not. Closed at the end of a task.
 *
 * <p>When no task has wanted it for {@value #IDLE_SECONDS} seconds, its memory is freed, on the
 * heap and off it: nobody tells an executor that a run has ended or failed.
 */
final class KeptLearner implements AutoCloseable {
  /** Long beside the time that building it anew takes. */
  static final int IDLE_SECONDS = 5;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);

  private static final Logger LOG = LoggerFactory.getLogger(KeptLearner.class);
  private static final ThreadLocal<@Nullable KeptLearner> KEPT = new ThreadLocal<>();
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final LearnerSpec spec;
  private @Nullable Learner learner; // null once its memory is freed
  private boolean taken = true;
  private long leftAt;

  private KeptLearner(LearnerSpec spec, Learner learner) {
    this.spec = spec;
    this.learner = learner;
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "minilote-idle-learners");
              thread.setDaemon(true);
              return thread;
            });
    watch.setKeepAliveTime(1, TimeUnit.SECONDS);
    watch.allowCoreThreadTimeOut(true); // No thread where no learner is kept.
    return watch;
  }

  /** This thread's, if it has one of that specification; else a new one. */
  static KeptLearner take(LearnerSpec spec) {
    KeptLearner kept = KEPT.get();
    if (kept != null && kept.retake(spec)) {
      return kept;
    }
    KEPT.remove(); // Should the new one not come to be, the old one must not be found.
    if (kept != null) {
      kept.free();
    }
    KeptLearner made = new KeptLearner(spec, spec.make());
    KEPT.set(made);
    made.lookLater(IDLE_NANOS);
    return made;
  }

  private synchronized boolean retake(LearnerSpec wanted) {
    taken = learner != null && spec.equals(wanted);
    return taken;
  }

  /** Valid until this is closed. */
  synchronized Learner learner() {
    return Objects.requireNonNull(learner);
  }

  private void lookLater(long nanos) {
    Future<?> unused = WATCH.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized void look() {
    long left = taken ? IDLE_NANOS : IDLE_NANOS - (System.nanoTime() - leftAt);
    if (left <= 0) {
      try {
        free();
      } catch (RuntimeException e) {
        LOG.warn("the memory of a learner that nobody wants any more is not freed", e);
      }
    } else if (learner != null) {
      lookLater(left);
    }
  }

  private synchronized void free() {
    if (learner != null) {
      learner.close();
      learner = null;
    }
  }

  @Override
  public synchronized void close() {
    taken = false;
    leftAt = System.nanoTime();
  }
}
