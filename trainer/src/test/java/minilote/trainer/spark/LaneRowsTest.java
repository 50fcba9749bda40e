package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class LaneRowsTest {
  @Test
  void advance_fromAnyRow_readsOnAcrossChunks() {
    int recordBytes = 1 << 20; // Four rows a chunk.
    int chunkRows = LaneRows.chunkRows(recordBytes);
    assertEquals(4, chunkRows);
    int rows = 11;
    List<byte[]> chunks = new ArrayList<>();
    for (int row = 0; row < rows; row += chunkRows) {
      ByteBuffer chunk = ByteBuffer.allocate(Math.min(chunkRows, rows - row) * recordBytes);
      for (int i = 0; i < chunk.capacity(); i += recordBytes) {
        chunk.putInt(i, row + i / recordBytes);
      }
      chunks.add(chunk.array());
    }
    for (int first = 0; first < rows; first++) {
      LaneRows.Cursor cursor = new LaneRows.Cursor(chunks.iterator(), recordBytes, first);
      for (int row = first; row < rows; row++) {
        cursor.advance();
        assertEquals(row, ByteBuffer.wrap(cursor.data()).getInt(cursor.offset()));
      }
      assertThrows(NoSuchElementException.class, cursor::advance);
    }
  }

  @Test
  void chunkRows_recordLargerThanAChunk_isOne() {
    assertEquals(1, LaneRows.chunkRows(100 << 20));
  }
}
