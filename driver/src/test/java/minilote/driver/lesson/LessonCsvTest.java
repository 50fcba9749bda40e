package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small CSV files, and one sentence for each slip in one. */
class LessonCsvTest {
  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.write(folder.resolve("mine.csv"), content.getBytes(StandardCharsets.UTF_8));
  }

  private String slip(String content) throws IOException {
    Path file = file(content);
    String sentence = assertThrows(UserError.class, () -> LessonCsv.read(file)).getMessage();
    return String.valueOf(sentence).replace(file.toString(), "mine.csv");
  }

  @Test
  void read_withHeader_namesNumbersAndLines() throws IOException {
    LessonCsv csv = LessonCsv.read(file("\uFEFFheight, weight,y\r\n1.5,-2,0\r\n\r\n 3e1 ,.5,1"));
    assertEquals(List.of("height", "weight", "y"), csv.names());
    assertEquals(3, csv.columns());
    assertArrayEquals(new double[][] {{1.5, -2, 0}, {30, 0.5, 1}}, csv.rows());
    assertArrayEquals(new long[] {2, 4}, csv.lines());
    assertEquals(csv.file() + ", line 4, column 2 (weight)", csv.place(1, 1));
  }

  @Test
  void read_withoutHeader_beginsWithTheFirstRow() throws IOException {
    LessonCsv csv = LessonCsv.read(file("1,2\n3,4\n"));
    assertNull(csv.names());
    assertArrayEquals(new double[][] {{1, 2}, {3, 4}}, csv.rows());
    assertArrayEquals(new long[] {1, 2}, csv.lines());
    assertEquals(csv.file() + ", line 1, column 1", csv.place(0, 0));
  }

  @Test
  void read_wrongInput_isOneSentenceWithThePlace() throws IOException {
    assertEquals("mine.csv is empty: it needs a row of numbers an example", slip(""));
    assertEquals("mine.csv is empty: it needs a row of numbers an example", slip("\n\n"));
    assertEquals(
        "mine.csv has a header alone: it needs a row of numbers an example", slip("a,b,y\n"));
    assertEquals(
        "mine.csv, line 3, column 2 (b) is \"two\" where a number is needed",
        slip("a,b,y\n1,2,0\n1,two,0\n"));
    assertEquals(
        "mine.csv, line 1, column 2 is \"NaN\" where a number is needed", slip("1,NaN,0\n"));
    assertEquals(
        "mine.csv, line 2, column 3 is empty where a number is needed", slip("1,2,0\n1,2,\n"));
    assertEquals(
        "mine.csv, line 2, column 1 is 1e39, beyond what a float can hold (3.4e38)",
        slip("1,2,0\n1e39,2,1\n"));
    assertEquals(
        "mine.csv, line 3 has 2 columns where the first row has 3", slip("a,b,y\n1,2,0\n1,0\n"));
    assertEquals(
        "mine.csv, line 2, column 1 (x1;x2;y) is \"0;1;1\" where a number is needed: columns are separated by commas, and decimals by a point",
        slip("x1;x2;y\n0;1;1\n"));
    assertEquals(
        "mine.csv cannot be read as CSV after line 1: is a quote not closed?",
        slip("1,2,0\n1,\"2,0\n"));
  }

  @Test
  void read_noTextFile_isOneSentence() throws IOException {
    Path none = folder.resolve("none.csv");
    assertEquals(
        "--csv %s: there is no such file".formatted(none),
        assertThrows(UserError.class, () -> LessonCsv.read(none)).getMessage());
    assertEquals(
        "--csv %s: it is no file that can be read, where a CSV file is needed".formatted(folder),
        assertThrows(UserError.class, () -> LessonCsv.read(folder)).getMessage());
    Path latin = Files.write(folder.resolve("latin.csv"), new byte[] {'1', ',', (byte) 0xe9});
    assertEquals(
        latin + " is no text in UTF-8",
        assertThrows(UserError.class, () -> LessonCsv.read(latin)).getMessage());
    Path large = Files.write(folder.resolve("large.csv"), new byte[(4 << 20) + 1]);
    assertEquals(
        "--csv %s: it has 4,194,305 bytes, and lessons are for small files, of at most 4,194,304"
            .formatted(large),
        assertThrows(UserError.class, () -> LessonCsv.read(large)).getMessage());
  }
}
