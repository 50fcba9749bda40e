package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldPartitionTest {
  private static final int RECORD = 5;
  private static final int LAST_BLOCK = 300;

  @TempDir Path temporary;

  private static List<byte[]> blocks() {
    Random random = new Random(1);
    List<byte[]> blocks = new ArrayList<>();
    for (int rows : new int[] {Examples.BLOCK, Examples.BLOCK, Examples.BLOCK, LAST_BLOCK}) {
      byte[] block = new byte[rows * RECORD];
      random.nextBytes(block);
      blocks.add(block);
    }
    return blocks;
  }

  @Test
  void copy_fromMemoryAndFromAFileInSeveralMappings_givesTheSameRecords() throws Exception {
    List<byte[]> blocks = blocks();
    int all = 3 * Examples.BLOCK + LAST_BLOCK;
    int[] rows = new int[all / 2];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 2 * i + 1;
    }
    HeldPartition memory = HeldPartition.inMemory(blocks.iterator(), rows, RECORD);
    assertSame(blocks.get(2), memory.array(Examples.BLOCK));
    for (int mappedBytes : new int[] {1, 2 * Examples.BLOCK * RECORD + 1, 1 << 30}) {
      HeldPartition file = inFile(rows, null, mappedBytes);
      HeldPartition encrypted = inFile(rows, new FileCipher(32), mappedBytes);
      assertTrue(file.isMapped());
      for (int i = 0; i < rows.length; i++) {
        byte[] expected = new byte[RECORD + 2];
        System.arraycopy(
            blocks.get(rows[i] / Examples.BLOCK),
            rows[i] % Examples.BLOCK * RECORD,
            expected,
            1,
            RECORD);
        for (HeldPartition held : List.of(memory, file, encrypted)) {
          ByteBuffer array = ByteBuffer.allocate(RECORD + 2);
          held.copy(i, array, 1);
          assertArrayEquals(expected, array.array());
          ByteBuffer direct = ByteBuffer.allocateDirect(RECORD + 2);
          held.copy(i, direct, 1);
          byte[] copied = new byte[RECORD + 2];
          direct.get(copied);
          assertArrayEquals(expected, copied);
        }
      }
    }
  }

  private HeldPartition inFile(int[] rows, @Nullable FileCipher cipher, int mappedBytes) {
    return HeldPartition.inFile(
        temporary.resolve("held").toFile(), blocks().iterator(), rows, RECORD, cipher, mappedBytes);
  }

  /** However the process ends, nothing is left on the disk. */
  @Test
  void inFile_whileItIsHeld_hasNoName() throws Exception {
    Path file = temporary.resolve("held");
    HeldPartition held =
        HeldPartition.inFile(file.toFile(), blocks().iterator(), new int[] {7}, RECORD, null);
    assertTrue(Files.notExists(file));
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    held.copy(0, record, 0);
    assertEquals(blocks().get(0)[7 * RECORD], record.get(0));
  }
}
