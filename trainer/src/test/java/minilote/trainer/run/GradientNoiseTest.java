package minilote.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import minilote.datasets.Json;
import org.junit.jupiter.api.Test;

class GradientNoiseTest {
  /** Gradients of single examples, all equally likely. */
  private static final double[][] EXAMPLES = {{1, 2}, {-3, 0.5}, {4, 1}};

  private static double squares(double[] g) {
    return Arrays.stream(g).map(x -> x * x).sum();
  }

  /** The mean gradient of some examples of a batch. */
  private static double[] mean(int[] batch, int from, int to) {
    double[] mean = new double[2];
    for (int i = from; i < to; i++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += EXAMPLES[batch[i]][j] / (to - from);
      }
    }
    return mean;
  }

  /** Over all batches that can be drawn, with lanes of one size and of several. */
  @Test
  void and_expectationOverAllBatches_isTheSquareAndTheTrace() {
    double[] G = mean(new int[] {0, 1, 2}, 0, 3);
    double trace = Arrays.stream(EXAMPLES).mapToDouble(GradientNoiseTest::squares).sum() / 3;
    trace -= squares(G);
    for (int[] bounds : new int[][] {{0, 1, 2}, {0, 2, 4}, {0, 1, 3}, {0, 1, 2, 5}}) {
      int lanes = bounds.length - 1;
      int size = bounds[lanes];
      int batches = (int) Math.round(Math.pow(3, size));
      double signal = 0;
      double noise = 0;
      for (int number = 0; number < batches; number++) {
        int[] batch = new int[size];
        for (int i = 0, rest = number; i < size; i++, rest /= 3) {
          batch[i] = rest % 3;
        }
        double laneSquares = 0;
        double inverse = 0;
        for (int lane = 0; lane < lanes; lane++) {
          laneSquares += squares(mean(batch, bounds[lane], bounds[lane + 1])) / lanes;
          inverse += 1.0 / (bounds[lane + 1] - bounds[lane]) / lanes;
        }
        double whole = squares(mean(batch, 0, size));
        GradientNoise step = GradientNoise.NONE.and(laneSquares, inverse, whole, size, 0);
        signal += step.signal() / batches;
        noise += step.noise() / batches;
      }
      assertEquals(squares(G), signal, 1e-12, Arrays.toString(bounds));
      assertEquals(trace, noise, 1e-12, Arrays.toString(bounds));
    }
  }

  /** With lanes of one size it is the formula of the paper. */
  @Test
  void and_lanesOfOneSize_isThePapersFormula() {
    double B = 32;
    double b = 8;
    GradientNoise step = GradientNoise.NONE.and(5, 1 / b, 2, 32, 0);
    assertEquals((B * 2 - b * 5) / (B - b), step.signal(), 1e-12);
    assertEquals((5 - 2) / (1 / b - 1 / B), step.noise(), 1e-12);
    Double scale = step.noiseScale();
    assertNotNull(scale);
    assertEquals(step.noise() / step.signal(), scale, 1e-12);
    assertEquals(Math.sqrt(2), step.gradientNorm());
  }

  /** Few steps are an average too: it does not start from zero. */
  @Test
  void and_sameFiguresAgainAndAgain_givesTheseFromTheFirstStepOn() {
    GradientNoise noise = GradientNoise.NONE;
    for (int step = 0; step < 100; step++) {
      noise = noise.and(5, 1 / 8.0, 4, 32, 0.9);
      Double scale = noise.noiseScale();
      Double norm = noise.gradientNorm();
      assertNotNull(scale);
      assertNotNull(norm);
      assertEquals((1 / (1 / 8.0 - 1 / 32.0)) / (4 - 1 / 3.0), scale, 1e-9);
      assertEquals(2, norm, 1e-12);
    }
  }

  @Test
  void noiseScale_nothingToTellItFrom_isNull() {
    assertNull(GradientNoise.NONE.noiseScale());
    assertNull(GradientNoise.NONE.gradientNorm());
    GradientNoise oneLane = GradientNoise.NONE.and(9, 0.5);
    assertNull(oneLane.noiseScale());
    assertEquals(3, oneLane.gradientNorm());
    // The lanes disagree so much that no gradient is seen behind it.
    assertNull(GradientNoise.NONE.and(8, 1 / 8.0, 1, 32, 0).noiseScale());
    // All gradients are zero.
    assertNull(GradientNoise.NONE.and(0, 1 / 8.0, 0, 32, 0).noiseScale());
  }

  @Test
  void from_checkpointFromBeforeThereWasAny_isNone() {
    assertEquals(GradientNoise.NONE, GradientNoise.from(Json.object().put("epoch", 3)));
  }

  @Test
  void fromJson_lineFromBeforeThereWasAny_hasNone() {
    Metrics line =
        Metrics.fromJson(
            Json.parse(
                """
                {"epoch":1,"step":4,"examples":400,"epoch_end":true,"train_loss":0.5,
                 "train_accuracy":0.75,"validation_loss":null,"validation_accuracy":null,
                 "learning_rate":0.1,"examples_per_second":1000.0,"seconds":0.4}
                """));
    assertNull(line.noiseScale());
    assertNull(line.gradientNorm());
    assertEquals(line, Metrics.fromJson(line.toJson()));
  }
}
