package minilote.trainer.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import minilote.datasets.Dataset;
import minilote.datasets.ValidationSplit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext$;

/** A small split whose examples are spread, and the order in which an epoch needs them. */
final class SpreadFixture {
  static final int COUNT = 5_000; // Five blocks of ids.
  static final int PARTITIONS = 4;
  static final int PARTS = 3;

  final SpreadSplit split;
  final int recordBytes;
  final long[] firstRanks;
  final EpochShape shape;
  private final List<byte[]> blocks = new ArrayList<>();
  private final List<byte[]> byRank = new ArrayList<>(); // training examples, by the definition
  private final ValidationSplit validation = new ValidationSplit(COUNT, 0.13, 3);
  private final Path folder;

  SpreadFixture(Path folder) throws IOException {
    this.folder = folder;
    TestData.images(folder, COUNT, 7);
    Configuration configuration = new Configuration();
    String name = folder.toUri().toString();
    Dataset dataset = Dataset.read(new org.apache.hadoop.fs.Path(name), configuration);
    SplitFiles files = new SplitFiles(name, dataset, "train", configuration);
    try (SplitFiles.BlockReader reader = files.open(0, 5)) {
      reader.forEachRemaining(blocks::add);
    }
    this.recordBytes = files.recordBytes();
    this.split = new SpreadSplit(files, PARTITIONS, validation);
    for (int id = 0; id < COUNT; id++) {
      if (!validation.isValidation(id)) {
        int at = id % Examples.BLOCK * recordBytes;
        byRank.add(Arrays.copyOfRange(blocks.get(id / Examples.BLOCK), at, at + recordBytes));
      }
    }
    long[] firstIds = new long[PARTITIONS];
    Arrays.setAll(firstIds, p -> Examples.firstBlock(p, COUNT, PARTITIONS) * (long) Examples.BLOCK);
    this.firstRanks = validation.trainingExamplesBefore(firstIds);
    this.shape = new EpochShape(11, 2, validation.trainingExamples(), 101, false, 8, PARTS);
  }

  /** Lets this JVM hold a partition, in memory or in a file. */
  SpreadFixture hold(int partition, boolean inMemory) {
    int from = (int) Examples.firstBlock(partition, COUNT, PARTITIONS);
    int to = (int) Examples.firstBlock(partition + 1, COUNT, PARTITIONS);
    Iterator<byte[]> held = blocks.subList(from, to).iterator();
    int[] rows = split.trainingRows(partition);
    split.hold(
        partition,
        inMemory
            ? HeldPartition.inMemory(held, rows, recordBytes)
            : HeldPartition.inFile(folder.resolve("held").toFile(), held, rows, recordBytes, null));
    return this;
  }

  /** The training example of a rank. */
  byte[] record(long rank) {
    return byRank.get((int) rank);
  }

  PartPositions positions(int part, long from, long to) {
    return new PartPositions(shape, part, from, to);
  }

  /** What a part's lanes need in some steps, in order. */
  List<byte[]> expected(int part, long from, long to) {
    List<byte[]> records = new ArrayList<>();
    for (PartPositions positions = positions(part, from, to); positions.hasNext(); ) {
      records.add(record(shape.order().rank(positions.next())));
    }
    return records;
  }

  /** Of no task. */
  static Patience patience(double seconds) {
    return new Patience(TaskContext$.MODULE$.empty(), seconds);
  }

  static byte[] record(Rows rows, int recordBytes) {
    return Arrays.copyOfRange(rows.data(), rows.offset(), rows.offset() + recordBytes);
  }
}
