package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LbfgsBTest {
  private static LbfgsB.Found maximize(
      Objective f, double[] start, double[] lower, double[] upper, int iterations) {
    return LbfgsB.maximize(f, start, lower, upper, iterations, iteration -> {});
  }

  /** −f is then convex: the solution is one, and can be told by the conditions for it. */
  @Test
  void maximize_concaveQuadratics_meetsTheConditionsOfTheOneSolution() {
    Random random = new Random(3);
    int atWalls = 0;
    for (int n : new int[] {1, 2, 5, 40}) {
      for (int problem = 0; problem < 10; problem++) {
        double[][] root = new double[n][n];
        double[] center = new double[n];
        for (int i = 0; i < n; i++) {
          center[i] = 2 * random.nextGaussian();
          for (int j = 0; j < n; j++) {
            root[i][j] = random.nextGaussian() / Math.sqrt(n);
          }
        }
        double[][] h = new double[n][n]; // −(RRᵀ + ½I)
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            h[i][j] = -Vectors.dot(root[i], root[j]) - (i == j ? 0.5 : 0);
          }
        }
        double[] lower = new double[n];
        double[] upper = new double[n];
        Arrays.fill(lower, -1);
        Arrays.fill(upper, 1);
        Objective f = Functions.quadratic(h, center);
        double found = maximize(f, new double[n], lower, upper, 200).maximum();
        double[] x = new double[n];
        for (int sweep = 0; sweep < 5000; sweep++) { // One variable after the other.
          for (int i = 0; i < n; i++) {
            double[] off = x.clone();
            Vectors.add(-1, center, off);
            double slope = Vectors.dot(h[i], off);
            x[i] = Math.min(1, Math.max(-1, x[i] - slope / h[i][i]));
          }
        }
        atWalls += (int) Arrays.stream(x).filter(v -> Math.abs(v) == 1).count();
        double best = f.loss(x);
        assertEquals(best, found, 1e-6 * (1 + Math.abs(best)), n + " variables");
      }
    }
    assertTrue(atWalls > 100, atWalls + " variables at a wall");
  }

  @Test
  void maximize_curvedValley_getsToTheTopInsideTheBox() {
    // Rosenbrock's, upside down: its top is 0 at (1, 1).
    Objective f =
        Functions.of(2, w -> -100 * Math.pow(w[1] - w[0] * w[0], 2) - Math.pow(1 - w[0], 2));
    double[] lower = {-1.5, -0.5};
    double[] upper = {1.5, 2};
    assertEquals(0, maximize(f, new double[] {-1, 1}, lower, upper, 200).maximum(), 1e-6);
  }

  @Test
  void maximize_always_staysInTheBoxAndCountsItsEvaluations() {
    double[] lower = {-1, -0.25, 0};
    double[] upper = {0.5, 1, 0};
    int[] calls = new int[1];
    Objective f = Functions.of(3, w -> Math.exp(w[0]) + w[1] * w[1] * w[1] + w[2] + w[0] * w[1]);
    Objective watched =
        new Objective() {
          @Override
          public int dimension() {
            return 3;
          }

          @Override
          public double loss(double[] weights) {
            throw new AssertionError("it is the gradient that is asked for");
          }

          @Override
          public double lossAndGradient(double[] weights, double[] gradient) {
            calls[0]++;
            for (int i = 0; i < 3; i++) {
              assertTrue(lower[i] <= weights[i] && weights[i] <= upper[i], "inside the box");
            }
            return f.lossAndGradient(weights, gradient);
          }
        };
    LbfgsB.Found found = maximize(watched, new double[3], lower, upper, 10);
    assertEquals(calls[0], found.evaluations());
    assertEquals(Math.exp(0.5) + 1 + 0.5, found.maximum(), 1e-9);
  }

  @Test
  void maximize_lossThatOverflows_keepsTheLargestNumber() {
    Objective f = Functions.of(1, w -> w[0] > 0.5 ? Double.NaN : w[0]);
    double found = maximize(f, new double[1], new double[] {-1}, new double[] {1}, 10).maximum();
    assertTrue(found > 0.2 && found <= 0.5, "found " + found);
  }

  @Test
  void maximize_flatOrPoint_isTheStart() {
    double[] zero = {0};
    LbfgsB.Found flat =
        maximize(Functions.of(1, w -> 7), zero, new double[] {-1}, new double[] {1}, 10);
    assertEquals(7, flat.maximum());
    assertEquals(1, flat.evaluations());
    assertEquals(0, maximize(Functions.of(1, w -> w[0]), zero, zero, zero, 10).maximum());
  }
}
