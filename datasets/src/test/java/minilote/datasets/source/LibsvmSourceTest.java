package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibsvmSourceTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  private Source source(String text, @Nullable TargetKind kind, @Nullable String test)
      throws IOException {
    Files.writeString(folder.resolve("data"), text);
    Path testPath = null;
    if (test != null) {
      Files.writeString(folder.resolve("data.t"), test);
      testPath = new Path(folder.resolve("data.t").toUri());
    }
    return LibsvmSource.of(
        new Path(folder.resolve("data").toUri()),
        new LibsvmSource.Options(kind, testPath, test == null ? 0.0 : null, 0),
        conf);
  }

  @Test
  void open_minusAndPlusOne_becomeZeroAndOne() throws IOException {
    Source source = source("+1 1:0.5 3:-2\n-1 2:1e1\n\n# a comment\n1\n", null, null);
    assertEquals(List.of("-1", "1"), source.description().classNames());
    assertEquals(
        new RecordFormat(FeatureType.FLOATS, List.of(3), TargetKind.CLASS, 2),
        source.description().format());
    assertEquals(List.of("1 | 0.5 0 -2", "0 | 0 10 0", "1 | 0 0 0"), Read.texts(source, "train"));
  }

  @Test
  void open_testFileWithLargerIndex_widensAllRecords() throws IOException {
    Source source = source("3 1:1\n7 2:2 # seven\n", null, "7 4:4\r\n");
    assertEquals(Map.of("train", 2L, "test", 1L), source.description().examples());
    assertEquals(List.of("0 | 1 0 0 0", "1 | 0 2 0 0"), Read.texts(source, "train"));
    assertEquals(List.of("1 | 0 0 0 4"), Read.texts(source, "test"));
  }

  @Test
  void open_severalLabels_becomeZerosAndOnes() throws IOException {
    Source source = source("2,10 1:1\n 1:2\n3 1:3\n2:9\n", null, null);
    assertEquals(List.of("2", "3", "10"), source.description().classNames());
    assertEquals(
        List.of("1 0 1 | 1 0", "0 0 0 | 2 0", "0 1 0 | 3 0", "0 0 0 | 0 9"),
        Read.texts(source, "train"));
  }

  @Test
  void open_numbers_areTheTargets() throws IOException {
    Source source = source("0.25 1:1\n-7e2 1:2", TargetKind.NUMBERS, null);
    assertEquals(List.of("0.25 | 1", "-700 | 2"), Read.texts(source, "train"));
    Source pairs = source("1,2 1:1\n3,4 1:2", TargetKind.NUMBERS, null);
    assertEquals(List.of("1 2 | 1", "3 4 | 2"), Read.texts(pairs, "train"));
  }

  @Test
  void open_singleLabelsSaidToBeLabels_becomeZerosAndOnes() throws IOException {
    Source source = source("5 1:1\n6 1:2\n", TargetKind.LABELS, null);
    assertEquals(List.of("1 0 | 1", "0 1 | 2"), Read.texts(source, "train"));
  }
}
