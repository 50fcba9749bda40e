package minilote.trainer.spark;

import java.util.NoSuchElementException;

/**
 * The positions of a part's rows in the order in which its lanes need them: those of a step, then
 * those of the next one.
 */
final class PartPositions {
  private final EpochShape shape;
  private final int part;
  private final long to;
  private long step;
  private long next;
  private long end;

  /**
   * Positions of some steps.
   *
   * @param part the part of the lanes, as {@code shape} deals them out
   * @param from the first step
   * @param to one past the last step
   */
  PartPositions(EpochShape shape, int part, long from, long to) {
    this.shape = shape;
    this.part = part;
    this.step = from;
    this.to = to;
  }

  /** A part may have no row in a small last batch. */
  boolean hasNext() {
    while (next == end && step < to) {
      next = shape.firstPosition(part, step);
      end = shape.firstPosition(part + 1, step);
      step++;
    }
    return next < end;
  }

  /** The next position of the epoch. */
  long next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the part has fewer rows than its lanes need");
    }
    return next++;
  }
}
