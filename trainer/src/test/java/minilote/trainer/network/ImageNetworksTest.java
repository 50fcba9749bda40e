package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import minilote.datasets.ExampleKeys;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Engines;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.math.ReferenceEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Networks on images: their gradients against central differences of the loss, and the order in
 * which numbers lie.
 *
 * <p>The differences are taken in double precision by the same layers on the reference engine, with
 * the five-point formula. Where one changes with its step, a signal of relu or the largest of a
 * window changes sides nearby and there is no derivative: the weights are drawn again, and how
 * often is limited.
 */
class ImageNetworksTest {
  private static final double STEP = 1e-4;

  /** Of a difference quotient: the rounding of the losses over the step. */
  private static final double NOISE = 1e-8;

  private static final int ROWS = 5;
  private static final int MOST_DRAWS = 20;
  private static final ExampleKeys KEYS = new ExampleKeys(1, 1);

  private static Network network(String words, Integer... shape) {
    return Network.of(NetworkDescription.parse(words), List.of(shape));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "conv 3 3x3 tanh, dense 3 softmax ¦ 2 ¦ 5 ¦ 4",
        "conv 3 3x2 stride 2 padding valid elu, flatten, dense 2 sigmoid ¦ 2 ¦ 5 ¦ 4",
        "conv 2 3x3 padding 2 bias none, max-pool 2x2, dense 3 softmax ¦ 1 ¦ 4 ¦ 3",
        "max-pool 3x3 stride 1 padding 1 tanh, conv 2 1x1 sigmoid, global-average-pool softmax ¦ 2 ¦ 4"
            + " ¦ 3",
        "average-pool 3x2 stride 2x1 padding same, conv 2 2x2 tanh, flatten softmax ¦ 3 ¦ 4 ¦ 3",
        "conv 4 3x3 softmax, average-pool 2x2, dense 2 ¦ 2 ¦ 4 ¦ 5",
        "conv 2 5x5 stride 3x2 sigmoid, conv 3 3x3 stride 2 tanh, dense 2 tanh ¦ 3 ¦ 7 ¦ 6",
        "conv 3 1x1 stride 2 relu, conv 2 3x3 elu(0.5), global-average-pool ¦ 2 ¦ 5 ¦ 5",
        "conv 3 3x3, max-pool 3x3 stride 2 padding 1, conv 3 3x3 tanh, dense 2 softmax ¦ 2 ¦ 6 ¦ 5",
        "flatten tanh, dense 3 softmax ¦ 2 ¦ 3 ¦ 2",
        "dropout 0.3, conv 3 3x3 tanh, dropout 0.5, dense 4 tanh, dropout 0.2, dense 3 softmax ¦ 2 ¦ 5"
            + " ¦ 4",
        "residual(conv 2 3x3 tanh, conv 2 3x3) tanh, dense 3 softmax ¦ 2 ¦ 4 ¦ 3",
        "conv 3 3x3 tanh, residual(conv 4 3x3 stride 2 elu, conv 4 3x3 tanh | conv 4 1x1 stride 2 bias"
            + " none sigmoid) elu, global-average-pool softmax ¦ 2 ¦ 5 ¦ 4",
        "flatten, residual(dense 5 tanh, residual(dense 5 tanh) sigmoid, dense 6) relu, residual(dense 3"
            + " tanh | dense 3) tanh, dense 2 softmax ¦ 1 ¦ 3 ¦ 2",
        "residual(max-pool 1x1, dropout 0.3, conv 2 3x3 | average-pool 3x3 stride 1 padding 1) softmax,"
            + " residual(conv 2 1x1 tanh, dropout 0.5), dense 2 ¦ 2 ¦ 4 ¦ 3",
        "batchnorm ghost 2 tanh, dense 3 softmax ¦ 2 ¦ 3 ¦ 2",
        "conv 3 3x3 bias none, batchnorm ghost 2 epsilon 0.1 tanh, conv 2 3x3, batchnorm ghost 2 softmax,"
            + " dense 3 softmax ¦ 2 ¦ 4 ¦ 3",
        "dense 4, batchnorm ghost 3 epsilon 0.1 tanh, dense 3 softmax ¦ 2 ¦ 3 ¦ 2",
        "conv 3 3x3, batchnorm ghost 5 epsilon 0.1 elu, flatten, batchnorm ghost 5 epsilon 0.1, dense 2"
            + " sigmoid ¦ 2 ¦ 4 ¦ 3",
        "residual(conv 4 3x3 stride 2 bias none, batchnorm ghost 3 epsilon 0.1 tanh, dropout 0.3, conv 4"
            + " 3x3 bias none, batchnorm ghost 3 epsilon 0.1 | conv 4 1x1 stride 2 bias none, batchnorm"
            + " ghost 3 epsilon 0.1) elu, dropout 0.2, dense 4, batchnorm ghost 3 epsilon 0.1 tanh,"
            + " dense 3 softmax ¦ 2 ¦ 5 ¦ 4",
        "conv 2 3x3 bias none, batchnorm whole epsilon 0.1 tanh, dense 2 softmax ¦ 2 ¦ 4 ¦ 3",
        "conv 3 3x3 relu, conv 3 3x3 relu, max-pool 2x2, conv 4 3x3 relu, conv 4 3x3 relu, max-pool"
            + " 2x2, dense 5 relu, dense 3 softmax ¦ 2 ¦ 8 ¦ 8",
      })
  void gradient_ofANetworkOnImages_agreesWithCentralDifferences(
      String words, int channels, int height, int width) {
    Network network = network(words, channels, height, width);
    Random random = new Random(words.length());
    for (int draw = 0; draw < MOST_DRAWS; draw++) {
      if (gradientAgrees(network, random)) {
        return;
      }
    }
    throw new AssertionError("no weights without a kink nearby: " + words);
  }

  /** Whether the gradient could be compared; then it agrees. */
  private static boolean gradientAgrees(Network network, Random random) {
    Loss loss = Loss.following(network.outputActivation());
    float[] w =
        network.initialize(
            new Initialization(Initialization.Weights.NORMAL, true), random.nextLong());
    float[] x = gaussian(random, ROWS * network.inputs());
    float[] y = new float[ROWS * network.outputs()];
    for (int row = 0; row < ROWS; row++) {
      y[row * network.outputs() + random.nextInt(network.outputs())] = 1;
    }
    int ghost = Math.min(network.ghost(), ROWS);
    int maxRows = ghost * (1 + random.nextInt((ROWS + ghost - 1) / ghost));
    ReferenceEngine reference = new ReferenceEngine();
    BackPropagation exact = start(network, loss, reference, maxRows, w);
    double error = pass(exact, network, x, y, maxRows, true);
    double[] gradient = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      gradient[i] = reference.get(exact.gradientNumbers(), i);
    }
    List<float[]> inFloats =
        Engines.best()
            .map(engine -> gradient(network, loss, engine, maxRows, w, x, y, error))
            .toList();
    double[] quotients = new double[w.length];
    for (int i = 0; i < network.trainedCount(); i++) {
      quotients[i] = quotient(exact, reference, network, x, y, maxRows, i, STEP);
      double halved = quotient(exact, reference, network, x, y, maxRows, i, STEP / 2);
      if (Math.abs(quotients[i] - halved) > NOISE * Math.max(1, Math.abs(halved))) {
        return false;
      }
    }
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.role().isStatistic()) {
        continue;
      }
      double norm = 0;
      double inDouble = 0;
      for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
        norm = Math.hypot(norm, quotients[i]);
        inDouble = Math.hypot(inDouble, gradient[i] - quotients[i]);
      }
      String what = network + ", " + tensor.name() + ": ";
      double noise = NOISE * Math.sqrt(tensor.length());
      assertTrue(inDouble <= 1e-7 * norm + noise, what + inDouble + " of " + norm + " in double");
      for (float[] floats : inFloats) {
        double inFloat = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
          inFloat = Math.hypot(inFloat, floats[i] - quotients[i]);
        }
        assertTrue(inFloat <= 1e-4 * norm + 1e-6, what + inFloat + " of " + norm + " in float");
      }
    }
    return true;
  }

  private static float[] gradient(
      Network network,
      Loss loss,
      Engine engine,
      int maxRows,
      float[] w,
      float[] x,
      float[] y,
      double error) {
    try (BackPropagation b = start(network, loss, engine, maxRows, w)) {
      double found = pass(b, network, x, y, maxRows, true);
      assertEquals(error, found, 1e-5 * Math.max(1, error), network + " by " + engine);
      return b.gradient().clone();
    }
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static BackPropagation start(
      Network network, Loss loss, Engine engine, int maxRows, float[] w) {
    BackPropagation b = new BackPropagation(network, loss, engine, maxRows);
    b.setParameters(w);
    return b;
  }

  /** The loss of all rows, block by block. */
  private static double pass(
      BackPropagation b, Network network, float[] x, float[] y, int maxRows, boolean gradient) {
    b.clear();
    for (int from = 0; from < ROWS; from += maxRows) {
      int count = Math.min(maxRows, ROWS - from);
      System.arraycopy(x, from * network.inputs(), b.inputs(), 0, count * network.inputs());
      System.arraycopy(y, from * network.outputs(), b.targets(), 0, count * network.outputs());
      for (int row = 0; row < count; row++) {
        b.keys()[row] = KEYS.of(from + row);
      }
      if (gradient) {
        b.errorAndGradient(count);
      } else {
        b.error(count);
      }
    }
    return b.loss();
  }

  /** Whether the loss that is to be made small is not the one of a network that answers. */
  private static boolean changesInLearning(Network network) {
    return network.draws() || network.ghost() > 1;
  }

  /** (8 (E(w+h) − E(w−h)) − (E(w+2h) − E(w−2h))) / 12h, whose error is of order h⁴. */
  private static double quotient(
      BackPropagation exact,
      ReferenceEngine reference,
      Network network,
      float[] x,
      float[] y,
      int maxRows,
      int i,
      double step) {
    Numbers w = exact.parameterNumbers();
    double value = reference.get(w, i);
    double[] error = new double[4];
    int[] steps = {-2, -1, 1, 2};
    for (int k = 0; k < steps.length; k++) {
      reference.set(w, i, value + steps[k] * step);
      error[k] = pass(exact, network, x, y, maxRows, changesInLearning(network));
    }
    reference.set(w, i, value);
    return (8 * (error[2] - error[1]) - (error[3] - error[0])) / (12 * step);
  }

  // ---- order

  private static float[] answer(Network network, float[] w, float[] x, int rows) {
    try (ForwardPropagation forward =
        new ForwardPropagation(network, PortableEngine.create(), rows)) {
      forward.setParameters(w);
      System.arraycopy(x, 0, forward.inputs(), 0, x.length);
      forward.forward(rows);
      return forward.outputs().clone();
    }
  }

  /** 1 × 1 kernels that pass channels on: the numbers come out as they went in. */
  @Test
  void flatten_afterImageLayers_restoresTheOrderOfRecords() {
    Network network = network("conv 3 1x1 bias none, max-pool 1x1, flatten", 3, 4, 5);
    float[] x = gaussian(new Random(1), 2 * 60);
    assertArrayEquals(x, answer(network, new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, x, 2));
  }

  @Test
  void dense_onAnImage_meansTheSameWeightsAsOnARecord() {
    Network alone = network("dense 7 tanh", 3, 4, 5);
    Network behind = network("max-pool 1x1, dense 7 tanh", 3, 4, 5);
    Network flattened = network("max-pool 1x1, flatten, dense 7 tanh", 3, 4, 5);
    float[] w = alone.initialize(Initialization.parse("normal+biases"), 1);
    float[] x = gaussian(new Random(1), 2 * 60);
    float[] expected = answer(alone, w, x, 2);
    assertArrayEquals(expected, answer(behind, w, x, 2));
    assertArrayEquals(expected, answer(flattened, w, x, 2));
  }

  /** Channel c of the output is the sum over the window of channel c of the input. */
  @Test
  void conv_ofARecord_takesItsChannelsFirst() {
    Network network = network("conv 2 1x2 padding valid, flatten", 2, 1, 3);
    float[] w = {1, 1, 0, 0, 0, 0, 1, 1, /* b */ 0, 100};
    assertArrayEquals(
        new float[] {3, 5, 170, 190}, answer(network, w, new float[] {1, 2, 3, 30, 40, 50}, 1));
  }
}
