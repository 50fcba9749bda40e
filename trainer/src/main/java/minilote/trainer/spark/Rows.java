package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;

/**
 * The packed records of a part's lanes, one after the other: those of a step's lanes in the order
 * of their positions, then those of the next step's.
 */
interface Rows {
  /** Goes to the next row; the first call leads to the first one. */
  void advance();

  /** The array that holds the row. */
  byte[] data();

  /** Where in {@link #data()} it begins. */
  int offset();

  /** How a task comes to its rows; crosses Spark with the task. */
  interface Source extends Serializable {
    /**
     * Opens the rows.
     *
     * @param held what the task's partition of {@link EpochData#held()} holds
     * @param part the part of the lanes, as {@link EpochShape} deals them out
     * @param from the step from whose first row on
     * @param to one past the last step whose rows are needed
     */
    Rows open(Iterator<byte[]> held, int part, long from, long to);

    /**
     * Whether any task can open any part: else only the task of the partition that has the part's
     * number.
     */
    default boolean anywhere() {
      return false;
    }
  }
}
