package minilote.datasets.prepare;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Dataset;
import minilote.datasets.ProgressListener;
import minilote.datasets.Sha256;
import minilote.datasets.source.Source;

/** Writes one split as shards of nearly equal length: shard i begins with record ⌊i·N/K⌋. */
final class SplitWriter {
  private static final int RECORDS_A_SIGN = 512;

  /** Where shards go. */
  interface Shards {
    OutputStream create(String file) throws IOException;
  }

  private final Source source;
  private final String split;
  private final int copies;
  private final ProgressListener progress;

  /**
   * @param copies how often the split is written, one after the other
   */
  SplitWriter(Source source, String split, int copies, ProgressListener progress) {
    this.source = source;
    this.split = split;
    this.copies = copies;
    this.progress = progress;
  }

  static String file(String split, int shard) {
    return String.format(Locale.ROOT, "%s/part-%05d.bin", split, shard);
  }

  /** Writes all shards and says what they are. */
  Dataset.Split write(int shardCount, Shards shards) throws IOException {
    Source.Description description = source.description();
    long once = description.examples().getOrDefault(split, 0L);
    long examples = Math.multiplyExact(once, (long) copies);
    StatisticsSum sum = new StatisticsSum(description.format());
    List<Dataset.Shard> written = new ArrayList<>();
    try (Repeated records = new Repeated(once)) {
      for (int i = 0; i < shardCount; i++) {
        // Not (i·N)/K: the product of large numbers of both could overflow.
        long from = begin(examples, shardCount, i);
        long to = begin(examples, shardCount, i + 1);
        written.add(writeShard(file(split, i), from, to, examples, records, sum, shards));
      }
      records.checkEnd();
    }
    return new Dataset.Split(examples, written, sum.statistics());
  }

  /** ⌊i·n/k⌋ without overflow. */
  static long begin(long n, int k, int i) {
    return n / k * i + n % k * i / k;
  }

  private Dataset.Shard writeShard(
      String file,
      long from,
      long to,
      long examples,
      Repeated records,
      StatisticsSum sum,
      Shards shards)
      throws IOException {
    byte[] record = new byte[source.description().format().recordBytes()];
    MessageDigest digest = Sha256.newDigest();
    try (OutputStream out = shards.create(file)) {
      for (long id = from; id < to; id++) {
        records.read(record);
        sum.add(record);
        digest.update(record);
        out.write(record);
        if (id % RECORDS_A_SIGN == 0) {
          progress.progress("write " + split, id, examples);
        }
      }
    }
    progress.progress("write " + split, to, examples);
    return new Dataset.Shard(file, to - from, Sha256.hex(digest));
  }

  /** The records of the split, as many times over as there are copies. */
  private final class Repeated implements AutoCloseable {
    private final long once;
    private Source.Records records;
    private long read;

    Repeated(long once) throws IOException {
      this.once = once;
      this.records = source.open(split);
    }

    void read(byte[] record) throws IOException {
      if (read == once) {
        checkEnd();
        records.close();
        records = source.open(split);
        read = 0;
      }
      if (!records.read(record)) {
        throw changed();
      }
      read++;
    }

    /** A source's own checks of what follows its last record run when it is asked for one more. */
    void checkEnd() throws IOException {
      if (records.read(new byte[source.description().format().recordBytes()])) {
        throw changed();
      }
    }

    private IOException changed() {
      return new IOException(
          "%s changed while it was read: split %s had %d examples at first"
              .formatted(source.description().origin(), split, once));
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }
}
