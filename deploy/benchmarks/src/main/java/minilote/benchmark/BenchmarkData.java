package minilote.benchmark;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import minilote.datasets.Dataset;
import minilote.datasets.FeatureType;
import minilote.datasets.ProgressListener;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.Statistics;
import minilote.datasets.TargetKind;
import minilote.datasets.prepare.Preparation;
import minilote.datasets.prepare.PreparationSettings;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The prepared examples that the contenders train on: the first ones of the official training
 * files, or generated ones of the same shape; without a test split, whose evaluation is not what is
 * measured.
 */
final class BenchmarkData {
  private static final int CLASSES = 10;

  private final Path folder;
  private final @Nullable Path official;

  /**
   * @param folder where data sets are kept
   * @param official the folder with {@code cifar10} and {@code mnist} in their official layouts;
   *     null for generated data
   */
  BenchmarkData(Path folder, @Nullable Path official) {
    this.folder = folder;
    this.official = official;
  }

  /** In one sentence, what the examples are. */
  String describe() {
    return official == null
        ? "generated examples of the shapes of CIFAR-10 and MNIST"
        : "the training images of CIFAR-10 and MNIST";
  }

  /**
   * The folder with the first {@code examples} of a data set, or all where it has fewer.
   *
   * @param dataset cifar-10 or mnist
   */
  String prepared(String dataset, int examples) throws IOException {
    String kind = official == null ? "generated-" : "";
    Path subset = folder.resolve(kind + dataset + "-" + examples);
    if (!Files.exists(subset.resolve(Dataset.FILE))) {
      if (official == null) {
        generate(dataset, examples, subset);
      } else {
        write(first(dataset, examples, official), dataset, subset);
      }
    }
    return subset.toAbsolutePath().toString();
  }

  private TrainingExamples first(String dataset, int examples, Path files) throws IOException {
    Path all = folder.resolve(dataset);
    new Preparation(
            PreparationSettings.of(dataset)
                .from(files.resolve(dataset.replace("-", "")).toString())
                .to(all.toAbsolutePath().toString())
                .build(),
            new Configuration())
        .run(ProgressListener.NONE);
    return TrainingExamples.read(all.toString()).first(examples);
  }

  /** Images with a noisy pattern a class, so that there is something to learn. */
  private static void generate(String dataset, int examples, Path to) throws IOException {
    List<Integer> shape = dataset.equals("mnist") ? List.of(1, 28, 28) : List.of(3, 32, 32);
    RecordFormat format = new RecordFormat(FeatureType.BYTES, shape, TargetKind.CLASS, CLASSES);
    SplittableRandom random = new SplittableRandom(0);
    byte[][] patterns = new byte[CLASSES][format.features()];
    for (byte[] pattern : patterns) {
      random.nextBytes(pattern);
    }
    byte[] noise = new byte[format.features()];
    byte[] records = new byte[Math.multiplyExact(examples, format.recordBytes())];
    for (int example = 0; example < examples; example++) {
      int label = random.nextInt(CLASSES);
      int at = example * format.recordBytes();
      records[at] = (byte) label;
      at += format.targetBytes();
      random.nextBytes(noise);
      for (int i = 0; i < noise.length; i++) {
        records[at + i] = (byte) (((patterns[label][i] & 0xff) + 15 * (noise[i] & 0xff)) / 16);
      }
    }
    write(new TrainingExamples(examples, format, records), "generated-" + dataset, to);
  }

  /** A data set of one shard. */
  private static void write(TrainingExamples examples, String name, Path to) throws IOException {
    String shard = "train/part-00000.bin";
    Files.createDirectories(to.resolve(shard).getParent());
    Files.write(to.resolve(shard), examples.records());
    Dataset.Split split =
        new Dataset.Split(
            examples.count(),
            List.of(new Dataset.Shard(shard, examples.count(), Sha256.of(examples.records()))),
            statistics(examples));
    Dataset dataset =
        new Dataset(
            name,
            examples.format(),
            List.of(),
            Map.of(Dataset.TRAIN, split),
            1,
            "made for the benchmark",
            "");
    Files.writeString(to.resolve(Dataset.FILE), dataset.toJsonText());
  }

  private static Statistics statistics(TrainingExamples examples) {
    RecordFormat format = examples.format();
    int perChannel = format.features() / format.channels();
    BigDecimal[] sums = new BigDecimal[format.channels()];
    BigDecimal[] squares = new BigDecimal[format.channels()];
    for (int channel = 0; channel < format.channels(); channel++) {
      long sum = 0;
      long square = 0;
      for (int example = 0; example < examples.count(); example++) {
        int at = example * format.recordBytes() + format.targetBytes() + channel * perChannel;
        for (int i = at; i < at + perChannel; i++) {
          int value = examples.records()[i] & 0xff;
          sum += value;
          square += (long) value * value;
        }
      }
      sums[channel] = BigDecimal.valueOf(sum);
      squares[channel] = BigDecimal.valueOf(square);
    }
    return new Statistics(
        FeatureType.BYTES, (long) examples.count() * perChannel, List.of(sums), List.of(squares));
  }
}
