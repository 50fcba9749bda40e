package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import minilote.datasets.RecordFormat;
import minilote.datasets.TestData;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  @Test
  void open_cifar10_givesTheBatchesInOrderWithTwoByteLabels() throws IOException {
    TestData.writeCifar10(folder);
    CifarSource source = CifarSource.cifar10(new Path(folder.toUri()), "test", conf);
    assertEquals(RecordFormat.image(3, 32, 32, 10), source.description().format());
    assertEquals(Map.of("train", 10L, "test", 1L), source.description().examples());
    assertEquals(List.of(1, 2, 2, 3, 3, 4, 4, 5, 5, 6), Read.labels(source, "train"));
    assertEquals(List.of(9), Read.labels(source, "test"));

    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(new byte[] {3, 0}); // batch 2, second record
    for (int c = 0; c < 3; c++) {
      byte[] plane = new byte[1024];
      Arrays.fill(plane, (byte) (21 + c));
      expected.writeBytes(plane);
    }
    assertArrayEquals(expected.toByteArray(), Read.all(source, "train").get(3));
  }

  @Test
  void open_filesInTheArchivesFolder_areFound() throws IOException {
    TestData.writeCifar10(folder.resolve("cifar-10-batches-bin"));
    CifarSource source = CifarSource.cifar10(new Path(folder.toUri()), "test", conf);
    assertEquals(10, Read.all(source, "train").size());
  }

  @Test
  void open_cifar100_takesTheFineLabels() throws IOException {
    TestData.write(
        folder,
        "train.bin",
        TestData.cifar(1, new int[] {19, 99}, new int[] {0, 7}, new int[] {3, 50}));
    TestData.write(folder, "test.bin", TestData.cifar(1, new int[] {1, 2}));
    CifarSource source = CifarSource.cifar100(new Path(folder.toUri()), "test", conf);
    assertEquals(RecordFormat.image(3, 32, 32, 100), source.description().format());
    assertEquals(List.of(99, 7, 50), Read.labels(source, "train"));
    assertEquals(List.of(2), Read.labels(source, "test"));
    assertEquals(1, Read.all(source, "train").get(0)[2]);
  }

  @Test
  void classNames_wellKnownDataSets_areAsManyAsTheirClasses() {
    assertEquals(10, ClassNames.CIFAR_10.size());
    assertEquals(100, new HashSet<>(ClassNames.CIFAR_100).size());
    assertEquals("apple", ClassNames.CIFAR_100.get(0));
    assertEquals("worm", ClassNames.CIFAR_100.get(99));
    assertEquals(ClassNames.CIFAR_100.stream().sorted().toList(), ClassNames.CIFAR_100);
    assertEquals(10, ClassNames.DIGITS.size());
    assertEquals(10, ClassNames.FASHION_MNIST.size());
  }
}
