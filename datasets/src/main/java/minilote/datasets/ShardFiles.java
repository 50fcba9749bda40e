package minilote.datasets;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import minilote.datasets.Dataset.Shard;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens shards only as what {@code dataset.json} says they are. */
public final class ShardFiles {
  private ShardFiles() {}

  /**
   * Reads a whole shard and compares its SHA-256.
   *
   * @throws UserError naming the file when it is missing, of another length, or not these bytes
   */
  public static void verify(Path folder, RecordFormat format, Shard shard, Configuration conf)
      throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (FSDataInputStream in = open(folder, format, shard, conf)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    String found = Sha256.hex(digest);
    if (!found.equals(shard.sha256())) {
      throw new UserError(
          "%s has SHA-256 %s where %s says %s: prepare the data set again"
              .formatted(new Path(folder, shard.file()), found, Dataset.FILE, shard.sha256()));
    }
  }

  /** Opens a shard whose length has been compared. */
  static FSDataInputStream open(Path folder, RecordFormat format, Shard shard, Configuration conf)
      throws IOException {
    Path file = new Path(folder, shard.file());
    FileSystem files = file.getFileSystem(conf);
    try {
      long expected = shard.examples() * format.recordBytes();
      long length = files.getFileStatus(file).getLen();
      if (length != expected) {
        throw wrongLength(file, format, shard, length, expected);
      }
      return files.open(file);
    } catch (FileNotFoundException e) {
      throw new UserError("%s is not there, although %s names it".formatted(file, Dataset.FILE), e);
    }
  }

  private static UserError wrongLength(
      Path file, RecordFormat format, Shard shard, long length, long expected) {
    int record = format.recordBytes();
    String where =
        length < expected
            ? "record %d, which begins at offset %d, is cut short or missing"
                .formatted(length / record, length / record * record)
            : "what begins at offset %d belongs to no record".formatted(expected);
    return new UserError(
        "%s has %d bytes instead of %d (%d records of %d): %s"
            .formatted(file, length, expected, shard.examples(), record, where));
  }
}
