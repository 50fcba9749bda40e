package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import minilote.datasets.KeyedRandom;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule against a course by hand, a loop of its own, and Novikoff's bound. */
class PerceptronLessonTest {
  @TempDir Path folder;

  private static List<List<String>> rows(Findings found, String table) {
    return Objects.requireNonNull(found.table(table)).rows();
  }

  private Findings ofFile(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.csv"), content);
    return Classrooms.work(new PerceptronLesson(), Classrooms.with(0, file, null, null));
  }

  private static String html(Findings found) {
    return LessonHtml.of(LessonText.of("perceptron", Language.EN), found, "minilote");
  }

  /**
   * Weights come back where rounding swallows what is added, also with examples that a line
   * separates: here x ≥ 1,700,000,030, of which floats hold seven digits; and x₁ − 2x₂ ≥ 0.
   */
  @Test
  void cycle_byRounding_isNotTakenForInseparable() throws IOException {
    for (String separable :
        List.of(
            "time,y\n1700000001,0\n1700000002,0\n1700000060,1\n1700000061,1\n",
            "1000000001,0.000000001,1\n0,0,1\n1,1000000000,0\n0.000000002,0.000000002,0\n")) {
      String html = html(ofFile(separable));
      assertFalse(html.contains("so the examples are not linearly separable"), html);
      assertTrue(html.contains("rounded to single precision"), html);
    }
  }

  @Test
  void and_overBits_goesTheWayByHand() throws IOException {
    Findings found = Classrooms.work(new PerceptronLesson(), Classrooms.empty(0));
    // By hand: ŷ = 1 where w₁x₁ + w₂x₂ + b ≥ 0.
    List<String> byHand =
        List.of(
            "1 (0, 0) 0 1 −1 0 0 −1",
            "1 (0, 1) 0 0 0 0 0 −1",
            "1 (1, 0) 0 0 0 0 0 −1",
            "1 (1, 1) 1 0 1 1 1 0",
            "2 (0, 0) 0 1 −1 1 1 −1",
            "2 (0, 1) 0 1 −1 1 0 −2",
            "2 (1, 0) 0 0 0 1 0 −2",
            "2 (1, 1) 1 0 1 2 1 −1",
            "3 (0, 0) 0 0 0 2 1 −1",
            "3 (0, 1) 0 1 −1 2 0 −2",
            "3 (1, 0) 0 1 −1 1 0 −3",
            "3 (1, 1) 1 0 1 2 1 −2");
    assertEquals(byHand, rows(found, "steps").stream().map(row -> String.join(" ", row)).toList());
    assertEquals(
        List.of("AND", "2, 3, 3, 2, 1, 0", "6", "2", "1", "−3"), rows(found, "bits").get(0));
    assertEquals(6, found.number("and-epochs"));
    assertEquals(11, found.number("and-mistakes"));
    assertNull(found.table("csv-weights"));
  }

  @Test
  void xor_overBits_repeatsTheEpochByHand() throws IOException {
    Findings found = Classrooms.work(new PerceptronLesson(), Classrooms.empty(0));
    assertEquals(2, found.number("xor-same"));
    assertEquals(3, found.number("xor-epochs"));
    assertEquals(1, found.number("xor-cycle-epochs"));
    assertEquals(
        List.of(
            "3 (0, 0) 0 1 −1 −1 0 −1",
            "3 (0, 1) 1 0 1 −1 1 0",
            "3 (1, 0) 1 0 1 0 1 1",
            "3 (1, 1) 0 1 −1 −1 0 0"),
        rows(found, "xor-steps").stream().map(row -> String.join(" ", row)).toList());
    assertEquals("never", rows(found, "bits").get(4).get(2));
    assertEquals("never", rows(found, "signs").get(4).get(2));
  }

  /** The weights by a loop of this test, in integers. */
  @ParameterizedTest
  @CsvSource({
    "bits, 0, 0, 0001", "bits, 0, 1, 0111", "bits, 0, 2, 1000",
    "signs, -1, 0, 0001", "signs, -1, 1, 0111", "signs, -1, 2, 1000"
  })
  void gate_learned_isWhatALoopFinds(String table, int no, int row, String truth)
      throws IOException {
    int w1 = 0;
    int w2 = 0;
    int b = 0;
    List<String> mistakes = new ArrayList<>();
    int wrong = 1;
    while (wrong > 0) {
      wrong = 0;
      for (int i = 0; i < 4; i++) {
        int x1 = i < 2 ? no : 1;
        int x2 = i % 2 == 0 ? no : 1;
        int y = truth.charAt(i) == '1' ? 1 : no;
        int difference = y - (w1 * x1 + w2 * x2 + b >= 0 ? 1 : no);
        w1 += difference * x1;
        w2 += difference * x2;
        b += difference;
        wrong += difference == 0 ? 0 : 1;
      }
      mistakes.add(String.valueOf(wrong));
    }
    List<String> found =
        rows(Classrooms.work(new PerceptronLesson(), Classrooms.empty(0)), table).get(row);
    assertEquals(String.join(", ", mistakes), found.get(1));
    assertEquals(
        List.of(mistakes.size(), w1, w2, b).toString().replace('-', '−'),
        found.subList(2, 6).toString());
  }

  @Test
  void course_ofSeparableExamples_makesNoMoreMistakesThanNovikoffAllows() {
    KeyedRandom random = KeyedRandom.of(7, "test");
    for (Perceptron.Coding coding : Perceptron.Coding.values()) {
      double[] u = {1, -2, 0.5, 0.25}; // weights, then bias
      float[][] x = new float[60][3];
      float[] y = new float[60];
      double margin = Double.POSITIVE_INFINITY;
      double radius = 0;
      for (int i = 0; i < x.length; i++) {
        double signal;
        do {
          signal = u[3];
          for (int j = 0; j < 3; j++) {
            x[i][j] = 2 * random.nextFloat() - 1;
            signal += u[j] * x[i][j];
          }
        } while (Math.abs(signal) < 0.2);
        y[i] = signal > 0 ? 1 : coding.no();
        margin = Math.min(margin, Math.abs(signal));
        radius = Math.max(radius, 1 + x[i][0] * x[i][0] + x[i][1] * x[i][1] + x[i][2] * x[i][2]);
      }
      double most = radius * (1 + 4 + 0.25 + 0.0625) / (margin * margin);
      PerceptronCourse course = PerceptronCourse.of(x, y, coding, 10_000, epoch -> {});
      assertTrue(course.isLearned(), course.toString());
      assertTrue(course.mistakes() > 1 && course.mistakes() <= most, course.toString());
    }
  }

  @Test
  void course_untilTheLimit_saysSo() {
    float[][] x = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    PerceptronCourse course =
        PerceptronCourse.of(x, new float[] {0, 1, 1, 0}, Perceptron.Coding.BITS, 2, epoch -> {});
    assertFalse(course.isLearned());
    assertFalse(course.isCycle());
    assertArrayEquals(new float[] {-1, 0, 0}, course.last().w());
  }

  @Test
  void csv_ofThreeInputs_isLearned() throws IOException {
    Findings found = ofFile("a,b,c,y\n0,0,0,0\n0,0,1,0\n0,1,1,1\n1,0,1,1\n1,1,1,1\n1,1,0,1\n");
    assertEquals(6, found.number("csv-examples"));
    assertEquals(3, found.number("csv-inputs"));
    List<List<String>> weights = rows(found, "csv-weights");
    assertEquals(List.of("a", "b", "c", "b"), weights.stream().map(row -> row.get(0)).toList());
    double[] w =
        weights.stream().mapToDouble(r -> Double.parseDouble(r.get(1).replace('−', '-'))).toArray();
    assertTrue(w[3] < 0 && w[2] + w[3] < 0, "no");
    assertTrue(w[1] + w[2] + w[3] >= 0 && w[0] + w[2] + w[3] >= 0, "yes");
    assertEquals(0, found.number("csv-last"));
    assertFalse(found.isDrawn("csv-plane"));
  }

  @Test
  void csv_ofXorOverSigns_isACycle() throws IOException {
    Findings found = ofFile("-1,-1,-1\n-1,1,1\n1,-1,1\n1,1,-1\n");
    assertEquals(0, found.number("csv-same"));
    assertEquals(1, found.number("csv-cycle-epochs"));
    assertTrue(html(found).contains("so the examples are not linearly separable"), html(found));
    assertEquals(4, found.number("csv-last"));
    assertEquals("x₂", rows(found, "csv-weights").get(1).get(0));
    assertTrue(found.isDrawn("csv-plane"));
  }

  @Test
  void csv_wrongInput_isOneSentenceWithThePlace() throws IOException {
    assertEquals(
        "mine.csv, line 3, column 3 (y) is 2 where a label is needed: 0 or 1, or in all rows −1 or 1",
        slip("a,b,y\n1,2,0\n1,2,2\n"));
    assertEquals(
        "mine.csv, line 3, column 3 is −1 where a label is needed: 0 or 1, or in all rows −1 or 1",
        slip("1,2,0\n1,3,1\n1,2,-1\n"));
    assertEquals(
        "mine.csv, line 2, column 1 is \"one\" where a number is needed", slip("1,2,0\none,2,2\n"));
    assertEquals(
        "mine.csv, line 2 has 4 columns where the first row has 3", slip("1,2,0\n1,2,3,1\n"));
    assertEquals("mine.csv is empty: it needs a row of numbers an example", slip(""));
    assertEquals(
        "mine.csv has one column: an example is its inputs and, in the last column, its label",
        slip("1\n0\n"));
    assertEquals(
        "mine.csv: its inputs are so large that the weights left what a float can hold: divide each column by its greatest number",
        slip("3e38,3e38,1\n3e38,2e38,0\n-3e38,-3e38,1\n"));
    Path none = folder.resolve("none.csv");
    assertEquals(
        "--csv %s: there is no such file".formatted(none),
        assertThrows(
                UserError.class,
                () -> Classrooms.work(new PerceptronLesson(), Classrooms.with(0, none, null, null)))
            .getMessage());
  }

  private String slip(String content) {
    String sentence = assertThrows(UserError.class, () -> ofFile(content)).getMessage();
    return String.valueOf(sentence).replace(folder.resolve("mine.csv").toString(), "mine.csv");
  }
}
