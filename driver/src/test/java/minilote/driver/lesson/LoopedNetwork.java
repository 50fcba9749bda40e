package minilote.driver.lesson;

/** Two inputs, relu units, one sigmoid: written out in loops, apart from the trainer. */
final class LoopedNetwork {
  private final int units;
  private final double[] w; // 2 × units, units, units, 1

  LoopedNetwork(int units, float[] w) {
    this.units = units;
    this.w = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      this.w[i] = w[i];
    }
  }

  int weights() {
    return w.length;
  }

  private double hidden(float[] x, int j) {
    return w[j] * x[0] + w[units + j] * x[1] + w[2 * units + j];
  }

  private double signal(float[] x) {
    double s = w[4 * units];
    for (int j = 0; j < units; j++) {
      s += w[3 * units + j] * Math.max(0, hidden(x, j));
    }
    return s;
  }

  private double answer(float[] x) {
    return 1 / (1 + Math.exp(-signal(x)));
  }

  double loss(SmallData data) {
    double sum = 0;
    for (int n = 0; n < data.size(); n++) {
      double s = signal(data.inputs()[n]);
      sum += Math.log(1 + Math.exp(s)) - data.targets()[n][0] * s;
    }
    return sum / data.size();
  }

  /** The derivatives of the signal. */
  private double[] derivatives(float[] x) {
    double[] d = new double[w.length];
    for (int j = 0; j < units; j++) {
      double s = hidden(x, j);
      if (s > 0) {
        d[j] = w[3 * units + j] * x[0];
        d[units + j] = w[3 * units + j] * x[1];
        d[2 * units + j] = w[3 * units + j];
        d[3 * units + j] = s;
      }
    }
    d[4 * units] = 1;
    return d;
  }

  double[] gradient(SmallData data, int n) {
    double[] g = derivatives(data.inputs()[n]);
    double delta = answer(data.inputs()[n]) - data.targets()[n][0];
    for (int i = 0; i < g.length; i++) {
      g[i] *= delta;
    }
    return g;
  }

  double[] gradient(SmallData data) {
    double[] mean = new double[w.length];
    for (int n = 0; n < data.size(); n++) {
      double[] g = gradient(data, n);
      for (int i = 0; i < g.length; i++) {
        mean[i] += g[i] / data.size();
      }
    }
    return mean;
  }

  /** p(1 − p) J Jᵀ, and (p − y) times the second derivatives, which join a unit's two sides. */
  double[][] hessian(SmallData data) {
    double[][] h = new double[w.length][w.length];
    for (int n = 0; n < data.size(); n++) {
      float[] x = data.inputs()[n];
      double p = answer(x);
      double[] d = derivatives(x);
      for (int i = 0; i < d.length; i++) {
        for (int j = 0; j < d.length; j++) {
          h[i][j] += p * (1 - p) * d[i] * d[j] / data.size();
        }
      }
      double delta = (p - data.targets()[n][0]) / data.size();
      double[] input = {x[0], x[1], 1};
      for (int j = 0; j < units; j++) {
        for (int k = 0; k < input.length && hidden(x, j) > 0; k++) {
          h[k * units + j][3 * units + j] += delta * input[k];
          h[3 * units + j][k * units + j] += delta * input[k];
        }
      }
    }
    return h;
  }

  /** Σ, by its definition. */
  double[][] covariance(SmallData data) {
    double[] mean = gradient(data);
    double[][] c = new double[w.length][w.length];
    for (int n = 0; n < data.size(); n++) {
      double[] g = gradient(data, n);
      for (int i = 0; i < g.length; i++) {
        for (int j = 0; j < g.length; j++) {
          c[i][j] += (g[i] - mean[i]) * (g[j] - mean[j]) / data.size();
        }
      }
    }
    return c;
  }

  static double trace(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i][i];
    }
    return sum;
  }

  /** tr(AB). */
  static double trace(double[][] a, double[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum += a[i][j] * b[j][i];
      }
    }
    return sum;
  }
}
