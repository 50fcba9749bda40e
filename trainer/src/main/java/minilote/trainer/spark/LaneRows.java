package minilote.trainer.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Where the rows of a partition's lanes lie. A partition holds some consecutive lanes of every
 * batch, packed: the rows of batch 0's lanes in the order of their positions, then batch 1's, and
 * so on, in chunks of a fixed number of rows, so that a step reads memory in sequence and nothing
 * is one object an example.
 */
final class LaneRows {
  /**
   * Bytes of a chunk: large enough to cost nothing, small enough for Spark to move and to drop one
   * by one.
   */
  private static final int CHUNK_BYTES = 4 << 20;

  private LaneRows() {}

  /** Rows of a full chunk for records of {@code recordBytes}. */
  static int chunkRows(int recordBytes) {
    return Math.max(1, CHUNK_BYTES / recordBytes);
  }

  /** Reads rows one after the other over the chunks of a partition. */
  static final class Cursor implements Rows {
    private final Iterator<byte[]> chunks;
    private final int recordBytes;
    private byte[] chunk = new byte[0];
    private int offset;

    /**
     * @param chunks the partition's chunks, in order
     * @param firstRow the row, from 0, that the first {@link #advance} leads to
     */
    Cursor(Iterator<byte[]> chunks, int recordBytes, long firstRow) {
      this.chunks = chunks;
      this.recordBytes = recordBytes;
      int chunkRows = chunkRows(recordBytes);
      for (long skipped = firstRow / chunkRows; skipped > 0; skipped--) {
        if (!chunks.hasNext()) {
          throw new NoSuchElementException("row %d is not in this partition".formatted(firstRow));
        }
        chunks.next();
      }
      if (chunks.hasNext()) {
        chunk = chunks.next();
      }
      this.offset = (int) (firstRow % chunkRows) * recordBytes - recordBytes;
    }

    @Override
    public void advance() {
      offset += recordBytes;
      if (offset >= chunk.length) {
        if (!chunks.hasNext()) {
          throw new NoSuchElementException("the partition holds fewer rows than its lanes need");
        }
        chunk = chunks.next();
        offset = 0;
      }
    }

    @Override
    public byte[] data() {
      return chunk;
    }

    @Override
    public int offset() {
      return offset;
    }
  }
}
