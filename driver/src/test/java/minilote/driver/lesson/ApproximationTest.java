package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minilote.trainer.network.Loss;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Errors of the networks, against what is known of them without training one. */
class ApproximationTest {
  private static Findings found;

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new Approximation(), Classrooms.empty(0));
  }

  /**
   * One unit makes a function that only rises or only falls. The least error of any such function
   * is that of isotonic regression, by pooling neighbours that are out of order.
   */
  @Test
  void oneUnit_isNoBetterThanTheBestMonotoneFunction_andNotMuchWorse() {
    SmallData wave = Approximation.onWave(Approximation.NEW_POINTS, true);
    double[] y = new double[wave.size()];
    double[] falling = new double[wave.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = wave.targets()[i][0];
      falling[i] = -y[i];
    }
    double bound = Math.min(monotoneError(y), monotoneError(falling));
    double actual = found.number("one-1");
    assertTrue(actual >= bound, () -> actual + " is less than " + bound);
    assertTrue(actual < 1.5 * bound, () -> actual + " is far from " + bound);
  }

  private static double monotoneError(double[] y) {
    List<double[]> pools = new ArrayList<>(); // sum, count
    for (double value : y) {
      double[] pool = {value, 1};
      while (!pools.isEmpty() && mean(pools.get(pools.size() - 1)) > mean(pool)) {
        double[] before = pools.remove(pools.size() - 1);
        pool[0] += before[0];
        pool[1] += before[1];
      }
      pools.add(pool);
    }
    double squares = 0;
    int at = 0;
    for (double[] pool : pools) {
      for (int i = 0; i < pool[1]; i++) {
        squares += Math.pow(y[at++] - mean(pool), 2);
      }
    }
    return Math.sqrt(squares / y.length);
  }

  private static double mean(double[] pool) {
    return pool[0] / pool[1];
  }

  @Test
  void manyUnits_comeNear_inOneAndTwoVariables() {
    assertTrue(found.number("one-32") < found.number("one-1") / 10);
    assertTrue(found.number("two-32") < found.number("two-1") / 10);
    assertTrue(found.number("one-4") < found.number("one-2"));
    assertTrue(found.number("two-4") < found.number("two-2"));
  }

  /** What few points with noise allow, and what more of them do. */
  @Test
  void moreExamples_payForMoreUnits() {
    assertTrue(found.number("few-best") <= found.number("many-best"));
    assertTrue(found.number("many-new-last") < found.number("few-new-last") / 2);
    // 32 units have 97 parameters: ten points with noise are learned by heart, nearly.
    assertTrue(found.number("few-seen-last") < Approximation.NOISE / 2);
    // Averaging beats the noise of a single point.
    assertTrue(found.number("many-least") < Approximation.NOISE / 2);
  }

  /** The answers of a fitted network, by a plain sum over its units in double precision. */
  @Test
  void error_isThatOfPlainSums() {
    SmallData data = Approximation.noisy(20, 1, 0);
    FittedNetwork fitted =
        FittedNetwork.of(
            "dense 3 tanh, dense 1 linear", Loss.HALF_SQUARED_ERROR, data, 50, 0.05, 1);
    float[] w = fitted.w();
    double squares = 0;
    for (int i = 0; i < data.size(); i++) {
      double sum = w[9];
      for (int j = 0; j < 3; j++) {
        sum += w[6 + j] * Math.tanh(w[j] * data.inputs()[i][0] + w[3 + j]);
      }
      squares += Math.pow(sum - data.targets()[i][0], 2);
    }
    assertEquals(Math.sqrt(squares / data.size()), fitted.error(data), 1e-6);
  }

  @Test
  void fitting_isTheSameEachTime_howeverManyLearnSideBySide() {
    SmallData data = Approximation.noisy(20, 1, 0);
    List<Integer> widths = List.of(2, 3);
    FittedWidths.Learner learner =
        (width, seed) ->
            FittedNetwork.of(
                "dense %d tanh, dense 1 linear".formatted(width),
                Loss.HALF_SQUARED_ERROR,
                data,
                40,
                0.05,
                seed);
    List<String> told = new ArrayList<>();
    FittedWidths fitted =
        FittedWidths.of(
            widths,
            3,
            "fitting",
            (phase, done, all) -> told.add(phase + done + "/" + all),
            learner);
    assertEquals("fitting6/6", told.get(told.size() - 1));
    for (int i = 0; i < widths.size(); i++) {
      for (int seed = 0; seed < 3; seed++) {
        assertEquals(
            learner.learn(widths.get(i), seed).error(data),
            fitted.networks().get(i).get(seed).error(data));
      }
    }
    FittedWidths.Figures figures = fitted.figures(network -> network.error(data));
    assertTrue(figures.least()[0] <= figures.medians()[0]);
    assertTrue(figures.medians()[0] <= figures.greatest()[0]);
    assertEquals(
        figures.medians()[1], fitted.median(3, network -> network.error(data)).error(data));
  }
}
