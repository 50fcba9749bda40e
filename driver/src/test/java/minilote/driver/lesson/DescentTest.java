package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import minilote.datasets.KeyedPermutation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The three ways down, against loops in double precision that know nothing of the trainer. */
class DescentTest {
  private static final long SEED = 3;

  private static Findings found;
  private static LinearNeuron neuron;

  @BeforeAll
  static void work() throws IOException {
    found = Classrooms.work(new Descent(), Classrooms.empty(SEED));
    neuron = LinearNeuron.near(SEED, Descent.POINTS, Descent.X, Descent.DEVIATION);
  }

  private static double x(int example) {
    return neuron.data().inputs()[example][0];
  }

  private static double y(int example) {
    return neuron.data().targets()[example][0];
  }

  private static double loss(double w, double b) {
    double sum = 0;
    for (int i = 0; i < Descent.POINTS; i++) {
      sum += Math.pow(w * x(i) + b - y(i), 2) / 2;
    }
    return sum / Descent.POINTS;
  }

  /** w and b after so many updates. */
  private static double[] descend(int batch, int updates) {
    double w = Descent.START[0];
    double b = Descent.START[1];
    int done = 0;
    for (int epoch = 0; done < updates; epoch++) {
      KeyedPermutation order = new KeyedPermutation(SEED, "order", epoch, Descent.POINTS);
      for (int from = 0; from < Descent.POINTS && done < updates; from += batch) {
        int to = Math.min(from + batch, Descent.POINTS);
        double byW = 0;
        double byB = 0;
        for (int i = from; i < to; i++) {
          int example = (int) order.invert(i);
          double error = w * x(example) + b - y(example);
          byW += error * x(example);
          byB += error;
        }
        w -= Descent.RATE * byW / (to - from);
        b -= Descent.RATE * byB / (to - from);
        done++;
      }
    }
    return new double[] {w, b};
  }

  @Test
  void weights_afterTheSameUpdates_areThoseOfPlainLoops() {
    assertWeights("batch", descend(Descent.POINTS, Descent.UPDATES));
    assertWeights("mini", descend(8, Descent.UPDATES));
    assertWeights("online", descend(1, Descent.UPDATES));
  }

  private static void assertWeights(String variant, double[] expected) {
    assertEquals(expected[0], found.number(variant + "-w"), 2e-5, variant);
    assertEquals(expected[1], found.number(variant + "-b"), 2e-5, variant);
    double[] least = leastSquares();
    assertEquals(
        loss(expected[0], expected[1]) - loss(least[0], least[1]),
        found.number(variant + "-after-updates"),
        1e-5,
        variant);
  }

  /** By the textbook's formula: covariance by variance. */
  private static double[] leastSquares() {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < Descent.POINTS; i++) {
      meanX += x(i) / Descent.POINTS;
      meanY += y(i) / Descent.POINTS;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < Descent.POINTS; i++) {
      covariance += (x(i) - meanX) * (y(i) - meanY);
      variance += (x(i) - meanX) * (x(i) - meanX);
    }
    double w = covariance / variance;
    return new double[] {w, meanY - w * meanX};
  }

  @Test
  void minimum_isThatOfLeastSquares() {
    double[] least = leastSquares();
    assertEquals(least[0], found.number("w"), 1e-9);
    assertEquals(least[1], found.number("b"), 1e-9);
    assertEquals(loss(least[0], least[1]), found.number("least"), 1e-9);
  }

  /** Of second differences, which of a quadratic are its second derivatives. */
  @Test
  void curvatures_areEigenvaluesOfSecondDifferences() {
    double here = loss(0, 0);
    double ww = loss(1, 0) - 2 * here + loss(-1, 0);
    double bb = loss(0, 1) - 2 * here + loss(0, -1);
    double wb = (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) / 4;
    double steepest = found.number("steepest");
    double flattest = found.number("flattest");
    assertEquals(ww + bb, steepest + flattest, 1e-9);
    assertEquals(ww * bb - wb * wb, steepest * flattest, 1e-9);
    assertTrue(steepest > flattest);
  }

  @Test
  void table_countsBatchesAndUpdates() {
    List<List<String>> rows = Objects.requireNonNull(found.table("variants")).rows();
    assertEquals(List.of("60", "1"), rows.get(0).subList(1, 3));
    assertEquals(List.of("8", "8"), rows.get(1).subList(1, 3));
    assertEquals(List.of("1", "60"), rows.get(2).subList(1, 3));
    assertEquals(240 * 60, found.number("batch-examples"));
    assertEquals(30 * 60, found.number("mini-examples"));
    assertEquals(240, found.number("online-examples"));
  }

  /** After few epochs small batches have come further; in the end the smallest makes most noise. */
  @Test
  void smallBatches_areFasterByEpochs_andNoisierInTheEnd() {
    assertTrue(found.number("online-few") < found.number("mini-few"));
    assertTrue(found.number("mini-few") < found.number("batch-few"));
    assertTrue(found.number("online-last") > found.number("mini-last"));
  }
}
