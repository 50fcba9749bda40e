package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minilote.datasets.ExampleKeys;
import minilote.trainer.math.Engine;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Engines;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two engines that train, on whole networks of the size that is trained: loss, and gradient by
 * layer.
 *
 * <p>Gradients with tanh in the place of relu, and the mean of a window in the place of the
 * largest: some of the millions of signals are so near to a kink that rounding decides on which
 * side they are, and one of them changes a gradient by a thousandth.
 */
class EnginesAgreeTest {
  private static final int ROWS = 64;
  private static final double MOST = 1e-5; // relative

  private record Pass(double loss, float[] gradient) {}

  static List<String> names() {
    return NamedNetwork.NAMES;
  }

  @BeforeEach
  void bothAreHere() {
    Engines.assume(EngineKind.NATIVE);
  }

  @ParameterizedTest
  @MethodSource("names")
  void loss_ofANamedNetwork_isTheSame(String name) {
    Network network = NamedNetwork.of(name).network();
    double expected = pass(network, EngineKind.PORTABLE.create()).loss;
    assertEquals(expected, pass(network, EngineKind.NATIVE.create()).loss, MOST * expected);
  }

  @ParameterizedTest
  @MethodSource("names")
  void gradient_ofASmoothNamedNetwork_isTheSame(String name) {
    NamedNetwork named = NamedNetwork.of(name);
    Network network = Network.of(NetworkDescription.parse(smooth(named)), named.input());
    // Normalization brings rounding back to its size in each layer: over 20 of them, 2e-5.
    double most = network.ghost() == 1 ? MOST : 3 * MOST;
    float[] expected = pass(network, EngineKind.PORTABLE.create()).gradient;
    float[] found = pass(network, EngineKind.NATIVE.create()).gradient;
    Map<LayerNumber, double[]> byLayer = new LinkedHashMap<>();
    for (ParameterTensor tensor : network.tensors()) {
      double[] norms = byLayer.computeIfAbsent(tensor.layer(), layer -> new double[2]);
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        norms[0] = Math.hypot(norms[0], expected[i]);
        norms[1] = Math.hypot(norms[1], found[i] - expected[i]);
      }
    }
    byLayer.forEach(
        (layer, norms) ->
            assertTrue(
                norms[1] <= most * norms[0],
                "layer " + layer + " differs by " + norms[1] + " of " + norms[0]));
  }

  private static String smooth(NamedNetwork named) {
    return named.text().replace("relu", "tanh").replace("max-pool", "average-pool");
  }

  private static Pass pass(Network network, Engine engine) {
    float[] w = network.initialize(Initialization.AUTO, 1);
    Loss loss = Loss.following(network.outputActivation());
    Random random = new Random(1);
    try (BackPropagation b = new BackPropagation(network, loss, engine, ROWS)) {
      b.setParameters(w);
      b.clear();
      for (int i = 0; i < ROWS * network.inputs(); i++) {
        b.inputs()[i] = (float) random.nextGaussian();
      }
      for (int row = 0; row < ROWS; row++) {
        b.targets()[row * network.outputs() + random.nextInt(network.outputs())] = 1;
        b.keys()[row] = new ExampleKeys(1, 1).of(row);
      }
      b.errorAndGradient(ROWS);
      return new Pass(b.loss(), b.gradient().clone());
    }
  }
}
