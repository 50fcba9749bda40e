package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import minilote.driver.report.Plane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes and parameters counted by hand, folds by recursion, regions that geometry knows. */
class CompositionTest {
  private static final Plane.Range SEEN = new Plane.Range(-2, 2);

  private static List<List<String>> rows(Findings found, String table) {
    return Objects.requireNonNull(found.table(table)).rows();
  }

  @Test
  void layers_oneByOne_areTheNetwork() throws IOException {
    for (long seed = 0; seed < 3; seed++) {
      Findings found = Classrooms.work(new Composition(), Classrooms.empty(seed));
      assertEquals(0, found.number("difference"));
      // 2·6+6, 6·5+5, 5·4+4, 4·4+4, 4·3+3
      assertEquals(
          List.of("2 × 6 18", "6 × 5 35", "5 × 4 24", "4 × 4 20", "4 × 3 15"),
          rows(found, "layers-table").stream().map(r -> r.get(2) + " " + r.get(4)).toList());
      assertEquals(112, found.number("parameters"));
      // 2·5+5 + 5·4+4 + 4·3+3, and 2·3+3
      assertEquals(54, found.number("linear-parameters"));
      assertEquals(9, found.number("linear-needed"));
      assertTrue(found.number("linear-difference") < 1e-5);
    }
  }

  @Test
  void outputs_ofTheLastLayer_addUpToOne_andTheOthersDiffer() throws IOException {
    Findings found = Classrooms.work(new Composition(), Classrooms.empty(0));
    Set<String> outputs = new HashSet<>();
    rows(found, "layers-table").forEach(row -> outputs.add(row.get(5)));
    assertEquals(5, outputs.size());
    assertTrue(found.number("linear-difference") > 0, "products rounded otherwise");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void folding_isTheTentFunctionAgainAndAgain(int folds) {
    int points = 1 << 9;
    double[] answers = new Folding(folds).over(points);
    for (int i = 0; i <= points; i++) {
      double x = (double) i / points;
      for (int fold = 0; fold < folds; fold++) {
        x = x < 0.5 ? 2 * x : 2 - 2 * x;
      }
      assertEquals(x, answers[i], "at " + i);
    }
    assertEquals(1 << folds, new Folding(folds).pieces());
    assertEquals(4 + 6 * (folds - 1) + 3, new Folding(folds).parameters());
  }

  @Test
  void regions_ofLinesThatCross_areThoseOfGeometry() {
    // x₁ = 0 and x₂ = 0
    assertEquals(4, regions("dense 2 relu, dense 1 linear", 1, 0, 0, 1, 0, 0, 1, 1, 0).count());
    // and x₁ + x₂ = 1: three lines in general position, 7 parts
    assertEquals(
        7, regions("dense 3 relu, dense 1 linear", 1, 0, 1, 0, 1, 1, 0, 0, -1, 1, 1, 1, 0).count());
    // three parallel lines, 4 parts
    assertEquals(
        4, regions("dense 3 relu, dense 1 linear", 1, 1, 1, 0, 0, 0, 0, 1, -1, 1, 1, 1, 0).count());
  }

  @Test
  void regions_ofASecondLayer_bendAtTheFirst() {
    // relu(x₁), relu(−x₁), then relu(both − 1), which is |x₁| > 1: −1, 0 and 1 are the breaks.
    LinearRegions regions =
        regions("dense 2 relu, dense 1 relu, dense 1 linear", 1, -1, 0, 0, 0, 0, 1, 1, -1, 1, 0);
    assertEquals(4, regions.count());
    assertEquals(
        4,
        new HashSet<>(List.of(at(regions, 5), at(regions, 20), at(regions, 40), at(regions, 55)))
            .size());
  }

  private static int at(LinearRegions regions, int column) {
    return regions.cells()[30][column];
  }

  private static LinearRegions regions(String words, float... w) {
    return LinearRegions.of(Answers.of(words, 2, w), SEEN, SEEN, 60);
  }

  /** One layer of 16 lines cannot cut a plane into more than 1 + 16 + 16·15/2 parts. */
  @Test
  void regions_ofRandomWeights_areWithinTheBound() throws IOException {
    Findings found = Classrooms.work(new Composition(), Classrooms.empty(0));
    for (List<String> row : rows(found, "regions")) {
      double mean = Double.parseDouble(row.get(2));
      int most = Integer.parseInt(row.get(3).split("–", -1)[1]);
      assertTrue(mean > 10 && mean <= most, row.toString());
      String layers = row.get(0).substring(0, 1);
      assertEquals(mean, found.number("regions-mean-" + layers), 0.05 + 1e-9);
    }
    assertTrue(Integer.parseInt(rows(found, "regions").get(0).get(3).split("–", -1)[1]) <= 137);
    // 2·16+16+16+1; 2·8+8 + 8·8+8 + 8+1; 2·4+4 + 3(4·4+4) + 4+1
    assertEquals(
        List.of("65", "105", "77"),
        rows(found, "regions").stream().map(row -> row.get(1)).toList());
  }

  @Test
  void neighbours_haveDifferentColours() {
    LinearRegions regions =
        regions("dense 3 relu, dense 1 linear", 1, 0, 1, 0, 1, 1, 0, 0, -1, 1, 1, 1, 0);
    List<double[]> shades = regions.ground().rows();
    for (int i = 0; i < 60; i++) {
      for (int j = 1; j < 60; j++) {
        assertEquals(
            regions.cells()[i][j] == regions.cells()[i][j - 1],
            shades.get(i)[j] == shades.get(i)[j - 1]);
      }
    }
  }
}
