package minilote.trainer.spark;

import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;

/**
 * The rows of a part's lanes where the JVM holds the whole split: found by position, rank and id,
 * some at a time (see {@link Lookahead}). Any part in any task.
 */
final class RowsInPlace implements Rows {
  private final byte[][] blocks;
  private final int[] trainingIds;
  private final int recordBytes;
  private final EpochOrder order;
  private final PartPositions positions;
  private final int[] ahead; // ids
  private int used; // of those that are looked up
  private int lookedUp;
  private byte[] data = new byte[0];
  private int offset;

  @SuppressWarnings("UnusedVariable") // Written, so that the compiler leaves the reading in.
  private int read;

  /** The rows at {@code positions} of an epoch of {@code order}. */
  RowsInPlace(WholeSplit split, EpochOrder order, PartPositions positions) {
    this.blocks = split.blocks();
    this.trainingIds = split.trainingIds();
    this.recordBytes = split.recordBytes();
    this.order = order;
    this.positions = positions;
    this.ahead = new int[Lookahead.rows(recordBytes)];
  }

  @Override
  public void advance() {
    if (used == lookedUp) {
      lookUp();
    }
    int id = ahead[used++];
    data = blocks[id / Examples.BLOCK];
    offset = id % Examples.BLOCK * recordBytes;
  }

  private void lookUp() {
    used = 0;
    lookedUp = 0;
    int sum = 0;
    do {
      int id = trainingIds[(int) order.rank(positions.next())];
      ahead[lookedUp++] = id;
    } while (lookedUp < ahead.length && positions.hasNext());
    for (int i = 0; i < lookedUp; i++) {
      int id = ahead[i];
      sum +=
          Lookahead.touch(
              blocks[id / Examples.BLOCK], id % Examples.BLOCK * recordBytes, recordBytes);
    }
    read = sum;
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
    public Rows open(Iterator<byte[]> held, int part, long from, long to) {
      return new RowsInPlace(
          split.value(), shape.order(), new PartPositions(shape, part, from, to));
    }

    @Override
    public boolean anywhere() {
      return true;
    }
  }
}
