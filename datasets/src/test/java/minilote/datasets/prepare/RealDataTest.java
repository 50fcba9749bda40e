package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import minilote.datasets.Dataset;
import minilote.datasets.ProgressListener;
import minilote.datasets.RecordFormat;
import minilote.datasets.ShardFiles;
import minilote.datasets.Statistics;
import minilote.datasets.TestData;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real data sets, whole; skipped where they are not laid out. */
class RealDataTest {
  @TempDir Path folder;

  private final Configuration conf = new Configuration(false);

  private Dataset prepared(String dataset, String realName) throws IOException {
    Path real = TestData.real(realName);
    Prepared prepared =
        new Preparation(
                PreparationSettings.of(dataset)
                    .from(real.toString())
                    .to(folder.resolve(dataset).toString())
                    .shards(4)
                    .build(),
                conf)
            .run(ProgressListener.NONE);
    for (Dataset.Shard shard : prepared.dataset().split("test").shards()) {
      ShardFiles.verify(prepared.folder(), prepared.dataset().format(), shard, conf);
    }
    return prepared.dataset();
  }

  private static void assertChannel(Statistics s, int channel, double mean, double deviation) {
    assertEquals(mean, s.mean(channel), 1e-3);
    assertEquals(deviation, s.deviation(channel), 3e-3);
  }

  @Test
  void run_cifar10_hasThePublishedMeans() throws IOException {
    Dataset dataset = prepared("cifar-10", "cifar10");
    assertEquals(50_000, dataset.split("train").examples());
    assertEquals(10_000, dataset.split("test").examples());
    Statistics statistics = dataset.split("train").statistics();
    // As published: 0.4914, 0.4822, 0.4465 and 0.2470, 0.2435, 0.2616 for the original pixels.
    assertChannel(statistics, 0, 0.4914, 0.2470);
    assertChannel(statistics, 1, 0.4822, 0.2435);
    assertChannel(statistics, 2, 0.4465, 0.2616);
  }

  @Test
  void run_mnist_hasThePublishedMean() throws IOException {
    Dataset dataset = prepared("mnist", "mnist");
    assertEquals(60_000, dataset.split("train").examples());
    assertEquals(10_000, dataset.split("test").examples());
    assertEquals(RecordFormat.image(1, 28, 28, 10), dataset.format());
    assertChannel(dataset.split("train").statistics(), 0, 0.1307, 0.3081);
  }

  @Test
  void run_fashionMnist_hasThePublishedMean() throws IOException {
    Dataset dataset = prepared("fashion-mnist", "fashion-mnist");
    assertEquals(60_000, dataset.split("train").examples());
    assertTrue(dataset.licence().contains("MIT"));
    assertChannel(dataset.split("train").statistics(), 0, 0.2860, 0.3530);
  }
}
