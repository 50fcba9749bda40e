package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.Statistics;
import minilote.datasets.TargetKind;

/** Small prepared data sets, written byte by byte. */
final class TestData {
  static final int CHANNELS = 2;
  static final int SIDE = 3;
  static final int CLASSES = 3;
  static final int FEATURES = CHANNELS * SIDE * SIDE;

  private TestData() {}

  /**
   * Tiny images of three classes that can be learned, in shards of unequal size, and half as many
   * for testing.
   */
  static Path images(Path folder, int examples, int shards) {
    RecordFormat format =
        new RecordFormat(
            FeatureType.BYTES, List.of(CHANNELS, SIDE, SIDE), TargetKind.CLASS, CLASSES);
    Random random = new Random(42);
    Map<String, Dataset.Split> splits = new LinkedHashMap<>();
    splits.put("train", split(folder, "train", examples, shards, random));
    splits.put("test", split(folder, "test", examples / 2, 2, random));
    Dataset dataset =
        new Dataset("tiny", format, List.of("red", "green", "none"), splits, 1, "made up", "");
    try {
      Files.writeString(folder.resolve("dataset.json"), dataset.toJsonText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static Dataset.Split split(
      Path folder, String name, int examples, int shards, Random random) {
    try {
      Files.createDirectories(folder.resolve(name));
      List<Dataset.Shard> written = new ArrayList<>();
      long[] sums = new long[CHANNELS];
      long[] squares = new long[CHANNELS];
      int done = 0;
      for (int shard = 0; shard < shards; shard++) {
        int until =
            shard == shards - 1 ? examples : done + Math.max(1, (examples - done) / (shard + 2));
        ByteBuffer records =
            ByteBuffer.allocate((until - done) * (2 + FEATURES)).order(ByteOrder.LITTLE_ENDIAN);
        for (int id = done; id < until; id++) {
          int label = random.nextInt(CLASSES);
          records.putShort((short) label);
          for (int i = 0; i < FEATURES; i++) {
            int channel = i / (SIDE * SIDE);
            int pixel = Math.min(255, random.nextInt(160) + (channel == label ? 96 : 0));
            sums[channel] += pixel;
            squares[channel] += (long) pixel * pixel;
            records.put((byte) pixel);
          }
        }
        String file = "%s/part-%05d.bin".formatted(name, shard);
        Files.write(folder.resolve(file), records.array());
        written.add(new Dataset.Shard(file, until - done, Sha256.of(records.array())));
        done = until;
      }
      long count = (long) examples * SIDE * SIDE;
      return new Dataset.Split(
          examples,
          written,
          new Statistics(FeatureType.BYTES, count, decimals(sums), decimals(squares)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<BigDecimal> decimals(long[] sums) {
    return Arrays.stream(sums).mapToObj(BigDecimal::valueOf).toList();
  }
}
