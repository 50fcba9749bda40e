package minilote.datasets.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import minilote.datasets.Dataset;
import minilote.datasets.ProgressListener;
import minilote.datasets.RecordFormat;
import minilote.datasets.RecordReader;
import minilote.datasets.ShardFiles;
import minilote.datasets.Statistics;
import minilote.datasets.TestData;
import minilote.datasets.UserError;
import minilote.datasets.source.ImageSize;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
  @TempDir Path folder;

  private final Configuration conf = new Configuration(false);
  private Path from;
  private Path to;

  @BeforeEach
  void writeSource() throws IOException {
    from = Files.createDirectory(folder.resolve("from"));
    to = folder.resolve("sets/mnist");
    TestData.writeMnist(from);
  }

  private PreparationSettings.Builder mnist() {
    return PreparationSettings.of("mnist").from(from.toString()).to(to.toString());
  }

  private Prepared run(PreparationSettings.Builder settings) throws IOException {
    return new Preparation(settings.build(), conf).run(ProgressListener.NONE);
  }

  private Set<String> files() throws IOException {
    return files(folder.resolve("sets"));
  }

  private static Set<String> files(Path root) throws IOException {
    if (!Files.exists(root)) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(Files::isRegularFile).forEach(f -> names.add(root.relativize(f).toString()));
    }
    return names;
  }

  private byte[] read(Prepared prepared, String split) throws IOException {
    Dataset dataset = prepared.dataset();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int record = dataset.format().recordBytes();
    byte[] buffer = new byte[2 * record];
    try (RecordReader reader =
        new RecordReader(
            prepared.folder(), dataset, split, 0, dataset.split(split).examples(), conf)) {
      for (int n = reader.read(buffer); n > 0; n = reader.read(buffer)) {
        out.write(buffer, 0, n * record);
      }
    }
    return out.toByteArray();
  }

  private static byte[] records(int[] labels, int first) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < labels.length; i++) {
      int v = first + i;
      out.writeBytes(TestData.bytes(labels[i], 0, v, v, v, v, v, v));
    }
    return out.toByteArray();
  }

  @Test
  void run_threeShards_writesRecordsThatReadBack() throws IOException {
    Prepared prepared = run(mnist().shards(4));
    assertEquals(
        Set.of(
            "mnist/dataset.json",
            "mnist/train/part-00000.bin",
            "mnist/train/part-00001.bin",
            "mnist/train/part-00002.bin",
            "mnist/train/part-00003.bin",
            "mnist/test/part-00000.bin"),
        files());
    assertEquals(Dataset.read(prepared.folder(), conf), prepared.dataset());
    assertEquals(
        List.of(1L, 2L, 1L, 2L),
        prepared.dataset().split("train").shards().stream().map(Dataset.Shard::examples).toList());
    assertArrayEquals(records(new int[] {5, 0, 4, 1, 9, 2}, 100), read(prepared, "train"));
    assertArrayEquals(records(new int[] {7, 2}, 200), read(prepared, "test"));
    for (Dataset.Split split : prepared.dataset().splits().values()) {
      for (Dataset.Shard shard : split.shards()) {
        ShardFiles.verify(prepared.folder(), prepared.dataset().format(), shard, conf);
      }
    }
    assertFalse(prepared.unchanged());
    assertEquals(8 * 8, prepared.bytes());
    assertEquals(
        "{\"train\":{\"examples\":6,\"shards\":4,\"bytes\":48},"
            + "\"test\":{\"examples\":2,\"shards\":1,\"bytes\":16}}",
        prepared.toJson().get("splits").toString());
  }

  @Test
  void run_withCrop_makesASetOfWindows_thatIsAnother() throws IOException {
    Prepared whole = run(mnist());
    Path windows = folder.resolve("sets/windows");
    PreparationSettings.Builder settings = mnist().to(windows.toString()).crop(new ImageSize(1, 2));
    Dataset cropped = run(settings).dataset();
    assertEquals("mnist-crop-1x2", cropped.name());
    assertEquals(List.of(1, 2, 1), cropped.format().shape());
    assertEquals(6 * 2, cropped.split("train").statistics().count());
    assertTrue(run(settings).unchanged());
    assertFalse(cropped.digest().equals(whole.dataset().digest()));
    assertThrows(UserError.class, () -> run(mnist().crop(new ImageSize(1, 2))));
  }

  @Test
  void run_bytes_haveExactStatistics() throws IOException {
    Statistics statistics = run(mnist()).dataset().split("train").statistics();
    // Images of 100 … 105, six pixels each: mean 102.5, variance (6² − 1) / 12.
    assertEquals(36, statistics.count());
    assertEquals(102.5 / 255, statistics.mean(0), 1e-15);
    assertEquals(Math.sqrt(35 / 12.0) / 255, statistics.deviation(0), 1e-15);
  }

  @Test
  void run_floats_haveStatisticsOfEachFeature() throws IOException {
    Files.writeString(from.resolve("t.csv"), "1,10,a\n2,10,b\n6,10,a\n");
    Prepared prepared =
        run(
            PreparationSettings.of("csv")
                .from(from.resolve("t.csv").toString())
                .to(to.toString())
                .testFraction(0.0));
    Statistics statistics = prepared.dataset().split("train").statistics();
    assertEquals(3, statistics.mean(0));
    assertEquals(Math.sqrt(14 / 3.0), statistics.deviation(0), 1e-15);
    assertEquals(10, statistics.mean(1));
    assertEquals(0, statistics.deviation(1));
    assertEquals(Set.of("train"), prepared.dataset().splits().keySet());
  }

  @Test
  void run_copies_repeatTheTrainingSplitAlone() throws IOException {
    Prepared prepared = run(mnist().copies(3).shards(4));
    assertEquals(3, prepared.dataset().copies());
    assertEquals(18, prepared.dataset().split("train").examples());
    assertEquals(2, prepared.dataset().split("test").examples());
    ByteArrayOutputStream thrice = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      thrice.writeBytes(records(new int[] {5, 0, 4, 1, 9, 2}, 100));
    }
    assertArrayEquals(thrice.toByteArray(), read(prepared, "train"));
    assertEquals(
        run(mnist().to(to + "-once")).dataset().split("train").statistics().mean(0),
        prepared.dataset().split("train").statistics().mean(0));
  }

  @Test
  void run_sameAgain_leavesWhatIsThere() throws IOException {
    Prepared first = run(mnist().shards(2));
    Path json = to.resolve("dataset.json");
    Object inode = Files.readAttributes(json, "unix:ino").get("ino");
    Prepared second = run(mnist().shards(2));
    assertTrue(second.unchanged());
    assertEquals(first.dataset(), second.dataset());
    assertEquals(inode, Files.readAttributes(json, "unix:ino").get("ino"));
  }

  @Test
  void run_anotherDataSetThere_isRefusedAndLeftAlone() throws IOException {
    run(mnist());
    Set<String> before = files();
    String json = Files.readString(to.resolve("dataset.json"));
    List<PreparationSettings.Builder> others = new ArrayList<>();
    others.add(mnist().shards(2));
    others.add(mnist().copies(2));
    others.add(PreparationSettings.of("sample").to(to.toString()));
    for (PreparationSettings.Builder other : others) {
      UserError e = assertThrows(UserError.class, () -> run(other));
      assertTrue(
          e.getMessage()
              .matches(
                  "file:.*/sets/mnist already holds another data set, mnist with digest"
                      + " [0-9a-f]{12}: give a new folder, or --overwrite"),
          e.getMessage());
    }
    TestData.write(from, "train-labels-idx1-ubyte", TestData.idxLabels(5, 0, 4, 1, 9, 3));
    assertThrows(UserError.class, () -> run(mnist()));
    assertEquals(before, files());
    assertEquals(json, Files.readString(to.resolve("dataset.json")));
  }

  @Test
  void run_overwrite_replacesTheDataSet() throws IOException {
    run(mnist().shards(3));
    Prepared prepared = run(mnist().overwrite(true));
    assertFalse(prepared.unchanged());
    assertEquals(
        Set.of("mnist/dataset.json", "mnist/train/part-00000.bin", "mnist/test/part-00000.bin"),
        files());
    assertEquals(1, Dataset.read(prepared.folder(), conf).split("train").shards().size());
  }

  @Test
  void run_folderWithOtherFiles_isRefusedEvenWithOverwrite() throws IOException {
    Files.createDirectories(to.resolve("train/cats"));
    Files.writeString(to.resolve("train/cats/tom.png"), "precious");
    UserError e = assertThrows(UserError.class, () -> run(mnist().overwrite(true)));
    assertEquals(
        "file:"
            + to
            + " already has other files, such as train: give a new folder for the data set",
        e.getMessage());
    assertEquals(Set.of("mnist/train/cats/tom.png"), files());
  }

  @Test
  void run_emptyFolderOrLeftShards_areReplaced() throws IOException {
    Files.createDirectories(to);
    run(mnist());
    assertEquals(3, files().size());
    Files.delete(to.resolve("dataset.json"));
    Files.writeString(to.resolve("train/part-00099.bin"), "left over");
    run(mnist());
    assertEquals(
        Set.of("mnist/dataset.json", "mnist/train/part-00000.bin", "mnist/test/part-00000.bin"),
        files());
  }

  @Test
  void run_errorWhileWriting_leavesNothing() throws IOException {
    // The last label of the test split is wrong: all of train/ has been written by then.
    TestData.write(from, "t10k-labels-idx1-ubyte.gz", TestData.gzip(TestData.idxLabels(7, 10)));
    assertThrows(UserError.class, () -> run(mnist()));
    assertEquals(Set.of(), files());
    assertFalse(Files.exists(to));
  }

  @Test
  void run_objectStore_writesInPlaceWithTheDescriptionLast() throws IOException {
    Configuration store = FakeObjectStore.configuration();
    List<Boolean> described = new ArrayList<>();
    PreparationSettings.Builder settings =
        PreparationSettings.of("mnist").from("file:" + from).to("s3a://bucket" + to);
    Prepared prepared =
        new Preparation(settings.build(), store)
            .run((phase, done, total) -> described.add(Files.exists(to.resolve("dataset.json"))));
    assertFalse(described.contains(true));
    assertEquals("s3a", prepared.folder().toUri().getScheme());
    assertEquals(3, files().size());
    assertTrue(new Preparation(settings.build(), store).run(ProgressListener.NONE).unchanged());

    new Preparation(settings.shards(2).overwrite(true).build(), store).run(ProgressListener.NONE);
    assertEquals(4, files().size());

    TestData.write(from, "t10k-labels-idx1-ubyte.gz", TestData.gzip(TestData.idxLabels(7, 10)));
    assertThrows(
        UserError.class, () -> new Preparation(settings.build(), store).run(ProgressListener.NONE));
    assertEquals(Set.of(), files());
  }

  @Test
  void run_anySource_tellsProgressToItsEnd() throws IOException {
    List<String> told = new ArrayList<>();
    new Preparation(mnist().build(), conf)
        .run((phase, done, total) -> told.add(phase + " " + done + "/" + total));
    assertEquals(
        List.of("write train 0/6", "write train 6/6", "write test 0/2", "write test 2/2"), told);
  }

  @Test
  void run_cifarFromAnArchive_unpacksIt() throws IOException {
    Path cifar = Files.createDirectory(folder.resolve("cifar"));
    TestData.writeCifar10(cifar);
    Path archive = folder.resolve("cifar.tar.gz");
    TestData.writeTarGz(archive, "cifar-10-batches-bin/", cifar);
    Prepared fromArchive =
        run(PreparationSettings.of("cifar-10").from(archive.toString()).to(to.toString()));
    Prepared fromFolder =
        run(PreparationSettings.of("cifar-10").from(cifar.toString()).to(to + "-2"));
    assertEquals(fromFolder.dataset().digest(), fromArchive.dataset().digest());
    assertEquals(10, fromArchive.dataset().split("train").examples());
    assertEquals(RecordFormat.image(3, 32, 32, 10), fromArchive.dataset().format());
  }

  @Test
  void begin_largeNumbers_doesNotOverflow() {
    long n = 1L << 40;
    int k = 99_999;
    long sum = 0;
    for (int i = 0; i < k; i++) {
      long size = SplitWriter.begin(n, k, i + 1) - SplitWriter.begin(n, k, i);
      assertTrue(size == n / k || size == n / k + 1);
      sum += size;
    }
    assertEquals(n, sum);
  }
}
