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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private static Network network(String words, Integer... inputShape) {
    return Network.of(NetworkDescription.parse(words), List.of(inputShape));
  }

  private static ParameterTensor tensor(
      int layer,
      ParameterTensor.Role role,
      List<Integer> shape,
      int offset,
      int length,
      int in,
      int out) {
    return new ParameterTensor(LayerNumber.of(layer), role, shape, offset, length, in, out);
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
            tensor(1, ParameterTensor.Role.WEIGHT, List.of(60, 20), 0, 1200, 60, 20),
            tensor(1, ParameterTensor.Role.BIAS, List.of(20), 1200, 20, 60, 20),
            tensor(2, ParameterTensor.Role.WEIGHT, List.of(20, 7), 1220, 140, 20, 7),
            tensor(2, ParameterTensor.Role.BIAS, List.of(7), 1360, 7, 20, 7)),
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
  void of_layerThatNoArrayHoldsForABlock_isNamed() {
    assertEquals(
        "layer 2, 'dense 3000000 relu', gives 3,000,000 numbers, which times the 1,024 rows that are"
            + " computed at once are more than an array holds: let it have fewer units, or a smaller"
            + " image",
        assertThrows(UserError.class, () -> network("dense 2 relu, dense 3000000 relu, dense 2", 4))
            .getMessage());
  }

  @Test
  void of_imageLayers_haveTheirShapesAndTensors() {
    Network network =
        network(
            "conv 6 5x3 relu, max-pool 2x2, conv 4 3x3 stride 2 padding valid bias none,"
                + " average-pool 2x3 stride 1 padding same, dense 7 softmax",
            3,
            13,
            10);
    assertEquals(6 * 13 * 10, network.units(1));
    assertEquals(6 * 6 * 5, network.units(2));
    assertEquals(4 * 2 * 2, network.units(3));
    assertEquals(4 * 2 * 2, network.units(4));
    int first = 6 * 3 * 5 * 3;
    int third = 4 * 6 * 3 * 3;
    assertEquals(
        List.of(
            tensor(1, ParameterTensor.Role.WEIGHT, List.of(6, 3, 5, 3), 0, first, 45, 90),
            tensor(1, ParameterTensor.Role.BIAS, List.of(6), first, 6, 45, 90),
            tensor(3, ParameterTensor.Role.WEIGHT, List.of(4, 6, 3, 3), first + 6, third, 54, 36),
            tensor(5, ParameterTensor.Role.WEIGHT, List.of(16, 7), first + 6 + third, 112, 16, 7),
            tensor(5, ParameterTensor.Role.BIAS, List.of(7), first + 6 + third + 112, 7, 16, 7)),
        network.tensors());
    Matrix kernels = network.weights(new float[network.parameterCount()], 3);
    assertEquals(4, kernels.rows());
    assertEquals(54, kernels.columns());
    assertThrows(
        IllegalArgumentException.class,
        () -> network.weights(new float[network.parameterCount()], 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // length, kernel, stride: as many outputs as strides begin within the input
        "same | 7 | 3 | 1 | 7",
        "same | 7 | 3 | 2 | 4",
        "same | 8 | 3 | 2 | 4",
        "same | 8 | 2 | 3 | 3",
        "same | 8 | 1 | 4 | 2",
        "same | 2 | 9 | 1 | 2",
        "valid | 7 | 3 | 1 | 5",
        "valid | 7 | 3 | 2 | 3",
        "valid | 8 | 3 | 2 | 3",
        "valid | 8 | 8 | 5 | 1",
        "1 | 8 | 3 | 1 | 8",
        "1 | 8 | 3 | 2 | 4",
        "2 | 7 | 3 | 3 | 3",
      })
  void of_anyPadding_hasItsOutputs(String padding, int length, int kernel, int stride, int out) {
    Network network =
        network(
            "conv 1 %dx%d stride %d padding %s, flatten".formatted(kernel, kernel, stride, padding),
            2,
            length,
            length);
    assertEquals(out * out, network.outputs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv 4 3x3, max-pool 9x9, dense 2 | layer 2, 'max-pool 9x9' on 4 × 8 × 6: a window of 9x9"
            + " does not fit into 8 × 6 pixels; at most 8x6 does, or any with 'padding same'",
        "conv 4 11x11 padding 1, dense 2 | layer 1, 'conv 4 11x11 padding 1' on 3 × 8 × 6: a window of"
            + " 11x11 does not fit into 10 × 8 pixels; at most 10x8 does, or any with 'padding same'",
        "dense 4, conv 4 3x3, dense 2 | layer 2, 'conv 4 3x3' on 4 numbers: it takes an image,"
            + " channels × height × width; after 'flatten' or a dense layer there are none, and data"
            + " of images has to be prepared as such",
        "flatten, global-average-pool | layer 2, 'global-average-pool' on 144 numbers: it takes an"
            + " image, channels × height × width; after 'flatten' or a dense layer there are none,"
            + " and data of images has to be prepared as such",
        "conv 4 3x3 relu, max-pool 2x2 | layer 2, 'max-pool 2x2', is the last one and gives an image,"
            + " 4 × 4 × 3: let a dense layer, 'flatten' or 'global-average-pool' follow",
        "conv 2147483647 1000x1000, dense 2 | layer 1, 'conv 2147483647 1000x1000' on 3 × 8 × 6:"
            + " examples of shape [2147483647, 8, 6] are too large",
        "conv 1000 1000x1000, dense 2 | layer 1, 'conv 1000 1000x1000' on 144 inputs, would bring the"
            + " network to 3,000,001,000 parameters; at most 500,000,000 are possible",
      })
  void of_layerOnWhatItDoesNotTake_isNamed(String words, String sentence) {
    assertEquals(
        sentence, assertThrows(UserError.class, () -> network(words, 3, 8, 6)).getMessage());
  }

  @Test
  void blockRows_largeImages_areFewer() {
    assertEquals(512, network("dense 100000, dense 2", 3, 32, 32).blockRows());
    assertEquals(512, network("conv 4 3x3, dense 2", 3, 32, 32).blockRows());
    assertEquals(64, network("conv 32 3x3, dense 2", 3, 32, 32).blockRows());
    assertEquals(32, network("conv 33 3x3, dense 2", 3, 32, 32).blockRows());
    assertEquals(16, network("conv 64 3x3, dense 2", 3, 224, 224).blockRows());
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

  @Test
  void json_ofImageLayers_isTheSameNetwork() throws Exception {
    Network network = network("conv 5 3x3 relu, max-pool 2x2, dense 7 softmax", 3, 4, 5);
    assertEquals(
        network, Network.fromJson(new ObjectMapper().readTree(network.toJson().toString())));
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
