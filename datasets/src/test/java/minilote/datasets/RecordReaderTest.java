package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReaderTest {
  private static final RecordFormat FORMAT = RecordFormat.image(1, 1, 3, 2);
  private static final int RECORD = FORMAT.recordBytes(); // 5
  private static final int[] SHARDS = {3, 0, 1, 4};

  @TempDir java.nio.file.Path folder;
  private byte[] all;

  @BeforeEach
  void writeShards() throws IOException {
    all = new byte[8 * RECORD];
    for (int id = 0; id < 8; id++) {
      Arrays.fill(all, id * RECORD, (id + 1) * RECORD, (byte) (10 + id));
      all[id * RECORD] = (byte) (id % 2);
      all[id * RECORD + 1] = 0;
    }
    Files.createDirectories(folder.resolve("train"));
    int at = 0;
    for (int i = 0; i < SHARDS.length; i++) {
      int bytes = SHARDS[i] * RECORD;
      Files.write(shard(i), Arrays.copyOfRange(all, at, at + bytes));
      at += bytes;
    }
  }

  private java.nio.file.Path shard(int i) {
    return folder.resolve("train/part-0000" + i + ".bin");
  }

  private static Dataset dataset(RecordFormat format, int... shardExamples) {
    List<Dataset.Shard> shards = new ArrayList<>();
    for (int i = 0; i < shardExamples.length; i++) {
      shards.add(
          new Dataset.Shard("train/part-0000" + i + ".bin", shardExamples[i], "0".repeat(64)));
    }
    List<BigDecimal> zeros = Collections.nCopies(format.channels(), BigDecimal.ZERO);
    Statistics statistics = new Statistics(format.featureType(), 8, zeros, zeros);
    Dataset.Split split = new Dataset.Split(Arrays.stream(shardExamples).sum(), shards, statistics);
    return new Dataset("tiny", format, List.of(), Map.of("train", split), 1, "", "");
  }

  private RecordReader reader(Dataset dataset, long fromId, long toId) {
    return new RecordReader(
        new Path(folder.toUri().toString()),
        dataset,
        "train",
        fromId,
        toId,
        new Configuration(false));
  }

  private byte[] readAll(Dataset dataset, long fromId, long toId, int bufferBytes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[bufferBytes];
    try (RecordReader reader = reader(dataset, fromId, toId)) {
      assertEquals(fromId, reader.nextId());
      for (int n = reader.read(buffer); n > 0; n = reader.read(buffer)) {
        out.write(buffer, 0, n * RECORD);
        assertEquals(fromId + out.size() / RECORD, reader.nextId());
      }
      assertEquals(0, reader.read(buffer));
    }
    return out.toByteArray();
  }

  @Test
  void read_everyRangeAndBuffer_givesItsRecordsInOrder() throws IOException {
    int cases = 0;
    for (int from = 0; from <= 8; from++) {
      for (int to = from; to <= 8; to++) {
        for (int buffer : new int[] {RECORD, RECORD + 4, 3 * RECORD, 100 * RECORD}) {
          assertArrayEquals(
              Arrays.copyOfRange(all, from * RECORD, to * RECORD),
              readAll(dataset(FORMAT, SHARDS), from, to, buffer));
          cases++;
        }
      }
    }
    assertEquals(45 * 4, cases);
  }

  @Test
  void read_roomForAllRecords_fillsTheBufferAcrossShards() throws IOException {
    try (RecordReader reader = reader(dataset(FORMAT, SHARDS), 1, 8)) {
      assertEquals(5, reader.read(new byte[5 * RECORD]));
      assertEquals(6, reader.nextId());
    }
  }

  @Test
  void new_rangeBeyondTheSplit_isRefused() {
    Dataset dataset = dataset(FORMAT, SHARDS);
    assertThrows(IllegalArgumentException.class, () -> reader(dataset, 0, 9));
    assertThrows(IllegalArgumentException.class, () -> reader(dataset, -1, 2));
    assertThrows(IllegalArgumentException.class, () -> reader(dataset, 3, 2));
  }

  @Test
  void read_bufferBelowOneRecord_isRefused() throws IOException {
    try (RecordReader reader = reader(dataset(FORMAT, SHARDS), 0, 8)) {
      assertThrows(IllegalArgumentException.class, () -> reader.read(new byte[RECORD - 1]));
    }
  }

  private String sentence(Dataset dataset) {
    return assertThrows(UserError.class, () -> readAll(dataset, 0, 8, 2 * RECORD)).getMessage();
  }

  private String name(int shard) {
    return new Path(new Path(folder.toUri().toString()), "train/part-0000" + shard + ".bin")
        .toString();
  }

  @Test
  void read_shardMissing_namesIt() throws IOException {
    Files.delete(shard(2));
    assertEquals(
        name(2) + " is not there, although dataset.json names it",
        sentence(dataset(FORMAT, SHARDS)));
  }

  @Test
  void read_shardCutShort_namesRecordAndOffset() throws IOException {
    Files.write(shard(3), Arrays.copyOf(all, 12));
    assertEquals(
        name(3)
            + " has 12 bytes instead of 20 (4 records of 5): record 2, which begins at offset 10,"
            + " is cut short or missing",
        sentence(dataset(FORMAT, SHARDS)));
  }

  @Test
  void read_shardTooLong_namesTheOffsetOfWhatIsTooMuch() throws IOException {
    Files.write(shard(0), Arrays.copyOf(all, 16));
    assertEquals(
        name(0)
            + " has 16 bytes instead of 15 (3 records of 5): what begins at offset 15 belongs to"
            + " no record",
        sentence(dataset(FORMAT, SHARDS)));
  }

  @Test
  void read_classOutOfRange_namesFileAndOffset() throws IOException {
    byte[] records = Arrays.copyOf(all, 20);
    records[10] = 7;
    records[11] = 1;
    Files.write(shard(3), records);
    assertEquals(
        name(3) + ": class 263 at offset 10 is out of range, it must be 0..1",
        sentence(dataset(FORMAT, SHARDS)));
  }

  @Test
  void read_labelNeitherZeroNorOne_namesFileAndOffset() throws IOException {
    RecordFormat labels =
        new RecordFormat(FeatureType.BYTES, List.of(3), TargetKind.LABELS, 2); // 5 bytes as well
    byte[] records = Arrays.copyOf(all, 20);
    records[16] = (byte) 200;
    Files.write(shard(3), records);
    assertEquals(
        name(3) + ": label 200 at offset 16 is out of range, it must be 0 or 1",
        sentence(dataset(labels, SHARDS)));
  }

  @Test
  void read_numberNotFinite_namesFileAndOffset() throws IOException {
    RecordFormat numbers =
        new RecordFormat(FeatureType.BYTES, List.of(1), TargetKind.NUMBERS, 1); // 5 bytes as well
    byte[] records = new byte[20];
    LittleEndian.putFloat(records, 5, Float.NaN);
    Files.write(shard(3), records);
    assertEquals(
        name(3) + ": number NaN at offset 5 is out of range, it must be a finite one",
        sentence(dataset(numbers, SHARDS)));
  }

  @Test
  void verify_otherBytes_namesFileAndBothDigests() throws IOException {
    Path path = new Path(folder.toUri().toString());
    Configuration conf = new Configuration(false);
    String right = Sha256.of(Arrays.copyOf(all, 15));
    ShardFiles.verify(path, FORMAT, new Dataset.Shard("train/part-00000.bin", 3, right), conf);
    UserError e =
        assertThrows(
            UserError.class,
            () ->
                ShardFiles.verify(
                    path,
                    FORMAT,
                    new Dataset.Shard("train/part-00000.bin", 3, "0".repeat(64)),
                    conf));
    assertEquals(
        name(0)
            + " has SHA-256 "
            + right
            + " where dataset.json says "
            + "0".repeat(64)
            + ": prepare the data set again",
        e.getMessage());
  }
}
