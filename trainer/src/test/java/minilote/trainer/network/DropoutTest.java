package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import minilote.datasets.ExampleKeys;
import minilote.datasets.UserError;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;

/** What dropout drops, and when. Its gradients are in {@link ImageNetworksTest}. */
class DropoutTest {
  private static final ExampleKeys KEYS = new ExampleKeys(7, 2);

  private static Network network(String words, Integer... shape) {
    return Network.of(NetworkDescription.parse(words), List.of(shape));
  }

  /** A network whose last layer adds up what is left, on inputs of ones. */
  private static BackPropagation learner(Network network, int maxRows) {
    BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), maxRows);
    float[] w = new float[network.parameterCount()];
    Arrays.fill(w, 1);
    w[w.length - 1] = 0; // the bias
    b.setParameters(w);
    Arrays.fill(b.inputs(), 0, maxRows * network.inputs(), 1);
    return b;
  }

  private static float[] dropped(Network network, long... ids) {
    BackPropagation b = learner(network, ids.length);
    for (int row = 0; row < ids.length; row++) {
      b.keys()[row] = KEYS.of(ids[row]);
    }
    b.errorAndGradient(ids.length);
    return Arrays.copyOf(b.outputs(1), ids.length * network.units(1));
  }

  @Test
  void errorAndGradient_ofOnes_dropsTheRateAndKeepsTheMean() {
    int units = 100_001;
    for (double rate : new double[] {0, 0.1, 0.5, 0.75}) {
      float[] x = dropped(network("dropout " + rate + ", dense 1", units), 3);
      int zeros = 0;
      for (float value : x) {
        assertTrue(value == 0 || value == (float) (1 / (1 - rate)), "number " + value);
        zeros += value == 0 ? 1 : 0;
      }
      double deviation = Math.sqrt(units * rate * (1 - rate));
      assertEquals(rate * units, zeros, 4 * deviation, "dropped at " + rate);
    }
  }

  @Test
  void errorAndGradient_anExample_isTheSameInAnyRowAndBlock() {
    Network network = network("dropout 0.5, dense 1", 33);
    float[] many = dropped(network, 5, 6, 7);
    for (int row = 0; row < 3; row++) {
      assertArrayEquals(
          Arrays.copyOfRange(many, row * 33, (row + 1) * 33), dropped(network, 5 + row));
    }
    assertTrue(!Arrays.equals(dropped(network, 5), dropped(network, 6)), "another example");
  }

  @Test
  void errorAndGradient_otherLayer_dropsOthers() {
    Network network = network("dropout 0.5, dropout 0.5, dense 1", 1000);
    BackPropagation b = learner(network, 1);
    b.keys()[0] = KEYS.of(1);
    b.errorAndGradient(1);
    int both = 0;
    for (float value : Arrays.copyOf(b.outputs(2), 1000)) {
      assertTrue(value == 0 || value == 4, "number " + value);
      both += value == 4 ? 1 : 0;
    }
    assertEquals(250, both, 60);
  }

  @Test
  void error_andForward_dropNothing() {
    Network network = network("dropout 0.5, dense 1", 4, 3, 3);
    BackPropagation b = learner(network, 2);
    b.error(2);
    assertArrayEquals(new float[] {36, 36}, Arrays.copyOf(b.outputs(), 2));
    try (ForwardPropagation forward = new ForwardPropagation(network, PortableEngine.create(), 2)) {
      float[] w = new float[network.parameterCount()];
      Arrays.fill(w, 1);
      forward.setParameters(w);
      Arrays.fill(forward.inputs(), 1);
      forward.forward(2);
      assertArrayEquals(new float[] {37, 37}, Arrays.copyOf(forward.outputs(), 2));
    }
  }

  @Test
  void of_dropoutAtTheEnd_isRefused() {
    assertEquals(
        "layer 2, 'dropout 0.5', is the last one, where it would drop what the network answers: let"
            + " it come before another layer",
        assertThrows(UserError.class, () -> network("dense 3, dropout 0.5", 2)).getMessage());
  }
}
