package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values worked out by hand, beyond the digits of float. */
class PreciseLossTest {
  /** ŷ = w x + b of x = 1, 2 against y = 1, 0. */
  @Test
  void lossAndGradient_ofALinearUnit_haveTheDigitsOfDouble() {
    Network network = Network.of(NetworkDescription.parse("dense 1 linear"), List.of(1));
    try (PreciseLoss loss =
        new PreciseLoss(
            network,
            Loss.MEAN_SQUARED_ERROR,
            new float[2],
            new float[] {1, 2},
            new float[] {1, 0},
            2)) {
      double w = 0.1 + 1e-11;
      double b = 0.7;
      double first = w + b - 1;
      double second = 2 * w + b;
      double[] gradient = new double[2];
      double of = loss.lossAndGradient(new double[] {w, b}, gradient);
      assertEquals((first * first + second * second) / 2, of, 1e-15);
      assertEquals(first + 2 * second, gradient[0], 1e-15);
      assertEquals(first + second, gradient[1], 1e-15);
      assertEquals(of, loss.loss(new double[] {w, b}), 0);
      assertEquals(2, loss.dimension());
    }
  }
}
