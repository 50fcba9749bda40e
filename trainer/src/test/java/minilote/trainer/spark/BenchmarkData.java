package minilote.trainer.spark;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.Statistics;
import minilote.datasets.TargetKind;

/** Images of noise in ten classes: what they show does not change how long a step takes. */
final class BenchmarkData {
  private static final int CLASSES = 10;

  private BenchmarkData() {}

  /** Writes a data set of {@code examples} images with one row of {@code pixels} bytes each. */
  static Dataset write(Path folder, int pixels, int examples) throws IOException {
    RecordFormat format =
        new RecordFormat(FeatureType.BYTES, List.of(1, 1, pixels), TargetKind.CLASS, CLASSES);
    byte[] records = new byte[examples * format.recordBytes()];
    Random random = new Random(7);
    random.nextBytes(records);
    long sum = 0;
    long squares = 0;
    for (int record = 0; record < records.length; record += format.recordBytes()) {
      // A label, in two bytes, the low one first, and then the pixels.
      records[record] = (byte) random.nextInt(CLASSES);
      records[record + 1] = 0;
      for (int i = record + 2; i < record + format.recordBytes(); i++) {
        int pixel = records[i] & 0xff;
        sum += pixel;
        squares += (long) pixel * pixel;
      }
    }
    Files.createDirectories(folder.resolve("train"));
    Files.write(folder.resolve("train/part-00000.bin"), records);
    Dataset dataset =
        new Dataset(
            "noise",
            format,
            List.of(),
            Map.of(
                Dataset.TRAIN,
                new Dataset.Split(
                    examples,
                    List.of(
                        new Dataset.Shard("train/part-00000.bin", examples, Sha256.of(records))),
                    new Statistics(
                        FeatureType.BYTES,
                        (long) examples * pixels,
                        Collections.nCopies(1, BigDecimal.valueOf(sum)),
                        Collections.nCopies(1, BigDecimal.valueOf(squares))))),
            1,
            "made up",
            "");
    Files.writeString(folder.resolve(Dataset.FILE), dataset.toJsonText());
    return dataset;
  }
}
