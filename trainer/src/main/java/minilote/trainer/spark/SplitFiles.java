package minilote.trainer.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import minilote.datasets.Dataset;
import minilote.datasets.RandomLabels;
import minilote.datasets.RecordFormat;
import minilote.datasets.RecordReader;
import minilote.datasets.ValidationSplit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** How the records of one split are read, where they are needed; crosses Spark in a broadcast. */
final class SplitFiles implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String dataset;
  private final String split;
  private final long count;
  private final int recordBytes;
  private final double randomLabels; // see RandomLabels
  private final long labelSeed;
  private final double validationFraction;
  private final long validationSeed;
  private final SerializableConfiguration configuration;

  /** Of a split whose labels stay what they are. */
  SplitFiles(String folder, Dataset dataset, String split, Configuration configuration) {
    this(
        folder,
        dataset,
        split,
        RandomLabels.NONE,
        new ValidationSplit(dataset.split(split).examples(), 0, 0),
        configuration);
  }

  /**
   * @param folder the data set's folder
   * @param split the split's name, {@code train} or {@code test}
   * @param labels drawn as the records are read, so that all that see them see the same ones
   * @param validation whose examples keep their labels
   */
  SplitFiles(
      String folder,
      Dataset dataset,
      String split,
      RandomLabels labels,
      ValidationSplit validation,
      Configuration configuration) {
    this.randomLabels = labels.share();
    this.labelSeed = labels.seed();
    this.validationFraction = validation.fraction();
    this.validationSeed = validation.seed();
    this.folder = folder;
    this.dataset = dataset.toJsonText();
    this.split = split;
    this.count = dataset.split(split).examples();
    this.recordBytes = dataset.format().recordBytes();
    this.configuration = new SerializableConfiguration(configuration);
  }

  /** Examples in the split. */
  long count() {
    return count;
  }

  int recordBytes() {
    return recordBytes;
  }

  /** Blocks of {@link Examples#BLOCK} ids in the split. */
  long blockCount() {
    return Examples.blockCount(count);
  }

  /** The ids of the blocks {@code from … to − 1}; to be closed by the caller. */
  BlockReader open(long from, long to) {
    return new BlockReader(from, to);
  }

  /** Reads blocks one after the other. */
  final class BlockReader implements Iterator<byte[]>, AutoCloseable {
    private final RecordReader reader;
    private final RecordFormat format;
    private final RandomLabels labels = new RandomLabels(randomLabels, labelSeed);
    private final ValidationSplit validation =
        new ValidationSplit(count, validationFraction, validationSeed);
    private final long end;

    private BlockReader(long from, long to) {
      this.end = Math.min(count, to * Examples.BLOCK);
      Dataset read = Dataset.fromJsonText(dataset);
      this.format = read.format();
      this.reader =
          new RecordReader(
              new Path(folder),
              read,
              split,
              Math.min(end, from * Examples.BLOCK),
              end,
              configuration.value());
    }

    @Override
    public boolean hasNext() {
      return reader.nextId() < end;
    }

    /** The packed records of the next block. */
    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      long id = reader.nextId();
      int rows = (int) Math.min(Examples.BLOCK, end - id);
      byte[] block = new byte[rows * recordBytes];
      try {
        int read = reader.read(block);
        if (read != rows) {
          throw new IllegalStateException(
              "%d of %d examples were read from id %d on".formatted(read, rows, id));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      labels.replace(format, block, id, validation);
      return block;
    }

    /** Twice does no harm. */
    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
