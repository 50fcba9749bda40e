package minilote.trainer.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Synchronization;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The training examples of one epoch, each where its lane is computed and in the order in which it
 * is needed. Pixels stay bytes.
 *
 * <p>Where every JVM holds all examples, nothing moves: rows are found where they are (see {@link
 * RowsInPlace}). Else tasks that stay for many steps fetch them from where they are held, ahead of
 * the steps that need them (see {@link FetchedRows}); for others they come to their places (see
 * {@link LaneRows}) in one shuffle, packed: a few large blocks of bytes from every partition to
 * every other, not one object an example.
 */
final class EpochData implements AutoCloseable {
  /** What the map side may hold back before it sends, over all receivers. */
  private static final int SEND_BUFFERS_BYTES = 16 << 20;

  private static final int SEND_BUFFER_BYTES = 1 << 20;

  private final EpochShape shape;
  private final JavaRDD<byte[]> held;
  private final Rows.Source rows;
  private final RowKeys.Source keys;

  private EpochData(Examples examples, EpochShape shape, JavaRDD<byte[]> held, Rows.Source rows) {
    this.shape = shape;
    this.held = held;
    this.rows = rows;
    this.keys = new RowKeys.Source(shape, examples.count(), examples.validation());
  }

  /**
   * The training examples of an epoch of {@code shape}, in the way that their placement asks for,
   * for tasks of one step.
   */
  static EpochData of(Examples examples, EpochShape shape) {
    Broadcast<WholeSplit> whole = examples.whole();
    return whole == null ? shuffle(examples, shape) : inPlace(examples, whole, shape);
  }

  /**
   * The same for tasks of many steps, which can wait for rows while they compute: examples that are
   * spread do not move before they are needed.
   */
  static EpochData fetched(Examples examples, EpochShape shape, Synchronization synchronization) {
    Broadcast<SpreadSplit> spread = examples.spread();
    int port = synchronization.exchangePort();
    if (spread == null) {
      return of(examples, shape);
    }
    List<String> addresses = examples.settle(spread, port);
    return new EpochData(
        examples,
        shape,
        examples.emptyPartitions(shape.partitions()),
        new FetchedRows(
            shape, spread, examples.ranks(), addresses, port, synchronization.timeoutSeconds()));
  }

  private static EpochData inPlace(
      Examples examples, Broadcast<WholeSplit> whole, EpochShape shape) {
    return new EpochData(
        examples,
        shape,
        examples.emptyPartitions(shape.partitions()),
        new RowsInPlace.Source(shape, whole));
  }

  /**
   * Moves the training examples to the places that {@code shape} gives them; lazily, with the first
   * step.
   */
  private static EpochData shuffle(Examples examples, EpochShape shape) {
    int recordBytes = examples.recordBytes();
    Sending sending =
        new Sending(shape, recordBytes, examples.count(), examples.ranks(), examples.validation());
    Arranging arranging = new Arranging(shape, recordBytes);
    JavaRDD<byte[]> chunks =
        examples
            .blocks()
            .mapPartitionsToPair(sending::send)
            .partitionBy(new ByNumber(shape.partitions()))
            .mapPartitions(arranging::arrange, true)
            .persist(StorageLevel.MEMORY_AND_DISK())
            .setName("epoch " + shape.epoch());
    return new EpochData(examples, shape, chunks, new InChunks(shape, recordBytes));
  }

  EpochShape shape() {
    return shape;
  }

  /** What tasks run on: a partition for each part of the lanes, with what {@link #rows} needs. */
  JavaRDD<byte[]> held() {
    return held;
  }

  /** How a task comes to its rows. */
  Rows.Source rows() {
    return rows;
  }

  /** How a task comes to the keys of its rows. */
  RowKeys.Source keys() {
    return keys;
  }

  @Override
  public void close() {
    if (held.getStorageLevel().equals(StorageLevel.NONE())) {
      return; // Nothing has moved.
    }
    held.unpersist(false);
    // Spark itself deletes a shuffle's files only when the driver's garbage collector finds that
    // nobody knows of it any more, which may be many epochs, each as large as the data, later.
    held.rdd().cleanShuffleDependencies(false);
  }

  /** Sends key {@code k} to partition {@code k}. */
  static final class ByNumber extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    ByNumber(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ByNumber that && partitions == that.partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }

  /** Reads the chunks that a shuffle has left. */
  private static final class InChunks implements Rows.Source {
    private static final long serialVersionUID = 1L;

    private final EpochShape shape;
    private final int recordBytes;

    InChunks(EpochShape shape, int recordBytes) {
      this.shape = shape;
      this.recordBytes = recordBytes;
    }

    @Override
    public boolean anywhere() {
      return false;
    }

    @Override
    public Rows open(Iterator<byte[]> chunks, int part, long from, long to) {
      return new LaneRows.Cursor(chunks, recordBytes, shape.rowsBefore(part, from));
    }
  }

  /**
   * The map side: every training example of a partition goes, with its position, into the buffer of
   * its receiver.
   */
  private static final class Sending implements Serializable {
    private static final long serialVersionUID = 1L;

    private final EpochShape shape;
    private final int recordBytes;
    private final long examples;
    private final long[] ranks;
    private final double validationFraction;
    private final long validationSeed;

    Sending(
        EpochShape shape,
        int recordBytes,
        long examples,
        long[] ranks,
        ValidationSplit validation) {
      this.shape = shape;
      this.recordBytes = recordBytes;
      this.examples = examples;
      this.ranks = ranks;
      this.validationFraction = validation.fraction();
      this.validationSeed = validation.seed();
    }

    Iterator<Tuple2<Integer, byte[]>> send(Iterator<byte[]> blocks) {
      int partition = TaskContext.getPartitionId();
      int partitions = ranks.length;
      long firstId = Examples.firstBlock(partition, examples, partitions) * Examples.BLOCK;
      ValidationSplit validation =
          new ValidationSplit(examples, validationFraction, validationSeed);
      int entryBytes = Long.BYTES + recordBytes;
      int bufferBytes =
          Math.max(
                  1,
                  Math.min(SEND_BUFFER_BYTES, SEND_BUFFERS_BYTES / shape.partitions()) / entryBytes)
              * entryBytes;
      ByteBuffer[] buffers = new ByteBuffer[shape.partitions()];
      for (int receiver = 0; receiver < buffers.length; receiver++) {
        buffers[receiver] = ByteBuffer.allocate(bufferBytes);
      }
      return new Iterator<>() {
        private final ArrayDeque<Tuple2<Integer, byte[]>> full = new ArrayDeque<>();
        private long id = firstId;
        private long rank = ranks[partition];
        private boolean drained;

        @Override
        public boolean hasNext() {
          while (full.isEmpty() && blocks.hasNext()) {
            distribute(blocks.next());
          }
          if (full.isEmpty() && !drained) {
            drained = true;
            for (int receiver = 0; receiver < buffers.length; receiver++) {
              flush(receiver);
            }
          }
          return !full.isEmpty();
        }

        @Override
        public Tuple2<Integer, byte[]> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return full.remove();
        }

        private void distribute(byte[] block) {
          long used = shape.order().used();
          for (int offset = 0; offset < block.length; offset += recordBytes, id++) {
            if (validation.isValidation(id)) {
              continue;
            }
            long position = shape.order().position(rank++);
            if (position >= used) {
              continue; // Of the last batch, which is dropped.
            }
            int receiver = shape.partitionOf(position);
            buffers[receiver].putLong(position).put(block, offset, recordBytes);
            if (!buffers[receiver].hasRemaining()) {
              flush(receiver);
            }
          }
        }

        private void flush(int receiver) {
          ByteBuffer buffer = buffers[receiver].flip();
          if (buffer.hasRemaining()) {
            byte[] packet = new byte[buffer.remaining()];
            buffer.get(packet);
            full.add(new Tuple2<>(receiver, packet));
          }
          buffer.clear();
        }
      };
    }
  }

  /** The reduce side: every example that arrives is put into its row. */
  private static final class Arranging implements Serializable {
    private static final long serialVersionUID = 1L;

    private final EpochShape shape;
    private final int recordBytes;

    Arranging(EpochShape shape, int recordBytes) {
      this.shape = shape;
      this.recordBytes = recordBytes;
    }

    Iterator<byte[]> arrange(Iterator<Tuple2<Integer, byte[]>> arriving) {
      int partition = TaskContext.getPartitionId();
      long rows = shape.rows(partition);
      int chunkRows = LaneRows.chunkRows(recordBytes);
      byte[][] chunks = new byte[Math.toIntExact((rows + chunkRows - 1) / chunkRows)][];
      for (int chunk = 0; chunk < chunks.length; chunk++) {
        long rest = rows - (long) chunk * chunkRows;
        chunks[chunk] = new byte[(int) Math.min(chunkRows, rest) * recordBytes];
      }
      long arrived = 0;
      while (arriving.hasNext()) {
        ByteBuffer packet = ByteBuffer.wrap(arriving.next()._2());
        while (packet.hasRemaining()) {
          long row = shape.rowOf(packet.getLong(), partition);
          packet.get(
              chunks[(int) (row / chunkRows)], (int) (row % chunkRows) * recordBytes, recordBytes);
          arrived++;
        }
      }
      if (arrived != rows) {
        throw new IllegalStateException(
            "partition %d of epoch %d received %d examples instead of %d"
                .formatted(partition, shape.epoch(), arrived, rows));
      }
      return List.of(chunks).iterator();
    }
  }
}
