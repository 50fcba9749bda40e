package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;

/** Gates and XOR of fixed threshold units: inference takes them, back-propagation does not. */
class ThresholdUnitsTest {
  private static final float[] SIGNS = {-1, -1, -1, 1, 1, -1, 1, 1};
  private static final float[] BITS = {0, 0, 0, 1, 1, 0, 1, 1};

  /** The outputs of a network of two inputs, or one, for all rows of x. */
  private static float[] answers(String words, int inputs, float[] x, float... parameters) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(inputs));
    int rows = x.length / inputs;
    try (ForwardPropagation forward =
        new ForwardPropagation(network, PortableEngine.create(), rows)) {
      forward.setParameters(parameters);
      System.arraycopy(x, 0, forward.inputs(), 0, x.length);
      forward.forward(rows);
      return forward.outputs().clone();
    }
  }

  private static void assertRow(float[] found, float... expected) {
    assertArrayEquals(expected, found);
  }

  @Test
  void signUnits_overPlusAndMinusOne_areGates() {
    // weights of x1 and x2, bias
    assertRow(answers("dense 1 sign", 2, SIGNS, 1, 1, -1.5f), -1, -1, -1, 1); // AND
    assertRow(answers("dense 1 sign", 2, SIGNS, 1, 1, 1.5f), -1, 1, 1, 1); // OR
    assertRow(answers("dense 1 sign", 2, SIGNS, -1, -1, -1.5f), 1, -1, -1, -1); // NOR
    assertRow(answers("dense 1 sign", 1, new float[] {-1, 1}, -1, 0), 1, -1); // NOT
  }

  @Test
  void heavisideUnits_overZeroAndOne_areGates() {
    assertRow(answers("dense 1 heaviside", 2, BITS, 1, 1, -1.5f), 0, 0, 0, 1); // AND
    assertRow(answers("dense 1 heaviside", 2, BITS, 1, 1, -0.5f), 0, 1, 1, 1); // OR
    assertRow(answers("dense 1 heaviside", 2, BITS, -1, -1, 0.5f), 1, 0, 0, 0); // NOR
    assertRow(answers("dense 1 heaviside", 1, new float[] {0, 1}, -1, 0.5f), 1, 0); // NOT
  }

  /** X1 ⊕ X2 = (X1 ∨ X2) ∧ ¬(X1 ∧ X2): units OR and AND, then h1 ∧ ¬h2. */
  @Test
  void signUnits_twoLayers_areXor() {
    assertRow(
        answers(
            "dense 2 sign, dense 1 sign",
            2,
            SIGNS,
            /* W1 */ 1,
            1,
            1,
            1, /* b1 */
            1.5f,
            -1.5f, /* W2 */
            1,
            -1, /* b2 */
            -1.5f),
        -1,
        1,
        1,
        -1);
  }

  /** f = h1·¬h2 + ¬h1·h2 over 0 and 1: units X1 ∧ ¬X2 and ¬X1 ∧ X2, then OR. */
  @Test
  void heavisideUnits_twoLayers_areXor() {
    assertRow(
        answers(
            "dense 2 heaviside, dense 1 heaviside",
            2,
            BITS,
            /* W1 */ 1,
            -1,
            -1,
            1, /* b1 */
            -0.5f,
            -0.5f, /* W2 */
            1,
            1, /* b2 */
            -0.5f),
        0,
        1,
        1,
        0);
  }

  @Test
  void backPropagation_thresholdUnits_areRefusedWithLayerAndRemedy() {
    assertRefused(
        "dense 3 relu, dense 2 heaviside, dense 1 sigmoid",
        "layer 2 is heaviside, which has no derivative for back-propagation to learn by: use"
            + " sigmoid there");
    assertRefused(
        "dense 1 sign",
        "layer 1 is sign, which has no derivative for back-propagation to learn by: use tanh there");
  }

  private static void assertRefused(String words, String sentence) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(2));
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), 4));
    assertEquals(sentence, error.getMessage());
  }
}
