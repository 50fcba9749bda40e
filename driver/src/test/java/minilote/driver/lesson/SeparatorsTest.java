package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Areas of polygons as geometry has them, and regions that networks have learned. */
class SeparatorsTest {
  /** What counting on 800 × 800 points may be off. */
  private static final double COUNTING = 0.002;

  private static Findings found;

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new Separators(), Classrooms.empty(0));
  }

  /** A polygon around the unit circle is N triangles of height 1 and base 2 tan(π/N). */
  @Test
  void polygonsAround_areTooLargeByTheClosedForm() {
    for (int lines : Separators.LINES) {
      double exact = lines * Math.tan(Math.PI / lines) / Math.PI - 1;
      assertEquals(exact, found.number("around-" + lines), COUNTING, () -> lines + " lines");
    }
    // To the digits that a table of tangents gives: 3√3/π − 1, 4/π − 1 and 2√3/π − 1.
    assertEquals("0.6540", cell(0, 2));
    assertEquals("0.2732", cell(1, 2));
    assertEquals("0.1027", cell(2, 2));
  }

  private static String cell(int row, int column) {
    return Objects.requireNonNull(found.table("fixed")).rows().get(row).get(column);
  }

  /** In polar coordinates: the border is at d / cos, the circle at 1. */
  private static double polarDifference(int lines, double distance) {
    int steps = 20_000;
    double half = Math.PI / lines;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double angle = half * (2 * (i + 0.5) / steps - 1);
      double radius = distance / Math.cos(angle);
      sum += Math.abs(radius * radius - 1) / 2 * (2 * half / steps);
    }
    return lines * sum / Math.PI;
  }

  @Test
  void nearestPolygons_haveTheAreaOfAnIntegral_andNoneBesideIsNearer() {
    for (int lines : Separators.LINES) {
      double distance = Polygon.nearest(lines).distance();
      double least = polarDifference(lines, distance);
      assertEquals(least, found.number("nearest-" + lines), COUNTING, () -> lines + " lines");
      assertTrue(least < polarDifference(lines, 0.995 * distance));
      assertTrue(least < polarDifference(lines, Math.min(1.005 * distance, 1)));
    }
  }

  /** Against half-planes, for points here and there. */
  @Test
  void network_answersWhatHalfPlanesSay() {
    Polygon polygon = new Polygon(5, 0.8);
    float[][] points = new float[400][2];
    for (int i = 0; i < points.length; i++) {
      int line = i / 20;
      points[i][0] = (i % 20 - 9.5f) / 8;
      points[i][1] = (line - 9.5f) / 8;
    }
    double[] answers = polygon.network().answers(points);
    int within = 0;
    for (int i = 0; i < points.length; i++) {
      boolean inside = true;
      for (int side = 0; side < 5; side++) {
        double angle = 2 * Math.PI * (side + 0.25) / 5;
        inside &= points[i][0] * Math.cos(angle) + points[i][1] * Math.sin(angle) <= 0.8;
      }
      assertEquals(inside ? 1 : 0, answers[i]);
      within += inside ? 1 : 0;
    }
    assertTrue(within > 50 && within < 350);
  }

  /** Doubling the lines quarters the error, as π²/(3N²) does. */
  @Test
  void error_fallsWithTheSquareOfTheLines() {
    assertEquals(4, found.number("ratio"), 0.15);
    assertEquals(Math.PI * Math.PI / 3 / 256, found.number("around-16"), 5e-4);
  }

  @Test
  void learned_comesNearTheDisc_butNotCloserThanItsPointsLie() {
    assertTrue(found.number("learned-8") < 0.1);
    assertTrue(found.number("learned-32") < 0.1);
    // Between 800 points of the square a border can be moved unseen.
    assertTrue(found.number("best-32") > found.number("nearest-32"));
    assertTrue(found.toJson().get("polygon-ahead").asBoolean());
    List<String> three = Objects.requireNonNull(found.table("learned")).rows().get(0);
    assertTrue(Double.parseDouble(three.get(2)) <= Double.parseDouble(three.get(1)));
    long stuck = Long.parseLong(three.get(4));
    assertTrue(stuck >= 0 && stuck <= 7);
  }

  @Test
  void points_areLabelledByTheDisc() {
    SmallData points = Separators.points(0);
    int inside = 0;
    for (int i = 0; i < points.size(); i++) {
      double radius = Math.hypot(points.inputs()[i][0], points.inputs()[i][1]);
      assertEquals(radius <= 1 ? 1 : 0, points.targets()[i][0]);
      inside += (int) points.targets()[i][0];
    }
    // π of 16; three standard deviations are 0.042.
    assertEquals(Math.PI / 16, (double) inside / Separators.POINTS, 0.042);
  }
}
