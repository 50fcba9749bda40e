package minilote.trainer.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import minilote.datasets.Dataset;
import minilote.datasets.RecordReader;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The examples of one split of a data set, held over the cluster as packed blocks of {@link #BLOCK}
 * consecutive ids, each partition some consecutive blocks. They are read once and kept (spilled to
 * disk where memory is short). Both the shuffle of an epoch and the evaluation start from here.
 */
final class Examples implements AutoCloseable {
  /** Ids in a block: also the unit of evaluation, whose sums must not depend on partitions. */
  static final int BLOCK = 1024;

  /** A block is one array. */
  private static final int LARGEST_RECORD = (Integer.MAX_VALUE - 8) / BLOCK;

  private final long count;
  private final int partitions;
  private final ValidationSplit validation;
  private final JavaRDD<byte[]> blocks;
  private final Broadcast<SerializableConfiguration> configuration;
  private long @Nullable [] ranks;

  /**
   * @param folder the data set's folder
   * @param split the split's name, {@code train} or {@code test}
   * @param validation which of the ids are set apart for validation
   * @param partitions into how many partitions the blocks are read
   */
  Examples(
      JavaSparkContext spark,
      String folder,
      Dataset dataset,
      String split,
      ValidationSplit validation,
      int partitions) {
    this.count = dataset.split(split).examples();
    if (dataset.format().recordBytes() > LARGEST_RECORD) {
      throw new UserError(
          "%s: an example has %,d bytes, at most %,d are possible"
              .formatted(folder, dataset.format().recordBytes(), LARGEST_RECORD));
    }
    this.validation = validation;
    this.partitions = (int) Math.max(1, Math.min(partitions, blockCount(count)));
    this.configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    Reading reading =
        new Reading(folder, dataset.toJsonText(), split, count, this.partitions, configuration);
    List<Integer> numbers = new ArrayList<>();
    for (int partition = 0; partition < this.partitions; partition++) {
      numbers.add(partition);
    }
    this.blocks =
        spark
            .parallelize(numbers, this.partitions)
            .mapPartitions(reading::blocks)
            .persist(StorageLevel.MEMORY_AND_DISK())
            .setName(dataset.name() + " " + split);
  }

  /** What a task needs to read its blocks; crosses Spark in a closure. */
  private static final class Reading implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String folder;
    private final String dataset;
    private final String split;
    private final long count;
    private final int partitions;
    private final Broadcast<SerializableConfiguration> configuration;

    Reading(
        String folder,
        String dataset,
        String split,
        long count,
        int partitions,
        Broadcast<SerializableConfiguration> configuration) {
      this.folder = folder;
      this.dataset = dataset;
      this.split = split;
      this.count = count;
      this.partitions = partitions;
      this.configuration = configuration;
    }

    Iterator<byte[]> blocks(Iterator<Integer> partition) {
      int number = partition.next();
      long from = firstBlock(number, count, partitions) * BLOCK;
      long to = Math.min(count, firstBlock(number + 1, count, partitions) * BLOCK);
      if (from >= to) {
        return List.<byte[]>of().iterator();
      }
      Dataset described = Dataset.fromJsonText(dataset);
      int recordBytes = described.format().recordBytes();
      RecordReader reader = open(described, from, to);
      // Also when the task fails or is killed before it has read all; twice does no harm.
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> close(reader));
      return new Iterator<>() {
        private long next = from;

        @Override
        public boolean hasNext() {
          return next < to;
        }

        @Override
        public byte[] next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          int rows = (int) Math.min(BLOCK, to - next);
          byte[] block = new byte[rows * recordBytes];
          try {
            int read = reader.read(block);
            if (read != rows) {
              throw new IllegalStateException(
                  "%d of %d examples were read from id %d on".formatted(read, rows, next));
            }
            next += rows;
            if (next == to) {
              reader.close();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return block;
        }
      };
    }

    private static void close(RecordReader reader) {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private RecordReader open(Dataset described, long from, long to) {
      return new RecordReader(
          new Path(folder), described, split, from, to, configuration.value().value());
    }
  }

  static long blockCount(long examples) {
    return (examples + BLOCK - 1) / BLOCK;
  }

  /** The first block of a partition; for {@code partition = partitions} the number of blocks. */
  static long firstBlock(int partition, long examples, int partitions) {
    return partition * blockCount(examples) / partitions;
  }

  /**
   * Packed records, a block an element; partition {@code p} begins with block {@link #firstBlock}.
   */
  JavaRDD<byte[]> blocks() {
    return blocks;
  }

  /** Examples in the split, those for validation included. */
  long count() {
    return count;
  }

  int partitions() {
    return partitions;
  }

  ValidationSplit validation() {
    return validation;
  }

  /**
   * For each partition, the rank of its first training example: how many ids before the partition's
   * first are not for validation. Their sequence within a partition gives the others.
   */
  synchronized long[] ranks() {
    long[] known = ranks;
    if (known == null) {
      known = validation.trainingExamplesBefore(firstIds());
      ranks = known;
    }
    return known;
  }

  private long[] firstIds() {
    long[] firstIds = new long[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      firstIds[partition] = firstBlock(partition, count, partitions) * BLOCK;
    }
    return firstIds;
  }

  @Override
  public void close() {
    blocks.unpersist(false);
    configuration.destroy();
  }
}
