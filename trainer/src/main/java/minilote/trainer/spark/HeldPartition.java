package minilote.trainer.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The training examples of one partition as a JVM holds them, for anybody to take from anywhere in
 * it: the arrays that Spark keeps in memory or, where that is short, a file that is mapped, of
 * which the operating system keeps in memory what it can. Does not change; safe for any number of
 * threads.
 */
final class HeldPartition {
  /** Of one mapping: a process may have some ten thousands of them. */
  private static final int MAPPED_BYTES = 1 << 30;

  private final byte @Nullable [][] arrays; // of the blocks; null where they are in a file
  private final ByteBuffer[] blocks; // of Examples.BLOCK packed records each
  private final int[] rows; // of the training examples, among all of the partition
  private final int recordBytes;
  private final @Nullable FileCipher cipher;

  private HeldPartition(
      byte @Nullable [][] arrays,
      List<ByteBuffer> blocks,
      int[] rows,
      int recordBytes,
      @Nullable FileCipher cipher) {
    this.arrays = arrays;
    this.blocks = blocks.toArray(ByteBuffer[]::new);
    this.rows = rows;
    this.recordBytes = recordBytes;
    this.cipher = cipher;
  }

  /**
   * Of blocks that stay where they are.
   *
   * @param rows of the training examples, among all of the partition
   */
  static HeldPartition inMemory(Iterator<byte[]> blocks, int[] rows, int recordBytes) {
    List<byte[]> arrays = new ArrayList<>();
    blocks.forEachRemaining(arrays::add);
    return new HeldPartition(
        arrays.toArray(byte[][]::new),
        arrays.stream().map(ByteBuffer::wrap).toList(),
        rows,
        recordBytes,
        null);
  }

  /**
   * Of blocks that are written to a file, which has no name any more when this returns: it is gone
   * with this object or with the process, however that ends.
   *
   * @param file where nothing is yet
   * @param cipher where nobody may read it; else null
   */
  static HeldPartition inFile(
      File file,
      Iterator<byte[]> blocks,
      int[] rows,
      int recordBytes,
      @Nullable FileCipher cipher) {
    return inFile(file, blocks, rows, recordBytes, cipher, MAPPED_BYTES);
  }

  /**
   * The same, or a test's.
   *
   * @param mappedBytes of one mapping at most, unless a block has more
   */
  static HeldPartition inFile(
      File file,
      Iterator<byte[]> blocks,
      int[] rows,
      int recordBytes,
      @Nullable FileCipher cipher,
      int mappedBytes) {
    try (FileChannel channel =
        FileChannel.open(
            file.toPath(),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      while (blocks.hasNext()) {
        ByteBuffer block = ByteBuffer.wrap(blocks.next());
        if (cipher != null) {
          block = ByteBuffer.wrap(block.array().clone());
          cipher.apply(channel.position(), block);
        }
        while (block.hasRemaining()) {
          channel.write(block);
        }
      }
      return new HeldPartition(
          null, mapped(channel, recordBytes, mappedBytes), rows, recordBytes, cipher);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  private static void delete(File file) {
    try {
      Files.deleteIfExists(file.toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ByteBuffer> mapped(FileChannel channel, int recordBytes, int mappedBytes)
      throws IOException {
    int blockBytes = Examples.BLOCK * recordBytes;
    long most = (long) Math.max(1, mappedBytes / blockBytes) * blockBytes;
    List<ByteBuffer> blocks = new ArrayList<>();
    for (long at = 0; at < channel.size(); at += most) {
      ByteBuffer mapped =
          channel
              .map(MapMode.READ_ONLY, at, Math.min(most, channel.size() - at))
              .asReadOnlyBuffer();
      for (int from = 0; from < mapped.capacity(); from += blockBytes) {
        blocks.add(mapped.slice(from, Math.min(blockBytes, mapped.capacity() - from)));
      }
    }
    return blocks;
  }

  /** Whether it is in a file. */
  boolean isMapped() {
    return arrays == null;
  }

  /** The array that has a training example; only of a partition that is in no file. */
  byte[] array(int index) {
    return Objects.requireNonNull(arrays)[rows[index] / Examples.BLOCK];
  }

  /** Where in its block a training example begins. */
  int offset(int index) {
    return rows[index] % Examples.BLOCK * recordBytes;
  }

  /** The places of the training examples among all of the partition. */
  int[] rows() {
    return rows;
  }

  /** Copies a training example to {@code at} of a buffer. */
  void copy(int index, ByteBuffer to, int at) {
    int block = rows[index] / Examples.BLOCK;
    to.put(at, blocks[block], offset(index), recordBytes);
    if (cipher != null) {
      cipher.apply((long) rows[index] * recordBytes, to.slice(at, recordBytes));
    }
  }
}
