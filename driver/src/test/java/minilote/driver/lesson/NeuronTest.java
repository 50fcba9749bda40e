package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import minilote.trainer.network.Loss;
import org.junit.jupiter.api.Test;

/** δ and gradients by hand, for one example and for two. */
class NeuronTest {
  private static final double EXACT = 1e-9;
  private static final double SINGLE = 2e-7; // of 32 bits
  private static final float[][] ONE = {{1, 2}};
  private static final float[] W = {0.5f, -0.25f, 0.125f}; // so s = 0.125 at (1, 2)

  /** All three ways, and the trainer's loss. */
  private static void check(NeuronCase of, double loss, double... gradient) {
    assertArrayEquals(gradient, of.formula(), EXACT, of.name() + " by formula");
    assertArrayEquals(gradient, of.differences(), 1e-7, of.name() + " by differences");
    assertArrayEquals(gradient, of.trained().gradient(), SINGLE, of.name() + " by the trainer");
    assertEquals(loss, of.trained().loss(), SINGLE);
  }

  private static NeuronCase one(String words, Loss loss, float y) {
    return NeuronCase.of(words, words, loss, new SmallData(ONE, new float[][] {{y}}), W);
  }

  @Test
  void linearUnit_ofOneExample_hasTheGradientByHand() {
    // ŷ = 0.125, y = 1: ŷ − y = −0.875.
    check(one("dense 1 linear", Loss.HALF_SQUARED_ERROR, 1), 0.3828125, -0.875, -1.75, -0.875);
    check(one("dense 1 linear", Loss.MEAN_SQUARED_ERROR, 1), 0.765625, -1.75, -3.5, -1.75);
  }

  @Test
  void sigmoidUnit_ofOneExample_hasTheGradientByHand() {
    double answer = 0.5312093733737563; // σ(0.125)
    double delta = answer - 1;
    check(
        one("dense 1 sigmoid", Loss.BINARY_CROSS_ENTROPY, 1),
        0.6325990377,
        delta,
        2 * delta,
        delta);
    double squared = 2 * delta * answer * (1 - answer);
    check(
        one("dense 1 sigmoid", Loss.MEAN_SQUARED_ERROR, 1),
        delta * delta,
        squared,
        2 * squared,
        squared);
  }

  @Test
  void severalSigmoids_areUnitsOfTheirOwn_andTheirLossesAddUp() {
    // Signals 0 and ln 3: answers ½ and ¾.
    float log3 = (float) Math.log(3);
    NeuronCase of =
        NeuronCase.of(
            "labels",
            "dense 2 sigmoid",
            Loss.BINARY_CROSS_ENTROPY,
            new SmallData(new float[][] {{2}}, new float[][] {{1, 0}}),
            new float[] {0, 0, 0, log3});
    double loss = Math.log(2) + Math.log(4);
    assertEquals(loss, of.trained().loss(), 1e-6);
    assertArrayEquals(new double[] {-1, 1.5, -0.5, 0.75}, of.formula(), 1e-7);
    assertArrayEquals(new double[] {-1, 1.5, -0.5, 0.75}, of.trained().gradient(), 1e-6);
    assertArrayEquals(new double[] {-1, 1.5, -0.5, 0.75}, of.differences(), 1e-6);
  }

  @Test
  void softmax_ofTwoExamples_hasTheMeanOfTheirGradients() {
    // Signals (0, ln 2, ln 3): answers 1/6, 1/3, 1/2 for both examples, as the weights are 0.
    float[] w = {0, 0, 0, 0, (float) Math.log(2), (float) Math.log(3)};
    NeuronCase of =
        NeuronCase.of(
            "softmax",
            "dense 3 softmax",
            Loss.CATEGORICAL_CROSS_ENTROPY,
            new SmallData(new float[][] {{1}, {-2}}, new float[][] {{1, 0, 0}, {0, 0, 1}}),
            w);
    double[] byHand = {
      (1 * -5 / 6.0 - 2 * 1 / 6.0) / 2,
      (1 * 1 / 3.0 - 2 * 1 / 3.0) / 2,
      (1 * 1 / 2.0 - 2 * -1 / 2.0) / 2,
      (-5 / 6.0 + 1 / 6.0) / 2,
      1 / 3.0,
      0
    };
    assertArrayEquals(byHand, of.formula(), 1e-7);
    assertArrayEquals(byHand, of.trained().gradient(), 1e-6);
    assertArrayEquals(byHand, of.differences(), 1e-6);
    assertEquals((Math.log(6) + Math.log(2)) / 2, of.trained().loss(), 1e-6);
  }

  @Test
  void lesson_ofSeveralSeeds_findsTheThreeWaysToAgree() throws IOException {
    for (long seed = 0; seed < 3; seed++) {
      Findings found = Classrooms.work(new Neuron(), Classrooms.empty(seed));
      assertTrue(found.number("most-apart") < 1e-6, "within the rounding of 32 bits");
      assertTrue(found.number("most-apart") > 0, "32 bits are not 64");
      assertEquals(1, found.number("ratio-half-mean"), 1e-6);
      assertEquals(6, found.number("ratio-half-sum"), 1e-5);
      assertEquals(2, found.number("ratio-whole-mean"), 1e-6);
      assertEquals(12, found.number("ratio-whole-sum"), 1e-5);
      for (List<String> row : rows(found, "sigmoid-deltas")) {
        double y = number(row.get(1));
        double answer = number(row.get(2));
        assertEquals(answer - y, number(row.get(4)), 1e-4, "cross-entropy");
        assertEquals(
            2 * (answer - y) * answer * (1 - answer), number(row.get(5)), 2e-4, "squared error");
      }
      assertEquals(
          3, rows(found, "sigmoid-deltas").stream().filter(r -> r.get(1).equals("1")).count());
      for (List<String> row : rows(found, "softmax-deltas")) {
        assertEquals(0, Arrays.stream(vector(row.get(3))).sum(), 2e-3);
        assertEquals("1.000", row.get(4));
      }
    }
  }

  private static List<List<String>> rows(Findings found, String table) {
    return Objects.requireNonNull(found.table(table)).rows();
  }

  private static double number(String written) {
    return Double.parseDouble(written.replace('−', '-'));
  }

  private static double[] vector(String written) {
    return Arrays.stream(written.replaceAll("[()]", "").split(", ", -1))
        .mapToDouble(NeuronTest::number)
        .toArray();
  }
}
