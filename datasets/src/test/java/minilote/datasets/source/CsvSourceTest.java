package minilote.datasets.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import minilote.datasets.FeatureType;
import minilote.datasets.RecordFormat;
import minilote.datasets.TargetKind;
import minilote.datasets.TestData;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  private Source source(
      String text, TargetKind kind, @Nullable Boolean header, char delimiter, String... targets)
      throws IOException {
    Files.writeString(folder.resolve("flowers.csv"), text);
    return CsvSource.of(
        new Path(folder.resolve("flowers.csv").toUri()),
        new CsvSource.Options(kind, List.of(targets), header, delimiter, null, 0.0, 0),
        conf);
  }

  @Test
  void open_headerAndTextClasses_areSeen() throws IOException {
    Source source =
        source(
            """
            width,length,species
            5.1,3.5,setosa
            -4.9,3e2,virginica

            .5, 7. ,setosa
            """,
            TargetKind.CLASS,
            null,
            ',');
    assertEquals("flowers", source.description().name());
    assertEquals(List.of("setosa", "virginica"), source.description().classNames());
    assertEquals(
        new RecordFormat(FeatureType.FLOATS, List.of(2), TargetKind.CLASS, 2),
        source.description().format());
    assertEquals(List.of("0 | 5.1 3.5", "1 | -4.9 300", "0 | 0.5 7"), Read.texts(source, "train"));
    assertEquals(Map.of("train", 3L), source.description().examples());
  }

  @Test
  void open_noHeader_isSeenFromANumberInTheFirstRow() throws IOException {
    Source source = source("a,1\nb,2\n", TargetKind.CLASS, null, ',', "1");
    assertEquals(List.of("0 | 1", "1 | 2"), Read.texts(source, "train"));
  }

  @Test
  void open_headerOfNumbers_isBelievedWhenSaid() throws IOException {
    Source source = source("2019,2020\n1,7\n2,8\n", TargetKind.CLASS, true, ',', "2019");
    assertEquals(List.of("0 | 7", "1 | 8"), Read.texts(source, "train"));
  }

  @Test
  void open_wholeNumberClasses_areInTheOrderOfNumbers() throws IOException {
    Source source = source("1,10\n1,9\n1,-1\n1,+9\n1,10.0\n", TargetKind.CLASS, null, ',');
    assertEquals(List.of("-1", "9", "10"), source.description().classNames());
    assertEquals(List.of(2, 1, 0, 1, 2), Read.labels(source, "train"));
  }

  @Test
  void open_severalNumbers_areTargetsInTheOrderGiven() throws IOException {
    Source source = source("a;b;c;d\n1;2;3;4\n5;6;7;8\n", TargetKind.NUMBERS, null, ';', "d", "b");
    assertEquals(List.of("d", "b"), source.description().classNames());
    assertEquals(List.of("4 2 | 1 3", "8 6 | 5 7"), Read.texts(source, "train"));
  }

  @Test
  void open_labels_areZerosAndOnes() throws IOException {
    Source source = source("1,0,0.5\n0,1.0,0.25\n", TargetKind.LABELS, false, ',', "1", "2");
    assertEquals(List.of("1 0 | 0.5", "0 1 | 0.25"), Read.texts(source, "train"));
  }

  @Test
  void open_quotesByteOrderMarkAndGzip_areUnderstood() throws IOException {
    String text = "\uFEFF\"the \"\"x\"\"\",\"y,z\"\r\n1,\"two\nlines\"\r\n2,b\r\n";
    Files.write(folder.resolve("t.csv.gz"), TestData.gzip(text.getBytes(StandardCharsets.UTF_8)));
    Source source =
        CsvSource.of(
            new Path(folder.resolve("t.csv.gz").toUri()),
            new CsvSource.Options(TargetKind.CLASS, List.of("y,z"), null, ',', null, 0.0, 0),
            conf);
    assertEquals("t", source.description().name());
    assertEquals(List.of("b", "two\nlines"), source.description().classNames());
    assertEquals(List.of("1 | 1", "0 | 2"), Read.texts(source, "train"));
  }

  @Test
  void open_folderWithTrainAndTest_usesBoth() throws IOException {
    Files.writeString(folder.resolve("train.csv"), "x,y\n1,a\n2,b\n");
    Files.writeString(folder.resolve("test.csv"), "x,y\n3,b\n");
    Source source =
        CsvSource.of(
            new Path(folder.toUri().toString()),
            new CsvSource.Options(TargetKind.CLASS, List.of(), null, ',', null, null, 0),
            conf);
    assertEquals(folder.getFileName().toString(), source.description().name());
    assertEquals(List.of("1 | 3"), Read.texts(source, "test"));
  }

  @Test
  void open_oneFile_isCutBySeedIntoTrainAndTest() throws IOException {
    List<String> expected = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append(i).append(',').append(i % 3).append('\n');
      expected.add(i % 3 + " | " + i);
    }
    Files.writeString(folder.resolve("a.csv"), text);
    List<List<String>> tests = new ArrayList<>();
    for (long seed : new long[] {0, 0, 1}) {
      Source source =
          CsvSource.of(
              new Path(folder.resolve("a.csv").toUri()),
              new CsvSource.Options(TargetKind.CLASS, List.of(), null, ',', null, null, seed),
              conf);
      assertEquals(Map.of("train", 80L, "test", 20L), source.description().examples());
      List<String> both = new ArrayList<>(Read.texts(source, "train"));
      List<String> test = Read.texts(source, "test");
      both.addAll(test);
      assertEquals(20, test.size());
      assertEquals(expected.stream().sorted().toList(), both.stream().sorted().toList());
      tests.add(test);
    }
    assertEquals(tests.get(0), tests.get(1));
    assertTrue(!tests.get(0).equals(tests.get(2)));
  }

  @Test
  void isNumber_decimalTexts_andNothingElse() {
    for (String number :
        List.of("0", "-1", "+1", "1.", ".5", "-.5e3", "1e-7", "1E+7", "00012", "1.25e10")) {
      assertTrue(FloatText.isNumber(number), number);
      assertEquals(Float.parseFloat(number), FloatText.parse(number, () -> "here"));
    }
    for (String text :
        List.of(
            "",
            ".",
            "-",
            "e5",
            "1e",
            "1e+",
            "NaN",
            "Infinity",
            "1f",
            "1d",
            "0x10",
            "1_0",
            "1,5",
            " 1",
            "1 ",
            "--1",
            "1.2.3",
            "٣")) {
      assertTrue(!FloatText.isNumber(text), text);
    }
  }

  private String numericTarget(@Nullable TargetKind kind, IntFunction<String> value)
      throws IOException {
    StringBuilder rows = new StringBuilder("x,price\n");
    for (int i = 0; i < 1001; i++) {
      rows.append(i).append(',').append(value.apply(i)).append('\n');
    }
    Files.writeString(folder.resolve("prices.csv"), rows);
    Source source =
        CsvSource.of(
            new Path(folder.resolve("prices.csv").toUri()),
            new CsvSource.Options(kind, List.of(), null, ',', null, 0.0, 0),
            new Configuration());
    return source.description().format().targets() + " " + source.description().classNames().get(0);
  }

  /** A column of numbers would silently become thousands of classes. */
  @Test
  void of_targetOfNumbersThatAreHardlyClasses_isRefusedUnlessSaid() throws IOException {
    String advice =
        ", where classes are needed: --target numbers takes them as numbers, --target class makes a class of each";
    UserError many =
        assertThrows(UserError.class, () -> numericTarget(null, i -> Integer.toString(i)));
    assertTrue(
        many.getMessage()
            .endsWith("prices.csv holds numbers in column price, 1,001 different ones" + advice),
        many.getMessage());
    UserError fractions =
        assertThrows(UserError.class, () -> numericTarget(null, i -> i % 3 + ".25"));
    assertTrue(
        fractions
            .getMessage()
            .endsWith("prices.csv holds numbers in column price, such as 0.25" + advice),
        fractions.getMessage());
    assertEquals("1001 0", numericTarget(TargetKind.CLASS, i -> Integer.toString(i)));
    assertEquals("3 0.25", numericTarget(TargetKind.CLASS, i -> i % 3 + ".25"));
    assertEquals("1000 0", numericTarget(null, i -> Integer.toString(i % 1000)));
    assertEquals("1001 a0", numericTarget(null, i -> "a" + i));
    assertEquals("1 price", numericTarget(TargetKind.NUMBERS, i -> i % 3 + ".25"));
  }
}
