package minilote.driver.lesson;

import minilote.trainer.network.Network;

/**
 * Back-propagation as it is told unit by unit: one example a step, loops over units, no matrix.
 *
 * <p>Hidden units are {@code g_j = σ(u_j0 + Σ_k u_jk f_k)}, outputs {@code σ(h_i)} with {@code h_i
 * = v_i0 + Σ_j v_ij g_j}, and the error {@code E = Σ_i (σ(h_i) − y_i)²}. In double precision.
 */
final class UnitByUnit {
  private final double[][] u; // hidden × (1 + inputs), biases first
  private final double[][] v; // outputs × (1 + hidden)

  /**
   * @param network two dense layers
   * @param w its parameters, with which this begins
   */
  UnitByUnit(Network network, float[] w) {
    int inputs = network.inputs();
    int hidden = network.units(1);
    u = new double[hidden][inputs + 1];
    v = new double[network.outputs()][hidden + 1];
    read(w, 0, u);
    read(w, (inputs + 1) * hidden, v);
  }

  /** A layer lies in × out, then its biases; here a unit has its own together. */
  private static void read(float[] w, int offset, double[][] units) {
    int in = units[0].length - 1;
    for (int j = 0; j < units.length; j++) {
      units[j][0] = w[offset + in * units.length + j];
      for (int k = 0; k < in; k++) {
        units[j][k + 1] = w[offset + k * units.length + j];
      }
    }
  }

  /**
   * One step on one example.
   *
   * @return E before it
   */
  double learn(float[] f, float[] y, double rate) {
    double[] g = new double[u.length];
    for (int j = 0; j < u.length; j++) {
      double signal = u[j][0];
      for (int k = 0; k < f.length; k++) {
        signal += u[j][k + 1] * f[k];
      }
      g[j] = sigmoid(signal);
    }
    double error = 0;
    double[] byH = new double[v.length]; // ∂E/∂h_i
    for (int i = 0; i < v.length; i++) {
      double h = v[i][0];
      for (int j = 0; j < g.length; j++) {
        h += v[i][j + 1] * g[j];
      }
      double out = sigmoid(h);
      error += (out - y[i]) * (out - y[i]);
      byH[i] = 2 * (out - y[i]) * out * (1 - out);
    }
    double[] byG = new double[u.length]; // ∂E/∂g_j, by the weights v before they change
    for (int j = 0; j < u.length; j++) {
      for (int i = 0; i < v.length; i++) {
        byG[j] += v[i][j + 1] * byH[i];
      }
    }
    for (int i = 0; i < v.length; i++) {
      v[i][0] -= rate * byH[i];
      for (int j = 0; j < g.length; j++) {
        v[i][j + 1] -= rate * byH[i] * g[j];
      }
    }
    for (int j = 0; j < u.length; j++) {
      double bySignal = byG[j] * g[j] * (1 - g[j]);
      u[j][0] -= rate * bySignal;
      for (int k = 0; k < f.length; k++) {
        u[j][k + 1] -= rate * bySignal * f[k];
      }
    }
    return error;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** The largest difference to parameters that lie as a network's. */
  double farthestFrom(float[] w) {
    int hidden = u.length;
    int inputs = u[0].length - 1;
    return Math.max(farthest(w, 0, u), farthest(w, (inputs + 1) * hidden, v));
  }

  private static double farthest(float[] w, int offset, double[][] units) {
    double[][] theirs = new double[units.length][units[0].length];
    read(w, offset, theirs);
    double most = 0;
    for (int j = 0; j < units.length; j++) {
      for (int k = 0; k < units[j].length; k++) {
        most = Math.max(most, Math.abs(units[j][k] - theirs[j][k]));
      }
    }
    return most;
  }
}
