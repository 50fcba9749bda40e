package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.math.Matrix;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static Network network(String words, Integer... inputShape) {
    return Network.of(NetworkDescription.parse(words), List.of(inputShape));
  }

  @Test
  void of_image_isFlattenedAndLaidOutLayerByLayer() {
    Network network = network("dense 20 relu, dense 7 softmax", 3, 4, 5);
    assertEquals(60, network.inputs());
    assertEquals(7, network.outputs());
    assertEquals(2, network.layers());
    assertEquals(20, network.units(1));
    assertEquals(60 * 20 + 20 + 20 * 7 + 7, network.parameterCount());
    assertEquals(
        List.of(
            new ParameterTensor("layer.1.weight", 1, true, List.of(60, 20), 0, 1200, 60, 20),
            new ParameterTensor("layer.1.bias", 1, false, List.of(20), 1200, 20, 60, 20),
            new ParameterTensor("layer.2.weight", 2, true, List.of(20, 7), 1220, 140, 20, 7),
            new ParameterTensor("layer.2.bias", 2, false, List.of(7), 1360, 7, 20, 7)),
        network.tensors());
  }

  @Test
  void weights_ofALayer_viewTheParameters() {
    Network network = network("dense 2, dense 3", 2);
    float[] w = new float[network.parameterCount()];
    for (int i = 0; i < w.length; i++) {
      w[i] = i;
    }
    Matrix second = network.weights(w, 2);
    assertEquals(2, second.rows());
    assertEquals(3, second.columns());
    assertEquals(6 + 3 + 2, second.get(1, 2)); // after 2 × 2 + 2 of the first layer
    second.set(0, 1, -1);
    assertEquals(-1, w[7]);
    assertThrows(IllegalArgumentException.class, () -> network.weights(new float[3], 1));
  }

  @Test
  void of_tooManyParameters_saysWhichLayer() {
    assertEquals(
        "layer 2, 'dense 100000 relu' on 50000 inputs, would bring the network to 5,000,350,000"
            + " parameters; at most 500,000,000 are possible",
        assertThrows(
                UserError.class, () -> network("dense 50000 relu, dense 100000 relu, dense 2", 4))
            .getMessage());
    assertEquals(
        "layer 1, 'dense 2147483647 linear' on 2147483647 inputs, would bring the network to"
            + " 4,611,686,016,279,904,256 parameters; at most 500,000,000 are possible",
        assertThrows(UserError.class, () -> network("dense 2147483647", Integer.MAX_VALUE))
            .getMessage());
    assertEquals(
        "examples of shape [70000, 70000] are too large",
        assertThrows(UserError.class, () -> network("dense 2", 70000, 70000)).getMessage());
  }

  @Test
  void json_roundTrip_isTheSameNetwork() throws Exception {
    Network network = network("dense 20 elu(0.5), dense 7 softmax", 3, 4, 5);
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(network, Network.fromJson(mapper.readTree(network.toJson().toString())));
    assertNotEquals(network, network("dense 20 elu(0.5), dense 7 softmax", 60));
    assertThrows(
        UserError.class,
        () -> Network.fromJson(mapper.readTree("{\"layers\":[{\"kind\":\"dense\",\"units\":2}]}")));
    assertThrows(
        UserError.class,
        () ->
            Network.fromJson(
                mapper.readTree("{\"input\":[0],\"layers\":[{\"kind\":\"dense\",\"units\":2}]}")));
  }

  // ---- initialization

  private static double[] meanAndDeviation(float[] values, int from, int to) {
    double sum = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    double mean = sum / (to - from);
    return new double[] {mean, Math.sqrt(squares / (to - from) - mean * mean)};
  }

  private static void assertDrawn(String initialization, String activation, double deviation) {
    Network network = network("dense 200 " + activation, 300);
    float[] w = network.initialize(Initialization.parse(initialization), 42);
    double[] found = meanAndDeviation(w, 0, 60_000);
    // standard errors: of the mean deviation / √60000, of the deviation at most deviation / √120000
    assertEquals(0, found[0], 4 * deviation / Math.sqrt(60_000));
    assertEquals(deviation, found[1], 4 * deviation / Math.sqrt(120_000));
  }

  @Test
  void initialize_eachDistribution_hasItsDeviation() {
    double glorot = Math.sqrt(2.0 / 500); // of a uniform distribution over ±√(6 / (300 + 200))
    double he = Math.sqrt(2.0 / 300);
    assertDrawn("glorot", "relu", glorot);
    assertDrawn("he", "tanh", he);
    assertDrawn("normal", "sigmoid", Math.sqrt(1.0 / 300));
    assertDrawn("auto", "relu", he);
    assertDrawn("auto", "elu(0.5)", he);
    assertDrawn("auto", "softmax", glorot);
    float[] w = network("dense 200 tanh", 300).initialize(Initialization.parse("glorot"), 7);
    float most = 0;
    for (float v : w) {
      most = Math.max(most, Math.abs(v));
    }
    assertTrue(most <= (float) Math.sqrt(6.0 / 500) && most > 0.99 * Math.sqrt(6.0 / 500));
  }

  @Test
  void initialize_biases_areZeroUnlessAsked() {
    Network network = network("dense 5000 sigmoid", 1);
    for (String words : List.of("auto", "glorot", "he", "normal", "zeros")) {
      float[] w = network.initialize(Initialization.parse(words), 1);
      assertArrayEquals(new float[5000], Arrays.copyOfRange(w, 5000, 10_000));
    }
    float[] drawn = network.initialize(Initialization.parse("normal+biases"), 1);
    double[] biases = meanAndDeviation(drawn, 5000, 10_000);
    assertEquals(0, biases[0], 4 / Math.sqrt(5000));
    assertEquals(1, biases[1], 4 / Math.sqrt(10_000));
    assertArrayEquals(new float[10_000], network.initialize(Initialization.parse("zeros"), 1));
  }

  /** A layer's weights are its own: what other layers there are changes nothing. */
  @Test
  void initialize_keys_areSeedAndLayerAlone() {
    float[] one = network("dense 9 tanh, dense 4 tanh", 6).initialize(Initialization.AUTO, 3);
    float[] again = network("dense 9 tanh, dense 4 tanh", 6).initialize(Initialization.AUTO, 3);
    assertArrayEquals(one, again);
    float[] longer =
        network("dense 9 tanh, dense 4 tanh, dense 2", 6).initialize(Initialization.AUTO, 3);
    assertArrayEquals(one, Arrays.copyOf(longer, one.length));
    float[] other = network("dense 9 tanh, dense 4 tanh", 6).initialize(Initialization.AUTO, 4);
    assertNotEquals(one[0], other[0]);
    assertNotEquals(one[0], one[63], "layers must not repeat each other");
  }
}
