package minilote.trainer.math;

/**
 * A stretch of the memory of one {@link Engine}: what its kernels read and write. Only an engine
 * knows where and in which precision the numbers lie; whoever holds a {@code Numbers} can hand it
 * back to that engine and nothing else.
 */
public interface Numbers {
  /** How many numbers there are. */
  int length();

  /**
   * The stretch of {@code length} numbers that begins at {@code offset} of this one: a view, not a
   * copy. What {@link Engine#load} puts into the whole is seen by its slices.
   *
   * @throws IndexOutOfBoundsException if the stretch does not lie inside this one
   */
  Numbers slice(int offset, int length);
}
