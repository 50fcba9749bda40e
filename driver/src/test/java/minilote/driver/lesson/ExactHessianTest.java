package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.Test;

/** H and Σ against closed forms: of a linear neuron, of a sigmoid one, of relu units. */
class ExactHessianTest {
  private static final float[][] X = {{1, 2}, {-1, 0.5f}, {0.25f, -3}, {2, 1}, {-0.5f, -1}};
  private static final float[][] Y = {{1}, {0}, {1}, {0}, {1}};
  private static final SmallData DATA = new SmallData(X, Y);

  private static Network neuron(String activation) {
    return Network.of(NetworkDescription.parse("dense 1 " + activation), List.of(2));
  }

  /** With the leading 1 at the end, as the parameters lie. */
  private static double[] extended(int n) {
    return new double[] {X[n][0], X[n][1], 1};
  }

  @Test
  void hessian_ofALinearNeuron_isTwiceXTransposedXByN() {
    float[] w = {0.3f, -0.2f, 0.1f};
    ExactHessian h = ExactHessian.of(neuron("linear"), Loss.MEAN_SQUARED_ERROR, DATA, w);
    double trace = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double expected = 0;
        for (int n = 0; n < X.length; n++) {
          expected += 2 * extended(n)[i] * extended(n)[j] / X.length;
        }
        assertEquals(expected, h.at(i, j), 1e-6);
        trace += i == j ? expected : 0;
      }
    }
    assertEquals(trace, h.trace(), 1e-6);
    assertTrue(h.asymmetry() < 1e-6, "" + h.asymmetry());
  }

  @Test
  void hessian_ofASigmoidNeuron_isWeightedByPTimesOneMinusP() {
    float[] w = {0.3f, -0.2f, 0.1f};
    ExactHessian h = ExactHessian.of(neuron("sigmoid"), Loss.BINARY_CROSS_ENTROPY, DATA, w);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double expected = 0;
        for (int n = 0; n < X.length; n++) {
          double s = w[0] * X[n][0] + w[1] * X[n][1] + w[2];
          double p = 1 / (1 + Math.exp(-s));
          expected += p * (1 - p) * extended(n)[i] * extended(n)[j] / X.length;
        }
        assertEquals(expected, h.at(i, j), 1e-6);
      }
    }
  }

  /** Inputs that never meet, each as often above 0 as below: nothing beside the diagonal. */
  @Test
  void largestEigenvalue_ofADiagonal_isItsLargest() {
    SmallData apart =
        new SmallData(new float[][] {{1, 0}, {-1, 0}, {0, 3}, {0, -3}}, new float[4][1]);
    ExactHessian h =
        ExactHessian.of(neuron("linear"), Loss.MEAN_SQUARED_ERROR, apart, new float[3]);
    assertEquals(9, h.largestEigenvalue(), 1e-6); // (2/4) (9 + 9), beside 1 and 2
  }

  @Test
  void alignment_ofReluUnits_isThatOfItsMatricesWrittenOut() {
    Network network =
        Network.of(NetworkDescription.parse("dense 4 relu, dense 1 sigmoid"), List.of(2));
    float[] w = new float[network.parameterCount()];
    KeyedRandom random = KeyedRandom.of(3, "weights");
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) random.nextGaussian();
    }
    LoopedNetwork own = new LoopedNetwork(4, w);
    double[][] h = own.hessian(DATA);
    double[][] noise = own.covariance(DATA);
    ExactHessian hessian = ExactHessian.of(network, Loss.BINARY_CROSS_ENTROPY, DATA, w);
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < w.length; j++) {
        assertEquals(h[i][j], hessian.at(i, j), 1e-6);
      }
    }
    try (SmallTraining training =
        new SmallTraining(
            network, Loss.BINARY_CROSS_ENTROPY, DATA, w, FlippedLabels.SGD, X.length, 0.1, 0)) {
      training.gradient();
      ExampleGradients examples = new ExampleGradients(training, X.length);
      double[][] gradients = examples.all();
      double squares = 0;
      for (int n = 0; n < X.length; n++) {
        double[] expected = own.gradient(DATA, n);
        for (int i = 0; i < w.length; i++) {
          assertEquals(expected[i], gradients[n][i], 1e-6);
          squares += expected[i] * expected[i];
        }
      }
      assertEquals(squares, examples.squares(), 1e-5);
      NoiseAlignment alignment = NoiseAlignment.of(hessian, gradients);
      assertEquals(LoopedNetwork.trace(h), alignment.ofHessian(), 1e-6);
      assertEquals(LoopedNetwork.trace(noise), alignment.ofNoise(), 1e-5);
      assertEquals(LoopedNetwork.trace(h, noise), alignment.together(), 1e-5);
      assertEquals(
          LoopedNetwork.trace(h) * LoopedNetwork.trace(noise) / 17, alignment.isotropic(), 1e-5);
    }
  }

  /** Where H is the identity, it does not matter where noise points. */
  @Test
  void ratio_whereHIsTheSameAllAround_is1() {
    float r = (float) Math.sqrt(2);
    SmallData round =
        new SmallData(
            new float[][] {{r, 0}, {-r, 0}, {0, r}, {0, -r}},
            new float[][] {{1}, {2}, {-0.5f}, {4}});
    Network network = neuron("linear");
    float[] w = {0.5f, 0.25f, 1};
    try (SmallTraining training =
        new SmallTraining(
            network, Loss.MEAN_SQUARED_ERROR, round, w, FlippedLabels.SGD, 4, 0.1, 0)) {
      training.gradient();
      // (2/4) · 2 · 2 = 2 for the inputs, and 2 for the bias.
      NoiseAlignment alignment =
          NoiseAlignment.of(
              ExactHessian.of(network, Loss.MEAN_SQUARED_ERROR, round, w),
              new ExampleGradients(training, 4).all());
      assertEquals(1, alignment.ratio(), 1e-5);
      assertEquals(1, alignment.most(), 1e-5);
    }
  }
}
