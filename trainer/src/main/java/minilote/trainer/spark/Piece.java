package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Some consecutive rows of a part's lanes, in the memory that a {@link RowWindow} has for them: of
 * each, where it is. Serves piece after piece.
 */
final class Piece {
  private final byte[][] data; // of each row, an array that has it
  private final int[] offsets;
  private final byte[] copied; // rows × record bytes: those that are not used in place
  private final int recordBytes;
  private final AtomicInteger missing = new AtomicInteger(); // answers
  private volatile long number = -1;
  private int rows;

  /**
   * Empty.
   *
   * @param rows of a full piece
   * @param copies whether any rows will be copied
   */
  Piece(int rows, int recordBytes, boolean copies) {
    this.data = new byte[rows][];
    this.offsets = new int[rows];
    this.copied = new byte[copies ? Math.multiplyExact(rows, recordBytes) : 0];
    this.recordBytes = recordBytes;
  }

  /** Begins the piece of this number. */
  void begin(long newNumber) {
    number = newNumber;
    rows = 0;
  }

  /** So many answers are needed; before the first one is asked for. */
  void expect(int answers) {
    missing.set(answers);
  }

  /** Uses a row where it is. */
  void put(int row, byte[] array, int offset) {
    data[row] = array;
    offsets[row] = offset;
    rows = Math.max(rows, row + 1);
  }

  /** A row is the {@code place}th one that is copied. */
  void putCopied(int row, int place) {
    put(row, copied, place * recordBytes);
  }

  /** Copies a row that this JVM holds to its place. */
  void copy(HeldPartition held, int index, int place) {
    held.copy(index, ByteBuffer.wrap(copied), place * recordBytes);
  }

  /**
   * Takes over rows that have been asked for; on any thread.
   *
   * @param piece the number of the piece that they belong to
   * @param place of the first one among those that are copied
   * @return whether none is missing any more
   */
  boolean arrived(long piece, int place, ByteBuffer records) {
    if (piece != number || missing.get() == 0) {
      throw new IllegalStateException(
          "rows of piece %d, which were not asked for".formatted(piece));
    }
    records.get(copied, place * recordBytes, records.remaining());
    return missing.decrementAndGet() == 0;
  }

  boolean isComplete() {
    return missing.get() == 0;
  }

  int rows() {
    return rows;
  }

  byte[] data(int row) {
    return data[row];
  }

  int offset(int row) {
    return offsets[row];
  }
}
