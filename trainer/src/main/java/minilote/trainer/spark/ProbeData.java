package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.Statistics;
import minilote.datasets.TargetKind;
import minilote.trainer.network.Network;

/**
 * Examples for a network, of noise: what they show changes no step's time. In a folder of their
 * own, which is deleted with this.
 */
final class ProbeData implements AutoCloseable {
  private static final String SHARD = "train/part-00000.bin";

  /** More than caches hold, as in training, and little beside a memory. */
  private static final int MOST_BYTES = 64 << 20;

  private final Path folder;
  private final Dataset dataset;

  private ProbeData(Path folder, Dataset dataset) {
    this.folder = folder;
    this.dataset = dataset;
  }

  /**
   * Writes them: images or vectors of bytes with a class each.
   *
   * @param atLeast how many examples are needed; where they are small there are more
   */
  static ProbeData write(Network network, int atLeast) throws IOException {
    RecordFormat format =
        new RecordFormat(
            FeatureType.BYTES,
            network.inputShape(),
            TargetKind.CLASS,
            Math.max(2, network.outputs()));
    int examples = Math.max(atLeast, Math.min(50_000, MOST_BYTES / format.recordBytes()));
    byte[] records = new byte[Math.multiplyExact(examples, format.recordBytes())];
    SplittableRandom random = new SplittableRandom(0);
    random.nextBytes(records);
    for (int at = 0; at < records.length; at += format.recordBytes()) {
      int label = random.nextInt(format.targets());
      records[at] = (byte) label; // in two bytes, the low one first
      records[at + 1] = (byte) (label >> 8);
    }
    Path folder = Files.createTempDirectory("minilote-plan");
    Dataset.Split split =
        new Dataset.Split(
            examples,
            List.of(new Dataset.Shard(SHARD, examples, Sha256.of(records))),
            ofNoise(format, examples));
    Dataset dataset =
        new Dataset("noise", format, List.of(), Map.of(Dataset.TRAIN, split), 1, "made up", "");
    ProbeData data = new ProbeData(folder, dataset);
    try {
      Files.createDirectory(folder.resolve(Dataset.TRAIN));
      Files.write(folder.resolve(SHARD), records);
    } catch (IOException e) {
      data.close();
      throw e;
    }
    return data;
  }

  /** What evenly distributed bytes have. */
  private static Statistics ofNoise(RecordFormat format, long examples) {
    long values = examples * (format.features() / format.channels());
    BigDecimal sum = BigDecimal.valueOf(values).multiply(BigDecimal.valueOf(127.5));
    BigDecimal squares = BigDecimal.valueOf(values).multiply(BigDecimal.valueOf(255 * 511 / 6.0));
    return new Statistics(
        FeatureType.BYTES,
        values,
        Collections.nCopies(format.channels(), sum),
        Collections.nCopies(format.channels(), squares));
  }

  /** As a URI. */
  String folder() {
    return folder.toUri().toString();
  }

  Dataset dataset() {
    return dataset;
  }

  long examples() {
    return dataset.split(Dataset.TRAIN).examples();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(folder.resolve(SHARD));
      Files.deleteIfExists(folder.resolve(Dataset.TRAIN));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
