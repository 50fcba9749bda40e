package minilote.trainer.math;

import java.util.Arrays;

/**
 * Where the time of one thread goes: each moment belongs to the phase that was last switched to.
 * Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // The fastest map, for what is called many times a step.
public class PhaseClock {
  /** Measures nothing, and costs nothing. */
  public static final PhaseClock OFF =
      new PhaseClock() {
        @Override
        public void start() {}

        @Override
        public Phase to(Phase phase) {
          return Phase.OTHER;
        }
      };

  private static final int PHASES = Phase.values().length;

  private final long[] nanos = new long[PHASES];
  private Phase current = Phase.OTHER;
  private long since;

  /** Begins anew, with {@link Phase#OTHER}. */
  public void start() {
    Arrays.fill(nanos, 0);
    current = Phase.OTHER;
    since = System.nanoTime();
  }

  /**
   * From now on, time belongs to {@code phase}.
   *
   * @return the phase that it belonged to until now
   */
  public Phase to(Phase phase) {
    long now = System.nanoTime();
    Phase before = current;
    nanos[before.ordinal()] += now - since;
    since = now;
    current = phase;
    return before;
  }

  /** Nanoseconds of a phase since {@link #start}, up to the last switch. */
  public long nanos(Phase phase) {
    return nanos[phase.ordinal()];
  }
}
