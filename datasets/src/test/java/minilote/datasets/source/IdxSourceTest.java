package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import minilote.datasets.RecordFormat;
import minilote.datasets.Sha256;
import minilote.datasets.TestData;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  private IdxSource mnist() throws IOException {
    return IdxSource.mnist(new Path(folder.toUri()), "test", conf);
  }

  @Test
  void open_plainAndGzip_giveLabelsAndPixels() throws IOException {
    TestData.writeMnist(folder);
    IdxSource source = mnist();
    assertEquals(RecordFormat.image(1, 2, 3, 10), source.description().format());
    assertEquals(Map.of("train", 6L, "test", 2L), source.description().examples());
    assertEquals(
        List.of(
            "5 | 100 100 100 100 100 100",
            "0 | 101 101 101 101 101 101",
            "4 | 102 102 102 102 102 102",
            "1 | 103 103 103 103 103 103",
            "9 | 104 104 104 104 104 104",
            "2 | 105 105 105 105 105 105"),
        Read.texts(source, "train"));
    assertEquals(
        List.of("7 | 200 200 200 200 200 200", "2 | 201 201 201 201 201 201"),
        Read.texts(source, "test"));
  }

  @Test
  void open_namesWithADot_areFound() throws IOException {
    TestData.writeMnist(folder);
    Files.move(
        folder.resolve("train-images-idx3-ubyte"), folder.resolve("train-images.idx3-ubyte"));
    assertEquals(6, Read.all(mnist(), "train").size());
  }

  @Test
  void open_gzipWithoutTheName_isReadAllTheSame() throws IOException {
    TestData.writeMnist(folder);
    TestData.write(
        folder, "train-labels-idx1-ubyte", TestData.gzip(TestData.idxLabels(1, 1, 1, 1, 1, 1)));
    assertEquals(List.of(1, 1, 1, 1, 1, 1), Read.labels(mnist(), "train"));
  }

  @Test
  void sample_always_hasTwelveThousandImagesWithNames() throws IOException {
    IdxSource sample = IdxSource.sample();
    assertEquals(RecordFormat.image(1, 28, 28, 10), sample.description().format());
    assertEquals("Ankle boot", sample.description().classNames().get(9));
    assertEquals(10_000, Read.all(sample, "train").size());
    assertEquals(2_000, Read.all(sample, "test").size());
    assertEquals(9, Read.labels(sample, "train").get(0)); // the data set begins with an ankle boot
  }

  @Test
  void sample_besideTheWholeDataSet_isItsBeginning() throws IOException {
    java.nio.file.Path real = TestData.real("fashion-mnist");
    IdxSource sample = IdxSource.sample();
    IdxSource whole = IdxSource.fashionMnist(new Path(real.toUri()), "test", conf);
    assertEquals(
        digest(Read.all(whole, "train").subList(0, 10_000)), digest(Read.all(sample, "train")));
    assertEquals(
        digest(Read.all(whole, "test").subList(0, 2_000)), digest(Read.all(sample, "test")));
  }

  private static String digest(List<byte[]> records) {
    MessageDigest digest = Sha256.newDigest();
    records.forEach(digest::update);
    return Sha256.hex(digest);
  }
}
