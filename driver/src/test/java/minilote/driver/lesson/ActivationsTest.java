package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Figures of the activations as mathematics has them. */
class ActivationsTest {
  private static Findings found;

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new Activations(), Classrooms.empty(0));
  }

  private static List<String> row(String table, String name) {
    return Objects.requireNonNull(found.table(table)).rows().stream()
        .filter(row -> row.get(0).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double cell(String table, String name, int column) {
    return Double.parseDouble(row(table, name).get(column).replace('−', '-'));
  }

  @Test
  void values_atSpecialSignals_areTheFormulas() {
    double[] s = {-5, -1, 0, 1, 5};
    for (int i = 0; i < s.length; i++) {
      double e = Math.exp(s[i]);
      assertEquals(s[i] >= 0 ? 1 : 0, cell("values", "heaviside", i + 1));
      assertEquals(s[i] >= 0 ? 1 : -1, cell("values", "sign", i + 1));
      assertEquals(e / (1 + e), cell("values", "sigmoid", i + 1), 6e-6);
      assertEquals((e - 1 / e) / (e + 1 / e), cell("values", "tanh", i + 1), 6e-6);
      assertEquals(s[i], cell("values", "linear", i + 1));
      assertEquals(Math.max(s[i], 0), cell("values", "relu", i + 1));
      assertEquals(s[i] > 0 ? s[i] : e - 1, cell("values", "elu", i + 1), 6e-6);
      assertEquals(s[i] > 0 ? s[i] : (e - 1) / 2, cell("values", "elu(0.5)", i + 1), 6e-6);
    }
  }

  @Test
  void derivatives_atSpecialSignals_areTheFormulas() {
    double[] s = {-5, -1, 0, 1, 5};
    for (int i = 0; i < s.length; i++) {
      double e = Math.exp(s[i]);
      assertEquals(e / ((1 + e) * (1 + e)), cell("derivatives", "sigmoid", i + 1), 6e-6);
      double cosh = (e + 1 / e) / 2;
      assertEquals(1 / (cosh * cosh), cell("derivatives", "tanh", i + 1), 6e-6);
      assertEquals(1, cell("derivatives", "linear", i + 1));
      assertEquals(s[i] > 0 ? 1 : 0, cell("derivatives", "relu", i + 1));
      assertEquals(s[i] > 0 ? 1 : e, cell("derivatives", "elu", i + 1), 6e-6);
      assertEquals(s[i] > 0 ? 1 : e / 2, cell("derivatives", "elu(0.5)", i + 1), 6e-6);
    }
    assertEquals(0.25, found.number("greatest"));
    assertEquals(Math.pow(2, -20), found.number("ten"), 1e-12);
  }

  /** Of the closed forms: 4 σ (1 − σ) = 0.01, 1 / cosh² = 0.01, e^s = 0.01 and ½ e^s = 0.01. */
  @Test
  void saturation_isWhereTheClosedFormsHaveIt() {
    double root = Math.sqrt(0.99);
    assertBorders("sigmoid", -Math.log((1 + root) / (1 - root)), Math.log((1 + root) / (1 - root)));
    assertBorders("tanh", -Math.log(10 + Math.sqrt(99)), Math.log(10 + Math.sqrt(99)));
    assertBorders("relu", 0, Double.NaN);
    assertBorders("elu", Math.log(0.01), Double.NaN);
    assertBorders("elu(0.5)", Math.log(0.02), Double.NaN);
    assertBorders("linear", Double.NaN, Double.NaN);
    assertEquals(List.of("relu", "0", "∞", "1"), row("limits", "relu").subList(0, 4));
    assertEquals(List.of("elu(0.5)", "−0.5", "∞", "1"), row("limits", "elu(0.5)").subList(0, 4));
    assertEquals(List.of("linear", "−∞", "∞", "1"), row("limits", "linear").subList(0, 4));
    assertEquals(List.of("sign", "−1", "1", "–", "–", "–"), row("limits", "sign"));
  }

  private static void assertBorders(String name, double below, double above) {
    assertBorder(below, row("limits", name).get(4));
    assertBorder(above, row("limits", name).get(5));
  }

  private static void assertBorder(double border, String written) {
    if (Double.isNaN(border)) {
      assertEquals("–", written);
    } else {
      assertEquals(border, Double.parseDouble(written.replace('−', '-')), 6e-4);
    }
  }

  @Test
  void softmax_ofOneTwoThree_hasThePublishedValuesAndJacobian() {
    double[] x = {0.09003057, 0.24472847, 0.66524096};
    for (int j = 0; j < x.length; j++) {
      String name = "x" + (char) ('₁' + j);
      assertEquals(x[j], cell("softmax", name, 2), 6e-5);
      for (int k = 0; k < x.length; k++) {
        double expected = j == k ? x[j] * (1 - x[j]) : -x[j] * x[k];
        assertEquals(expected, cell("softmax", name, 3 + k), 6e-5);
      }
    }
    assertEquals(0, found.number("row-sum"), 1e-15);
    assertEquals(0, found.number("shift-difference"));
  }

  @Test
  void inTraining_valuesAreNearTheDefinition() {
    assertTrue(found.number("furthest") > 0);
    assertTrue(found.number("furthest") < 2e-7);
  }

  @Test
  void threshold_answers_andIsRefusedByBackPropagation() {
    double answer = found.number("answer");
    assertTrue(answer > 0 && answer < 1, () -> "a sigmoid's answer, not " + answer);
    assertEquals(
        "layer 1 is heaviside, which has no derivative for back-propagation to learn by: use"
            + " sigmoid there",
        found.toJson().get("refused").asText());
    assertEquals(
        "layer 2 is sign, which has no derivative for back-propagation to learn by: use tanh there",
        found.toJson().get("other-refused").asText());
  }
}
