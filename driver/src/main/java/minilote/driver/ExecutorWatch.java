package minilote.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import minilote.trainer.spark.Slots;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the wait for a cluster. Spark itself waits for ever where a master has no workers, where a
 * cluster goes away, and where a job is begun while the context is being stopped; here a cluster
 * without an executor is given up after a while, and what waits for it ends.
 *
 * <p>A thread of its own looks at the context, as the one that works waits within Spark.
 */
final class ExecutorWatch implements AutoCloseable {
  private static final long POLL_MILLIS = 250;
  private static final long SAY_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Spark itself takes some seconds to start. */
  private static final long SAY_STARTING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** What Spark gives as the reason when it takes one back that has nothing to do. */
  private static final String IDLE = "killed by driver";

  /** Where the trainer waits; by name, as it is not for others to use. */
  private static final String BARRIER_JOB = "minilote.trainer.spark.BarrierJob";

  private final String master;
  private final int limitSeconds;
  private final Consumer<String> say;
  private final Thread thread = new Thread(this::run, "executor-watch");
  private volatile boolean dynamic;
  private volatile @Nullable JavaSparkContext spark;
  private volatile @Nullable String loss;
  private volatile boolean closed;

  // Of the thread alone.
  private long missingSince = System.nanoTime();
  private boolean said;
  private boolean had;

  /**
   * Begins to watch a context that is about to start.
   *
   * @param limitSeconds how long a job waits for an executor
   * @param say told that something is being waited for
   */
  ExecutorWatch(String master, int limitSeconds, Consumer<String> say) {
    this.master = master;
    this.limitSeconds = limitSeconds;
    this.say = say;
    thread.setDaemon(true);
    thread.start();
  }

  /** The context has started. */
  void started(JavaSparkContext spark) {
    if (!spark.sc().isLocal()) {
      dynamic = spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
      spark.sc().addSparkListener(new Losses());
    }
    this.spark = spark;
  }

  /** What became of the cluster, in a sentence; null while nothing is wrong with it. */
  @Nullable String loss() {
    return loss;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(POLL_MILLIS);
        JavaSparkContext context = spark;
        if (context == null) {
          sayOnce("waiting for %s to answer".formatted(master), SAY_STARTING_AFTER_NANOS);
        } else if (context.sc().isLocal()) {
          return;
        } else {
          look(context);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(JavaSparkContext context) {
    long now = System.nanoTime();
    if (context.sc().isStopped()) {
      stopped();
      return;
    }
    if (Slots.of(context) > 0) {
      had = true;
      loss = null;
      missingSince = now;
      said = false;
      return;
    }
    int[] jobs = context.statusTracker().getActiveJobIds();
    List<Thread> waiting = waiting();
    if (dynamic && jobs.length == 0 && waiting.isEmpty()) {
      // Spark takes executors back that have nothing to do. What was given up once, and is tried
      // again, gets no new time.
      if (loss == null) {
        missingSince = now;
        said = false;
      }
      return;
    }
    sayOnce(
        "waiting for executors of %s, for %d s at most (--executor-wait)"
            .formatted(master, limitSeconds),
        SAY_AFTER_NANOS);
    if (now - missingSince > TimeUnit.SECONDS.toNanos(limitSeconds)) {
      loss = missing(context);
      for (int job : jobs) {
        context.sc().cancelJob(job, "for want of executors");
      }
      if (jobs.length == 0) {
        // A barrier job that Spark holds back until there are slots cannot be cancelled.
        waiting.forEach(Thread::interrupt);
      }
    }
  }

  private void sayOnce(String line, long afterNanos) {
    if (!said && System.nanoTime() - missingSince > afterNanos) {
      said = true;
      say.accept(line);
    }
  }

  private String missing(JavaSparkContext context) {
    int small = context.sc().getExecutorIds().size();
    if (small > 0) {
      return "none of the %d executors of %s has the %d cores that spark.task.cpus asks for"
          .formatted(small, master, context.getConf().getInt("spark.task.cpus", 1));
    }
    return had
        ? "%s has had no executor for %d s: the last one is lost and no other has come"
            .formatted(master, limitSeconds)
        : "%s gave no executor within %d s: it has no workers, or none that has %d MiB and the cores for one; --executor-memory and --executor-cores ask for less, --executor-wait waits longer"
            .formatted(master, limitSeconds, context.sc().executorMemory());
  }

  /** Not by us: we look no longer when we stop it. */
  private void stopped() {
    if (closed) {
      return;
    }
    loss =
        had
            ? "%s has ended the application, or its master is gone".formatted(master)
            : "%s does not answer, or does not take the application: is a master running there?"
                .formatted(master);
    // A job that begins while its context is stopped is never ended, nor can it be cancelled.
    waiting().forEach(Thread::interrupt);
  }

  /** The threads that wait for a job's end. */
  private static List<Thread> waiting() {
    List<Thread> waiting = new ArrayList<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              if (Arrays.stream(stack).anyMatch(ExecutorWatch::waits)) {
                waiting.add(thread);
              }
            });
    return waiting;
  }

  /** Either waits in Spark for a job, or in the trainer for one whose tasks all run at once. */
  private static boolean waits(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.equals(BARRIER_JOB)
        || (type.equals("org.apache.spark.scheduler.DAGScheduler")
            && frame.getMethodName().equals("runJob"));
  }

  /** Says in a line what Spark's log would say in its own words. */
  private final class Losses extends SparkListener {
    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      if (!closed && !removed.reason().contains(IDLE)) {
        String reason = removed.reason().lines().findFirst().orElse("").replaceFirst("\\. .*", "");
        say.accept("executor %s was lost: %s".formatted(removed.executorId(), reason));
      }
    }
  }
}
