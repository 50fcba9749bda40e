package minilote.trainer.run;

/** Where a training holds its examples; it changes no result. */
public enum Placement {
  /** {@link #WHOLE} where the data set is small beside the memory, else {@link #SPREAD}. */
  AUTO,
  /** All of them in every executor, which finds those that its lanes need by itself. */
  WHOLE,
  /**
   * Each in one executor, on its disk where memory is short, which gives it to the tasks that need
   * it.
   */
  SPREAD
}
