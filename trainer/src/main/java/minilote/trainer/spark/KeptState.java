package minilote.trainer.spark;

import java.util.UUID;
import minilote.trainer.optimizer.ParameterRange;
import org.jspecify.annotations.Nullable;

/**
 * The state with which the last all-reduce job of this executor has ended: where the next job goes
 * on from there, and the executor has the same slice, it has all numbers that it needs, and the
 * driver's are not fetched.
 */
final class KeptState {
  private static @Nullable KeptState last;

  private final UUID attempt;
  private final ParameterRange slice;
  private final TrainingState state;

  private KeptState(UUID attempt, ParameterRange slice, TrainingState state) {
    this.attempt = attempt;
    this.slice = slice;
    this.state = state;
  }

  /**
   * Keeps a state, and no other.
   *
   * @param attempt after whose last step it is
   * @param slice the parameters whose optimizer's numbers are in it; it has all weights
   */
  static synchronized void keep(UUID attempt, ParameterRange slice, TrainingState state) {
    last = new KeptState(attempt, slice, state);
  }

  /** The state after an attempt, if it is here with this slice; it is not kept any longer. */
  static synchronized @Nullable TrainingState take(@Nullable UUID attempt, ParameterRange slice) {
    KeptState kept = last;
    last = null;
    return kept != null && kept.attempt.equals(attempt) && kept.slice.equals(slice)
        ? kept.state
        : null;
  }
}
