package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minilote.datasets.UserError;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Residual blocks: their arithmetic by hand, their tensors and their shapes. */
class ResidualTest {
  private static Network network(String words, Integer... shape) {
    return Network.of(NetworkDescription.parse(words), List.of(shape));
  }

  @Test
  void forward_withAndWithoutAShortcut_isAsByHand() {
    Network plain = network("residual(dense 2) relu", 2);
    Network other = network("residual(dense 1 relu | dense 1)", 2);
    // s = (1 + 10·3 + 1, 2 + 20·… ) with W = (0 10; 10 0), b = (1, −100)
    assertArrayEquals(
        new float[] {2 + 30 + 1, 0}, answer(plain, new float[] {0, 10, 10, 0, 1, -100}, 2, 3));
    // F = relu(2 − 3·1) = 0, P = 5·2 + 6·3 + 7
    assertArrayEquals(new float[] {35}, answer(other, new float[] {1, -1, 0, 5, 6, 7}, 2, 3));
  }

  private static float[] answer(Network network, float[] w, float... x) {
    try (ForwardPropagation forward = new ForwardPropagation(network, PortableEngine.create(), 1)) {
      forward.setParameters(w);
      System.arraycopy(x, 0, forward.inputs(), 0, x.length);
      forward.forward(1);
      return Arrays.copyOf(forward.outputs(), network.outputs());
    }
  }

  @Test
  void tensors_ofLayersWithin_areNumberedAndLaidOutInTheirOrder() {
    Network network =
        network(
            "conv 2 1x1, residual(conv 3 1x1 bias none, residual(conv 3 1x1) | conv 3 1x1), dense 2",
            1,
            2,
            2);
    assertEquals(
        List.of(
            "layer.1.weight 0",
            "layer.1.bias 2",
            "layer.2.1.weight 4",
            "layer.2.2.1.weight 10",
            "layer.2.2.1.bias 19",
            "layer.2.shortcut.1.weight 22",
            "layer.2.shortcut.1.bias 28",
            "layer.3.weight 31",
            "layer.3.bias 55"),
        network.tensors().stream().map(t -> t.name() + " " + t.offset()).toList());
    assertEquals(57, network.parameterCount());
  }

  /** Equal layers at different places are drawn differently. */
  @Test
  void initialize_layersWithin_haveWeightsOfTheirOwn() {
    Network network =
        network("dense 3, residual(dense 3, residual(dense 3) | dense 3, dense 3), dense 3", 3);
    float[] w = network.initialize(Initialization.AUTO, 1);
    List<Float> first = new ArrayList<>();
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.weight()) {
        first.add(w[tensor.offset()]);
      }
    }
    assertEquals(6, first.size());
    assertEquals(6, first.stream().distinct().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "residual(conv 8 3x3 stride 2), flatten ¦ layer 1, 'residual(conv 8 3x3 stride 2)' on 3 × 6 × 6:"
            + " its layers give 8 × 3 × 3 and its shortcut 3 × 6 × 6, and only what has the same shape"
            + " can be added: a shortcut such as '| conv 8 1x1 stride 2 bias none' makes them so",
        "residual(conv 8 3x3 | conv 4 1x1), flatten ¦ layer 1, 'residual(conv 8 3x3 | conv 4 1x1)' on 3"
            + " × 6 × 6: its layers give 8 × 6 × 6 and its shortcut 4 × 6 × 6, and only what has the"
            + " same shape can be added: a shortcut such as '| conv 8 1x1 bias none' makes them so",
        "dense 3, residual(dense 5 relu) ¦ layer 2, 'residual(dense 5 relu)' on 3 numbers: its layers"
            + " give 5 numbers and its shortcut 3 numbers, and only what has the same shape can be"
            + " added: a shortcut such as '| dense 5' makes them so",
        "residual(conv 3 3x3 | flatten), flatten ¦ layer 1, 'residual(conv 3 3x3 | flatten)' on 3 × 6 ×"
            + " 6: its layers give 3 × 6 × 6 and its shortcut 108 numbers, and only what has the same"
            + " shape can be added: a shortcut of convolutions and pools gives an image",
        "residual(conv 3 3x3, max-pool 9x9), flatten ¦ layer 1.2, 'max-pool 9x9' on 3 × 6 × 6: a window"
            + " of 9x9 does not fit into 6 × 6 pixels; at most 6x6 does, or any with 'padding same'",
        "residual(conv 3 3x3 | dense 3, conv 3 1x1), flatten ¦ layer 1.shortcut.2, 'conv 3 1x1' on 3"
            + " numbers: it takes an image, channels × height × width; after 'flatten' or a dense layer"
            + " there are none, and data of images has to be prepared as such",
      })
  void of_shapesThatDoNotFit_saysWhereAndWhatWould(String words, String sentence) {
    assertEquals(
        sentence, assertThrows(UserError.class, () -> network(words, 3, 6, 6)).getMessage());
  }

  @Test
  void check_aLayerWithin_isNamed() {
    Network network = network("residual(dense 3 sign | dense 3), dense 2 softmax", 3);
    assertEquals(
        "layer 1.1 is sign, which has no derivative for back-propagation to learn by: use tanh"
            + " there",
        assertThrows(
                UserError.class,
                () -> BackPropagation.check(network, Loss.CATEGORICAL_CROSS_ENTROPY))
            .getMessage());
  }

  /** What is said to be complete no longer changes, and from then on all is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "residual(conv 3 3x3 tanh, conv 3 3x3 | conv 3 1x1 tanh) relu, residual(conv 3 3x3), dense 2",
        "dense 4 tanh, residual(dense 4 tanh, residual(dense 5 | dense 5), dense 4), dropout 0.5, dense"
            + " 2",
      })
  void errorAndGradient_complete_isToldInTheOrderOfTheParameters(String words) {
    Network network = network(words, 2, 4, 3);
    BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), 3);
    b.setParameters(network.initialize(Initialization.AUTO, 1));
    Random random = new Random(1);
    for (int i = 0; i < 3 * network.inputs(); i++) {
      b.inputs()[i] = (float) random.nextGaussian();
    }
    float[] gradient = new float[network.parameterCount()];
    b.setGradient(gradient);
    List<Integer> told = new ArrayList<>();
    List<float[]> then = new ArrayList<>();
    Arrays.fill(gradient, Float.NaN);
    b.clear();
    b.errorAndGradient(
        3,
        from -> {
          told.add(from);
          then.add(Arrays.copyOfRange(gradient, from, gradient.length));
        });
    assertEquals(0, told.get(told.size() - 1));
    for (int i = 0; i < told.size(); i++) {
      assertTrue(i == 0 || told.get(i) < told.get(i - 1), told.toString());
      assertArrayEquals(
          Arrays.copyOfRange(gradient, told.get(i), gradient.length), then.get(i), words);
    }
  }
}
