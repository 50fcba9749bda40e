package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Smoothing against closed forms and quadrature; the profile against a loop of its own. */
class SmoothingTest {
  /** E g(z) of a standard normal z. */
  private static double mean(DoubleUnaryOperator g) {
    double sum = 0;
    double step = 0.005;
    for (double z = -9; z <= 9; z += step) {
      sum += g.applyAsDouble(z) * Math.exp(-z * z / 2) * step;
    }
    return sum / Math.sqrt(2 * Math.PI);
  }

  @Test
  void smoothed_parabola_risesByHalfCTimesTheVariance() {
    Bumps parabola = new Bumps(6, 0, 1, 0);
    for (double x : new double[] {-2, 0, 0.7}) {
      assertEquals(3 * x * x + 3 * 0.25 * 0.25, parabola.smoothed(0.25).at(x), 1e-14);
    }
  }

  @Test
  void smoothed_cosine_shrinksByTheNormalsFactor() {
    Bumps waves = new Bumps(0, 2, 5, 0);
    for (double x : new double[] {-2, 0, 0.7}) {
      assertEquals(
          2 - 2 * Math.exp(-25 * 0.3 * 0.3 / 2) * Math.cos(5 * x),
          waves.smoothed(0.3).at(x),
          1e-14);
    }
  }

  @Test
  void smoothed_function_isTheMeanOverTheNoise() {
    for (double s : new double[] {0.08, 0.32}) {
      for (double x : new double[] {-3, 0.1, 1.9}) {
        assertEquals(mean(z -> Smoothing.F.at(x - s * z)), Smoothing.F.smoothed(s).at(x), 1e-9);
      }
    }
  }

  /** E[y − ηω − η f′(y − ηω)] = y − η g′(y), g being f smoothed. */
  @Test
  void step_onTheMean_isAStepOnTheSmoothedFunction() {
    double s = Smoothing.RATE * Smoothing.NOISE;
    for (double y : new double[] {-3, 0.4, 2}) {
      double next = mean(z -> y - s * z - Smoothing.RATE * Smoothing.F.slope(y - s * z));
      assertEquals(y - Smoothing.RATE * Smoothing.F.smoothed(s).slope(y), next, 1e-9);
    }
  }

  @Test
  void minimaAndPull_areThoseSeenOnAGrid() {
    for (double s : new double[] {0, 0.08, 0.16, 0.32}) {
      Bumps f = Smoothing.F.smoothed(s);
      int minima = 0;
      double pull = Double.POSITIVE_INFINITY;
      double step = 1e-4;
      for (double x = -9.00005; x < 9; x += step) {
        minima += f.at(x) < f.at(x - step) && f.at(x) <= f.at(x + step) ? 1 : 0;
        double slope = (f.at(x + 1e-5) - f.at(x - 1e-5)) / 2e-5;
        pull = Math.abs(x) < 0.01 ? pull : Math.min(pull, slope / x);
      }
      assertEquals(minima, f.minima());
      assertEquals(pull, f.pull(), 1e-3);
    }
  }

  @Test
  void descent_withoutNoise_staysInTheMinimumBesideIt() throws IOException {
    Findings found = Classrooms.work(new Smoothing(), Classrooms.empty(0));
    // Downhill from the start, in steps too short to miss a minimum.
    double x = Smoothing.START;
    while (0.8 * x + 3 * Math.sin(6 * x) > 0) {
      x -= 1e-6;
    }
    double end = Smoothing.path(0, 0, 0, 0)[1000];
    assertEquals(0, 0.8 * end + 3 * Math.sin(6 * end), 1e-9);
    assertEquals(Math.abs(end), found.number("distance-0"), 1e-9);
    assertEquals(x, end, 1e-5);
    assertTrue(found.number("distance-3") < 1.5, "" + found.number("distance-3"));
    assertTrue(found.number("minima-0") > 1);
    assertEquals(1, found.number("minima-3"));
    // At the threshold the smoothed function stops having other minima.
    double s = found.number("threshold");
    assertEquals(0, Smoothing.F.smoothed(s).pull(), 1e-9);
    assertEquals(1, Smoothing.F.smoothed(s * 1.001).minima());
    assertTrue(Smoothing.F.smoothed(s * 0.97).minima() > 1);

    // What a network's loss rises by: to the second order for large batches, more for smaller ones.
    assertEquals(0, found.number("lift-0"), 0);
    assertEquals(1, found.number("lift-1") / found.number("predicted-1"), 0.25);
    assertTrue(found.number("lift-1") < found.number("lift-2"));
    assertTrue(found.number("lift-2") < found.number("lift-3"));
    assertTrue(found.number("lowest-3") > found.number("lowest-0"));
    assertEquals(4, Objects.requireNonNull(found.table("network")).rows().size());
  }

  /** With this seed the lowest point is before w without noise, and comes to w and beyond. */
  @Test
  void lowestPoints_areSaidToMove_whereTheirTGrows() throws IOException {
    Findings found = Classrooms.work(new Smoothing(), Classrooms.empty(4));
    boolean grows = found.number("lowest-3") > found.number("lowest-0");
    for (int i = 1; i <= 3; i++) {
      grows &= found.number("lowest-" + i) >= found.number("lowest-" + (i - 1));
    }
    assertEquals(grows, found.toJson().get("moves").asBoolean());
    assertEquals(-0.1, found.number("lowest-0"), 1e-9);
  }

  @Test
  void profile_smoothed_isTheMeanOfLosses() {
    SmallData data = FlippedLabels.data(2);
    float[] w = FlippedLabels.start(FlippedLabels.network(), 2);
    double[] direction = new double[w.length];
    double[] first = new double[w.length];
    double[] second = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      direction[i] = Math.sin(i);
      first[i] = Math.cos(3 * i);
      second[i] = 0.5 * Math.cos(7 * i);
    }
    try (Profile profile = new Profile(data, w, 0.2)) {
      double[] t = {-0.5, 1};
      double[] means = profile.of(direction, t, List.of(first, second));
      for (int k = 0; k < t.length; k++) {
        double expected = 0;
        for (double[] noise : List.of(first, second)) {
          float[] v = new float[w.length];
          for (int i = 0; i < w.length; i++) {
            v[i] = (float) (w[i] + t[k] * direction[i] - 0.2 * noise[i]);
          }
          expected += new LoopedNetwork(100, v).loss(data) / 2;
        }
        assertEquals(expected, means[k], 1e-5);
      }
    }
  }
}
