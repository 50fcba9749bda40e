package minilote.trainer.spark;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.run.TrainingProfile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/** Adds up, over all tasks, where the time of training goes. */
@SuppressWarnings("EnumOrdinal") // Arrays by phase, as PhaseClock has them.
final class Profiler implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double NANO = 1e-9;

  private final LongAccumulator[] nanos; // by phase

  // The driver's.
  private transient int tasks;
  private transient long steps;
  private transient long wall;
  private transient long inAll;

  /** Adds nothing up yet. */
  Profiler(JavaSparkContext spark) {
    Phase[] phases = Phase.values();
    this.nanos = new LongAccumulator[phases.length];
    for (int i = 0; i < phases.length; i++) {
      nanos[i] = spark.sc().longAccumulator();
    }
  }

  /** A task's clock: one that measures where there is somebody to tell. */
  static PhaseClock start(@Nullable Profiler profiler, Learner learner) {
    PhaseClock clock = profiler == null ? PhaseClock.OFF : new PhaseClock();
    clock.start();
    learner.setClock(clock);
    return clock;
  }

  /** Adds what a task's clock has measured; by the task, when it ends. */
  static void end(@Nullable Profiler profiler, PhaseClock clock, Learner learner) {
    learner.setClock(PhaseClock.OFF);
    if (profiler != null) {
      clock.to(Phase.OTHER);
      for (Phase phase : Phase.values()) {
        profiler.nanos[phase.ordinal()].add(clock.nanos(phase));
      }
    }
  }

  /** Adds what the driver did while so many tasks had nothing to do. */
  static void add(@Nullable Profiler profiler, Phase phase, int tasks, long nanos) {
    if (profiler != null) {
      profiler.nanos[phase.ordinal()].add(tasks * nanos);
    }
  }

  /** Steps were taken, in so much time, by so many tasks. */
  void ran(int tasks, long steps, long nanos) {
    this.tasks = Math.max(this.tasks, tasks);
    this.steps += steps;
    this.wall += nanos;
    this.inAll += tasks * nanos;
  }

  /** Shares of the time; empty before any step. */
  @Nullable TrainingProfile profile() {
    if (steps == 0) {
      return null;
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    long known = 0;
    for (Phase phase : Phase.values()) {
      long value = nanos[phase.ordinal()].value();
      known += value;
      shares.put(phase.name().toLowerCase(Locale.ROOT), (double) value / inAll);
    }
    shares.put("spark", Math.max(0, (double) (inAll - known) / inAll));
    return new TrainingProfile(tasks, steps, wall * NANO / steps, shares);
  }
}
