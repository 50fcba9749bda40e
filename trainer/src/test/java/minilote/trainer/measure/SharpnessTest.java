package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;

class SharpnessTest {
  private static final int FINE = 1000;

  private static Sharpness of(Objective f, double[] x, Sharpness.Settings settings) {
    return Sharpness.of(f, x, settings, ProgressListener.NONE);
  }

  /** The largest f on a grid over the box, walls included. */
  private static double largestOnGrid(Objective f, double[] x, double epsilon) {
    double best = Double.NEGATIVE_INFINITY;
    double[] at = new double[2];
    for (int i = -FINE; i <= FINE; i++) {
      for (int j = -FINE; j <= FINE; j++) {
        at[0] = x[0] + epsilon * (Math.abs(x[0]) + 1) * i / FINE;
        at[1] = x[1] + epsilon * (Math.abs(x[1]) + 1) * j / FINE;
        best = Math.max(best, f.loss(at));
      }
    }
    return best;
  }

  private static void agreesWithGrid(Objective f, double[] x, double epsilon) {
    Sharpness found = of(f, x, new Sharpness.Settings(List.of(epsilon), 0, 10, 0));
    double best = largestOnGrid(f, x, epsilon);
    double growth = 100 * (best - f.loss(x)) / (1 + f.loss(x));
    Sharpness.Box box = found.boxes().get(0);
    assertEquals(f.loss(x), found.loss());
    assertEquals(growth, box.sharpness(), 1e-3 * growth);
    assertEquals(best, box.maximum(), 1e-3 * (best - f.loss(x)));
    assertTrue(box.corner() <= best * (1 + 1e-12), "the corner is one of the box");
  }

  @Test
  void of_nearAMinimumOfTwoWeights_agreesWithAFineGrid() {
    Objective bowl =
        Functions.of(
            2, w -> 0.3 + 40 * Math.pow(w[0] - 0.5, 2) + 3 * Math.pow(w[1] + 2 - 0.2 * w[0], 2));
    agreesWithGrid(bowl, new double[] {0.5001, -1.9}, 1e-3);
    agreesWithGrid(bowl, new double[] {0.5001, -1.9}, 0.1);
    agreesWithGrid(bowl, new double[] {0.9, -1}, 0.5);
  }

  @Test
  void of_topWithinTheBox_agreesWithAFineGrid() {
    Objective hill =
        Functions.of(
            2, w -> 2 * Math.exp(-8 * Math.pow(w[0] - 0.31, 2) - 3 * Math.pow(w[1] + 0.17, 2)));
    agreesWithGrid(hill, new double[] {0, 0}, 1);
    Objective ridge = Functions.of(2, w -> 1 - Math.pow(w[0] + w[1] - 0.4, 2) + 0.3 * w[1]);
    agreesWithGrid(ridge, new double[] {0, 0}, 0.8);
  }

  /** So small that it is within what some optimizers take for the solution. */
  @Test
  void of_lossOfAnyScale_isFoundAlike() {
    for (double scale : new double[] {1e-9, 1, 1e9}) {
      agreesWithGrid(
          Functions.quadratic(new double[][] {{scale, 0}, {0, 3 * scale}}, new double[] {0.1, -1}),
          new double[] {0.101, -1.0003},
          1e-2);
    }
  }

  @Test
  void of_linearLoss_isTheCornerExactly() {
    Objective f = Functions.of(3, w -> 5 + 2 * w[0] - 3 * w[1]);
    Sharpness.Box box =
        of(f, new double[] {1, -2, 4}, new Sharpness.Settings(List.of(0.25), 0, 10, 0))
            .boxes()
            .get(0);
    double loss = 5 + 2 + 6;
    assertEquals(loss + 2 * 0.5 + 3 * 0.75, box.corner(), 1e-8);
    assertEquals(box.corner(), box.maximum(), 1e-8);
    assertEquals(100 * 3.25 / 14, box.sharpness(), 1e-6);
    assertEquals(box.sharpness(), box.cornerSharpness(), 1e-6);
  }

  @Test
  void of_manyEpsilons_isThatOfEach() {
    Objective f = Functions.of(2, w -> 1 + w[0] * w[0] + 2 * w[1] * w[1]);
    double[] x = {0.2, -0.1};
    Sharpness both = of(f, x, new Sharpness.Settings(List.of(0.1, 0.01), 0, 10, 0));
    assertEquals(
        of(f, x, new Sharpness.Settings(List.of(0.1), 0, 10, 0)).boxes().get(0),
        both.boxes().get(0));
    assertEquals(
        of(f, x, new Sharpness.Settings(List.of(0.01), 0, 10, 0)).boxes().get(0),
        both.boxes().get(1));
  }

  @Test
  void of_subspace_agreesWithAFineGridOfIt() {
    int n = 7;
    double[] x = {0.3, -1, 2, 0.1, 0, 0.7, -0.2};
    Objective f =
        Functions.of(
            n,
            w -> {
              double sum = 0.2;
              for (int i = 0; i < n; i++) {
                sum += (i + 1) * Math.pow(w[i] - x[i] - 0.01 * (i % 3), 2);
              }
              return sum;
            });
    long seed = 11;
    double epsilon = 0.05;
    Subspace subspace = new Subspace(n, 2, seed);
    double[] y = subspace.pseudoInverseTimes(x);
    double best = 0;
    for (int i = -FINE / 4; i <= FINE / 4; i++) {
      for (int j = -FINE / 4; j <= FINE / 4; j++) {
        double[] at = x.clone();
        subspace.addTimes(
            new double[] {
              epsilon * (Math.abs(y[0]) + 1) * 4 * i / FINE,
              epsilon * (Math.abs(y[1]) + 1) * 4 * j / FINE
            },
            at);
        best = Math.max(best, f.loss(at));
      }
    }
    Sharpness found = of(f, x, new Sharpness.Settings(List.of(epsilon), 2, 10, seed));
    assertEquals(best, found.boxes().get(0).maximum(), 1e-3 * (best - found.loss()));
    assertEquals(2, found.toJson().get("subspace").intValue());
  }

  @Test
  void subspace_always_hasColumnsOfLengthOneAndTheirPseudoInverse() {
    Subspace subspace = new Subspace(50, 4, 3);
    for (int j = 0; j < 4; j++) {
      double[] e = new double[4];
      e[j] = 1;
      double[] column = new double[50];
      subspace.addTimes(e, column);
      assertEquals(1, Vectors.norm(column), 1e-6);
      double[] back = subspace.pseudoInverseTimes(column);
      for (int k = 0; k < 4; k++) {
        assertEquals(e[k], back[k], 1e-6, "A⁺A is the identity");
      }
    }
  }

  @Test
  void settings_wrong_sayTheOption() {
    assertEquals(
        "--epsilon 0.0: it must be above 0 and at most 1",
        assertThrows(UserError.class, () -> new Sharpness.Settings(List.of(1e-3, 0.0), 0, 10, 0))
            .getMessage());
    assertEquals(
        "--iterations 0: it must be at least 1",
        assertThrows(UserError.class, () -> new Sharpness.Settings(List.of(1e-3), 0, 0, 0))
            .getMessage());
    assertEquals(
        "--subspace 3: the network has 2 weights, and a subspace no more dimensions",
        assertThrows(UserError.class, () -> new Subspace(2, 3, 0)).getMessage());
    assertTrue(
        assertThrows(UserError.class, () -> new Subspace(500_000_000, 100_000_000, 0))
            .getMessage()
            .contains("fewer dimensions, or more --driver-memory"));
  }
}
