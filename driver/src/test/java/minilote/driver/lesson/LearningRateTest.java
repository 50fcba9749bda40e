package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bound on the learning rate, against plain loops in double precision. */
class LearningRateTest {
  private static final long SEED = 5;

  private static Findings found;
  private static LinearNeuron neuron;

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new LearningRate(), Classrooms.empty(SEED));
    neuron = LinearNeuron.near(SEED, LearningRate.POINTS, LearningRate.X, LearningRate.DEVIATION);
  }

  private static double loss(double w, double b) {
    double sum = 0;
    for (int i = 0; i < LearningRate.POINTS; i++) {
      double error = w * neuron.data().inputs()[i][0] + b - neuron.data().targets()[i][0];
      sum += error * error / 2;
    }
    return sum / LearningRate.POINTS;
  }

  /** The loss after so many steps of descent, whose gradients are differences of losses. */
  private static double lossAfter(double rate, int steps) {
    double w = LearningRate.START[0];
    double b = LearningRate.START[1];
    for (int step = 0; step < steps; step++) {
      // Central differences of a quadratic are its derivatives.
      double byW = (loss(w + 1, b) - loss(w - 1, b)) / 2;
      double byB = (loss(w, b + 1) - loss(w, b - 1)) / 2;
      w -= rate * byW;
      b -= rate * byB;
    }
    return loss(w, b);
  }

  @Test
  void bound_isWhereDescentOnTheQuadraticBeginsToDiverge() {
    double bound = found.number("bound");
    double first = lossAfter(0, 0);
    assertTrue(lossAfter(0.999 * bound, 4000) < first);
    assertTrue(lossAfter(0.999 * bound, 8000) < lossAfter(0.999 * bound, 4000));
    assertTrue(lossAfter(1.001 * bound, 4000) > first);
  }

  @Test
  void factors_aroundTheBound_areOneMinusRateTimesCurvature() {
    for (double share : LearningRate.AROUND_THE_BOUND) {
      // η = share · 2 / λ, so that 1 − ηλ = 1 − 2 share.
      assertEquals(
          Math.abs(1 - 2 * share),
          found.number("at-" + Written.trimmed(share) + "-factor"),
          1e-3,
          () -> "at " + share);
    }
    assertEquals(
        List.of("converges", "converges", "converges", "diverges", "diverges"),
        Objects.requireNonNull(found.table("around")).rows().stream()
            .map(row -> row.get(5))
            .toList());
    assertTrue(found.toJson().get("as-predicted").asBoolean());
  }

  @Test
  void losses_justBesideTheBound_areThoseOfAPlainLoop() {
    double least = loss(neuron.minimum()[0], neuron.minimum()[1]);
    for (double share : new double[] {0.99, 1.01}) {
      double expected = lossAfter(share * found.number("bound"), LearningRate.MANY_STEPS) - least;
      double actual = found.number("at-" + Written.trimmed(share) + "-end");
      assertEquals(1, actual / expected, 0.01, () -> "at " + share);
    }
  }

  @Test
  void fourRates_areTooSmallRightTooLargeAndDiverging() {
    List<List<String>> rows = Objects.requireNonNull(found.table("rates")).rows();
    assertEquals(
        List.of("too small", "right", "oscillates", "diverges"),
        rows.stream().map(row -> row.get(5)).toList());
    assertEquals("0", rows.get(0).get(4), "a small step never goes up");
    assertEquals(rows.get(0).get(1), rows.get(3).get(1), "all begin with the same weights");
  }

  /** The trainer's measure of curvature, where the Hessian is known: XᵀX / N. */
  @Test
  void curvature_ofTheLinearNeuron_isTheGreatestEigenvalue() {
    try (SmallTraining training = neuron.training(0.3, -0.2, LearningRate.POINTS, 0.1, 0)) {
      assertEquals(neuron.steepest(), LearningRate.curvature(training), 1e-3);
      assertEquals(0.3f, training.parameters()[0], "the weights stay where they were");
      assertEquals(-0.2f, training.parameters()[1]);
    }
  }
}
