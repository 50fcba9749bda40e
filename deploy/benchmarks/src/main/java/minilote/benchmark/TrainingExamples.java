package minilote.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.RecordReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Training examples, all in memory.
 *
 * @param count how many
 * @param format how a record lies
 * @param records count × {@link RecordFormat#recordBytes()}
 */
record TrainingExamples(int count, RecordFormat format, byte[] records) {

  /** All of a prepared data set. */
  static TrainingExamples read(String folder) {
    Dataset dataset = dataset(folder);
    int count = Math.toIntExact(dataset.split(Dataset.TRAIN).examples());
    byte[] records = new byte[Math.multiplyExact(count, dataset.format().recordBytes())];
    try (RecordReader reader =
        new RecordReader(new Path(folder), dataset, Dataset.TRAIN, 0, count, new Configuration())) {
      reader.read(records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TrainingExamples(count, dataset.format(), records);
  }

  /** What a prepared data set is. */
  static Dataset dataset(String folder) {
    try {
      return Dataset.read(new Path(folder), new Configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The normalization that {@code train} uses unless told otherwise. */
  static Normalization normalization(String folder) {
    return Normalization.of(Normalization.STANDARDIZE, dataset(folder));
  }

  /** The first of them, or all where there are fewer. */
  TrainingExamples first(int most) {
    int fewer = Math.min(most, count);
    return new TrainingExamples(
        fewer, format, Arrays.copyOf(records, fewer * format.recordBytes()));
  }

  /** Writes an example's inputs and one-hot target into row {@code row}. */
  void stage(Normalization normalization, long example, float[] inputs, float[] targets, int row) {
    int offset = (int) example * format.recordBytes();
    normalization.apply(format, records, offset, inputs, row * format.features());
    format.target(records, offset, targets, row * format.targets(), format.targets());
  }
}
