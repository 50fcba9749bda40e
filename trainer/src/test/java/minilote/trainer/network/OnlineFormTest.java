package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;

/**
 * The rule of one unit, example by example in loops over units, against the matrix form: the same
 * algorithm, so that the weights agree after many steps of online SGD.
 */
class OnlineFormTest {
  private static final int INPUTS = 4;
  private static final int HIDDEN = 5;
  private static final int OUTPUTS = 3;
  private static final double RATE = 0.4;

  // g_j = σ(u_j0 + Σ_k u_jk f_k) are the hidden units, σ(h_i) with h_i = v_i0 + Σ_j v_ij g_j the
  // outputs, and E = Σ_i (σ(h_i) − y_i)².
  private final double[][] u = new double[HIDDEN][INPUTS + 1];
  private final double[][] v = new double[OUTPUTS][HIDDEN + 1];

  @Test
  void onlineSgd_loopsOverUnits_agreesWithMatrixForm() {
    Network network =
        Network.of(
            NetworkDescription.parse(
                "dense %d sigmoid, dense %d sigmoid".formatted(HIDDEN, OUTPUTS)),
            List.of(INPUTS));
    float[] w = network.initialize(Initialization.parse("normal+biases"), 9);
    int bias1 = INPUTS * HIDDEN;
    int weight2 = bias1 + HIDDEN;
    int bias2 = weight2 + HIDDEN * OUTPUTS;
    for (int j = 0; j < HIDDEN; j++) {
      u[j][0] = w[bias1 + j];
      for (int k = 0; k < INPUTS; k++) {
        u[j][k + 1] = w[k * HIDDEN + j];
      }
    }
    for (int i = 0; i < OUTPUTS; i++) {
      v[i][0] = w[bias2 + i];
      for (int j = 0; j < HIDDEN; j++) {
        v[i][j + 1] = w[weight2 + j * OUTPUTS + i];
      }
    }

    Random random = new Random(10);
    try (BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), 1)) {
      b.setParameters(w);
      for (int step = 0; step < 200; step++) {
        double[] f = random.doubles(INPUTS, -1, 1).toArray();
        double[] y = random.doubles(OUTPUTS).toArray();
        for (int k = 0; k < INPUTS; k++) {
          b.inputs()[k] = (float) f[k];
        }
        for (int i = 0; i < OUTPUTS; i++) {
          b.targets()[i] = (float) y[i];
        }
        b.clear();
        b.errorAndGradient(1);
        for (int p = 0; p < w.length; p++) {
          w[p] -= (float) RATE * b.gradient()[p];
        }
        learn(f, y);
      }
    }

    for (int j = 0; j < HIDDEN; j++) {
      assertEquals(u[j][0], w[bias1 + j], 2e-5);
      for (int k = 0; k < INPUTS; k++) {
        assertEquals(u[j][k + 1], w[k * HIDDEN + j], 2e-5);
      }
    }
    for (int i = 0; i < OUTPUTS; i++) {
      assertEquals(v[i][0], w[bias2 + i], 2e-5);
      for (int j = 0; j < HIDDEN; j++) {
        assertEquals(v[i][j + 1], w[weight2 + j * OUTPUTS + i], 2e-5);
      }
    }
  }

  private void learn(double[] f, double[] y) {
    double[] g = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      g[j] = u[j][0];
      for (int k = 0; k < INPUTS; k++) {
        g[j] += u[j][k + 1] * f[k];
      }
      g[j] = sigmoid(g[j]);
    }
    double[] byH = new double[OUTPUTS]; // ∂E/∂h_i
    for (int i = 0; i < OUTPUTS; i++) {
      double h = v[i][0];
      for (int j = 0; j < HIDDEN; j++) {
        h += v[i][j + 1] * g[j];
      }
      double out = sigmoid(h);
      byH[i] = 2 * (out - y[i]) * out * (1 - out);
    }
    double[] byG = new double[HIDDEN]; // ∂E/∂g_j = Σ_i v_ij ∂E/∂h_i
    for (int j = 0; j < HIDDEN; j++) {
      for (int i = 0; i < OUTPUTS; i++) {
        byG[j] += v[i][j + 1] * byH[i];
      }
    }
    for (int i = 0; i < OUTPUTS; i++) {
      v[i][0] -= RATE * byH[i];
      for (int j = 0; j < HIDDEN; j++) {
        v[i][j + 1] -= RATE * byH[i] * g[j];
      }
    }
    for (int j = 0; j < HIDDEN; j++) {
      double byU = byG[j] * g[j] * (1 - g[j]);
      u[j][0] -= RATE * byU;
      for (int k = 0; k < INPUTS; k++) {
        u[j][k + 1] -= RATE * byU * f[k];
      }
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
