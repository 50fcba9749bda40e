package minilote.trainer.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.RandomLabels;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.run.Placement;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The examples of one split of a data set, held over the cluster as packed blocks of {@link #BLOCK}
 * consecutive ids, each partition some consecutive blocks. They are read once and kept: {@link
 * Placement#WHOLE whole}, in each JVM those that it needs, so that an epoch moves none; or {@link
 * Placement#SPREAD spread}, each in one executor (on its disk where memory is short), which gives
 * their rows to those that need them. Both an epoch and the evaluation start from here.
 */
final class Examples implements AutoCloseable {
  /** Ids in a block: also the unit of evaluation, whose sums must not depend on partitions. */
  static final int BLOCK = 1024;

  /** A block is one array. */
  private static final int LARGEST_RECORD = (Integer.MAX_VALUE - 8) / BLOCK;

  private final JavaSparkContext spark;
  private final long count;
  private final int recordBytes;
  private final int partitions;
  private final ValidationSplit validation;
  private final @Nullable Broadcast<WholeSplit> whole;
  private final @Nullable Broadcast<SpreadSplit> spread;
  private final JavaRDD<byte[]> blocks;
  private long @Nullable [] ranks;
  private List<String> holders = List.of(); // by partition; where spread
  private boolean isSettled;
  private int exchangePort;

  /** With the labels that they have. */
  Examples(
      JavaSparkContext spark,
      String folder,
      Dataset dataset,
      String split,
      ValidationSplit validation,
      int partitions,
      Placement placement) {
    this(spark, folder, dataset, split, validation, RandomLabels.NONE, partitions, placement);
  }

  /**
   * @param folder the data set's folder
   * @param split the split's name, {@code train} or {@code test}
   * @param validation which of the ids are set apart for validation
   * @param labels drawn for the others
   * @param partitions into how many partitions the blocks are read
   * @throws UserError where the examples cannot be held as {@code placement} asks for
   */
  Examples(
      JavaSparkContext spark,
      String folder,
      Dataset dataset,
      String split,
      ValidationSplit validation,
      RandomLabels labels,
      int partitions,
      Placement placement) {
    this.spark = spark;
    this.count = dataset.split(split).examples();
    this.recordBytes = dataset.format().recordBytes();
    if (recordBytes > LARGEST_RECORD) {
      throw new UserError(
          "%s: an example has %,d bytes, at most %,d are possible"
              .formatted(folder, recordBytes, LARGEST_RECORD));
    }
    this.validation = validation;
    this.partitions = (int) Math.max(1, Math.min(partitions, blockCount(count)));
    SplitFiles files =
        new SplitFiles(folder, dataset, split, labels, validation, spark.hadoopConfiguration());
    if (Room.of(spark).isWhole(placement, dataset)) {
      this.whole = spark.broadcast(new WholeSplit(files, validation));
      this.spread = null;
      this.blocks = read(new FromMemory(count, this.partitions, whole)::blocks);
    } else {
      this.whole = null;
      this.spread = spark.broadcast(new SpreadSplit(files, this.partitions, validation));
      this.blocks =
          read(new FromFiles(count, this.partitions, spread)::blocks)
              .persist(StorageLevel.MEMORY_AND_DISK())
              .setName(dataset.name() + " " + split);
    }
  }

  private JavaRDD<byte[]> read(FlatMapFunction<Iterator<Integer>, byte[]> blocksOf) {
    List<Integer> numbers = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      numbers.add(partition);
    }
    return spark.parallelize(numbers, partitions).mapPartitions(blocksOf);
  }

  /** How a task comes to a partition's blocks; crosses Spark in a closure. */
  private static final class FromMemory implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long count;
    private final int partitions;
    private final Broadcast<WholeSplit> whole;

    FromMemory(long count, int partitions, Broadcast<WholeSplit> whole) {
      this.count = count;
      this.partitions = partitions;
      this.whole = whole;
    }

    Iterator<byte[]> blocks(Iterator<Integer> partition) {
      int number = partition.next();
      int from = (int) firstBlock(number, count, partitions);
      int to = (int) firstBlock(number + 1, count, partitions);
      return Arrays.asList(whole.value().blocks(from, to)).subList(from, to).iterator();
    }
  }

  /** The same, where they are read. */
  private static final class FromFiles implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long count;
    private final int partitions;
    private final Broadcast<SpreadSplit> split;

    FromFiles(long count, int partitions, Broadcast<SpreadSplit> split) {
      this.count = count;
      this.partitions = partitions;
      this.split = split;
    }

    Iterator<byte[]> blocks(Iterator<Integer> partition) {
      int number = partition.next();
      SplitFiles.BlockReader reader =
          split
              .value()
              .files()
              .open(
                  firstBlock(number, count, partitions), firstBlock(number + 1, count, partitions));
      // Also when the task fails or is killed before it has read all.
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> reader.close());
      return reader;
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

  /** What gives every JVM all examples; null where they are spread. */
  @Nullable Broadcast<WholeSplit> whole() {
    return whole;
  }

  /** What the JVMs hold of them where they are spread; null where every one has all. */
  @Nullable Broadcast<SpreadSplit> spread() {
    return spread;
  }

  /**
   * Lets each partition of examples that are spread be held by a JVM that can be asked for its
   * rows: once, and again after {@link #unsettle}.
   *
   * @return where the JVMs' exchanges listen, by partition
   */
  List<String> settle(Broadcast<SpreadSplit> split, int port) {
    if (!isSettled) {
      exchangePort = port;
      holders =
          new Settling(split, blocks.id(), spark.isLocal(), port).over(blocks.rdd(), String.class);
      isSettled = true;
    }
    return holders;
  }

  /** Some JVM may be gone, with what it held. */
  void unsettle() {
    isSettled = false;
  }

  /** Where they are: whole or spread. */
  Placement placement() {
    return whole == null ? Placement.SPREAD : Placement.WHOLE;
  }

  /** Partitions without data, for tasks that come to theirs by themselves. */
  JavaRDD<byte[]> emptyPartitions(int number) {
    return spark.parallelize(List.of(), number);
  }

  /** Examples in the split, those for validation included. */
  long count() {
    return count;
  }

  int recordBytes() {
    return recordBytes;
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
    if (whole != null) {
      whole.value().release();
      Released.broadcast(whole);
    }
    if (spread != null) {
      Released.cached(blocks);
      Settling.undo(spread.value(), holders, exchangePort);
      Released.broadcast(spread);
    }
  }
}
