package minilote.driver.lesson;

import java.io.IOException;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.RecordFormat;
import minilote.datasets.RecordReader;
import minilote.datasets.ShardFiles;
import minilote.datasets.UserError;
import minilote.trainer.network.BackPropagation;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The training examples of a data set in the order of their ids, for a pass without Spark. */
final class RowReader implements AutoCloseable {
  private final RecordFormat format;
  private final Normalization normalization;
  private final RecordReader reader;

  /**
   * @param count how many, from the first on
   * @throws UserError where a file that they are in is not what was prepared
   */
  RowReader(
      LessonData.Found found, Normalization normalization, long count, Configuration configuration)
      throws IOException {
    Path folder = new Path(found.folder());
    this.format = found.dataset().format();
    this.normalization = normalization;
    long before = 0;
    for (Dataset.Shard shard : found.dataset().split(Dataset.TRAIN).shards()) {
      if (before < count) {
        ShardFiles.verify(folder, format, shard, configuration);
      }
      before += shard.examples();
    }
    this.reader = new RecordReader(folder, found.dataset(), Dataset.TRAIN, 0, count, configuration);
  }

  /**
   * Puts the next ones where a pass takes its inputs and targets.
   *
   * @param outputs of the network
   * @param most how many at most
   * @return how many there were; 0 at the end
   */
  int next(BackPropagation pass, int outputs, int most) throws IOException {
    byte[] records = new byte[most * format.recordBytes()];
    int rows = reader.read(records);
    for (int row = 0; row < rows; row++) {
      int at = row * format.recordBytes();
      normalization.apply(format, records, at, pass.inputs(), row * format.features());
      format.target(records, at, pass.targets(), row * outputs, outputs);
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
