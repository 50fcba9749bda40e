package minilote.trainer.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.broadcast.Broadcast;

/**
 * The rows of a part's lanes where the JVM holds the whole split: found one after the other, by
 * position, rank and id. Any part in any task.
 */
final class RowsInPlace implements Rows {
  private static final byte[] NONE = new byte[0];

  private final byte[][] blocks;
  private final int[] trainingIds;
  private final int recordBytes;
  private final EpochShape shape;
  private final int part;
  private long step;
  private long next;
  private long end;
  private byte[] data = NONE;
  private int offset;

  /**
   * @param part the part of the lanes, as {@code shape} deals them out
   * @param step the step from whose first row on
   */
  RowsInPlace(WholeSplit split, EpochShape shape, int part, long step) {
    this.blocks = split.blocks();
    this.trainingIds = split.trainingIds();
    this.recordBytes = split.recordBytes();
    this.shape = shape;
    this.part = part;
    this.step = step - 1;
  }

  @Override
  public void advance() {
    while (next == end) {
      beginStep();
    }
    int id = trainingIds[(int) shape.order().rank(next++)];
    data = blocks[id / Examples.BLOCK];
    offset = id % Examples.BLOCK * recordBytes;
  }

  /** A part may have no row in a small last batch. */
  private void beginStep() {
    step++;
    if (step >= shape.order().steps()) {
      throw new NoSuchElementException("the part has fewer rows than its lanes need");
    }
    next = shape.firstPosition(part, step);
    end = shape.firstPosition(part + 1, step);
  }

  @Override
  public byte[] data() {
    return data;
  }

  @Override
  public int offset() {
    return offset;
  }

  /** Opens them in a task. */
  static final class Source implements Rows.Source {
    private static final long serialVersionUID = 1L;

    private final EpochShape shape;
    private final Broadcast<WholeSplit> split;

    Source(EpochShape shape, Broadcast<WholeSplit> split) {
      this.shape = shape;
      this.split = split;
    }

    @Override
    public Rows open(Iterator<byte[]> held, int part, long step) {
      return new RowsInPlace(split.value(), shape, part, step);
    }

    @Override
    public boolean anywhere() {
      return true;
    }
  }
}
