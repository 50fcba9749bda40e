package minilote.datasets;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import minilote.datasets.Dataset.Shard;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one split whose ids lie in a range, in order, across shards. Every shard's
 * length is compared before it is read, every class and label as it is read.
 *
 * <p>Not safe for several threads at once.
 */
public final class RecordReader implements Closeable {
  private final Path folder;
  private final RecordFormat format;
  private final List<Shard> shards;
  private final long toId;
  private final Configuration conf;

  private long nextId;
  private int shard; // of nextId, once positioned
  private long shardFromId; // the id of that shard's first record
  private @Nullable FSDataInputStream in; // at nextId's record, when open

  /**
   * @param fromId the first id to read
   * @param toId the id after the last one to read
   * @throws UserError when the data set has no such split
   */
  public RecordReader(
      Path folder, Dataset dataset, String split, long fromId, long toId, Configuration conf) {
    Dataset.Split part = dataset.split(split);
    if (fromId < 0 || fromId > toId || toId > part.examples()) {
      throw new IllegalArgumentException(
          "ids %d..%d are not within the %d examples of split \"%s\""
              .formatted(fromId, toId, part.examples(), split));
    }
    this.folder = folder;
    this.format = dataset.format();
    this.shards = part.shards();
    this.nextId = fromId;
    this.toId = toId;
    this.conf = conf;
  }

  /** The id of the record that the next {@link #read} begins with. */
  public long nextId() {
    return nextId;
  }

  /**
   * Fills the buffer from its beginning with as many whole records as it holds and the range still
   * has.
   *
   * @return the number of records read; 0 at the end of the range
   * @throws UserError naming file and offset when a shard is not as described or a target is out of
   *     its range
   */
  public int read(byte[] buffer) throws IOException {
    int recordBytes = format.recordBytes();
    int room = buffer.length / recordBytes;
    if (room == 0) {
      throw new IllegalArgumentException(
          "a buffer of %d bytes holds no record of %d".formatted(buffer.length, recordBytes));
    }
    int records = 0;
    while (records < room && nextId < toId) {
      FSDataInputStream stream = positioned();
      Shard current = shards.get(shard);
      long shardToId = shardFromId + current.examples();
      int n = (int) Math.min(room - records, Math.min(toId, shardToId) - nextId);
      try {
        stream.readFully(buffer, records * recordBytes, n * recordBytes);
      } catch (EOFException e) {
        throw new UserError(
            "%s ended while its records from offset %d on were read: it has been cut short"
                .formatted(new Path(folder, current.file()), offsetOf(nextId)),
            e);
      }
      checkTargets(buffer, records, n);
      records += n;
      nextId += n;
      if (nextId == shardToId) {
        close();
      }
    }
    return records;
  }

  private FSDataInputStream positioned() throws IOException {
    FSDataInputStream stream = in;
    if (stream == null) {
      while (nextId >= shardFromId + shards.get(shard).examples()) {
        shardFromId += shards.get(shard).examples();
        shard++;
      }
      stream = ShardFiles.open(folder, format, shards.get(shard), conf);
      in = stream;
      stream.seek(offsetOf(nextId));
    }
    return stream;
  }

  private long offsetOf(long id) {
    return (id - shardFromId) * format.recordBytes();
  }

  private void checkTargets(byte[] buffer, int fromRecord, int records) {
    int recordBytes = format.recordBytes();
    for (int i = 0; i < records; i++) {
      int at = (fromRecord + i) * recordBytes;
      switch (format.targetKind()) {
        case CLASS -> {
          int label = format.label(buffer, at);
          if (label >= format.targets()) {
            throw wrongTarget(i, 0, "class " + label, "0.." + (format.targets() - 1));
          }
        }
        case LABELS -> {
          for (int k = 0; k < format.targets(); k++) {
            if ((buffer[at + k] & ~1) != 0) {
              throw wrongTarget(i, k, "label " + (buffer[at + k] & 0xff), "0 or 1");
            }
          }
        }
        case NUMBERS -> {
          for (int k = 0; k < format.targets(); k++) {
            float number = LittleEndian.getFloat(buffer, at + Float.BYTES * k);
            if (!Float.isFinite(number)) {
              throw wrongTarget(i, Float.BYTES * k, "number " + number, "a finite one");
            }
          }
        }
      }
    }
  }

  private UserError wrongTarget(int record, int within, String found, String right) {
    return new UserError(
        "%s: %s at offset %d is out of range, it must be %s"
            .formatted(
                new Path(folder, shards.get(shard).file()),
                found,
                offsetOf(nextId + record) + within,
                right));
  }

  @Override
  public void close() throws IOException {
    FSDataInputStream stream = in;
    in = null;
    if (stream != null) {
      stream.close();
    }
  }
}
