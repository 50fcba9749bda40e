package minilote.driver.lesson;

import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.PreciseLoss;

/**
 * The whole Hessian H of the mean loss over few examples, by differences of gradients in double
 * precision, a column a weight: {@code H e_j ≈ (∇E(w + h e_j) − ∇E(w − h e_j)) / 2h}.
 *
 * <p>With relu units f is bent wherever a signal of an example is 0, and H is that of the smooth
 * piece that w lies in. A step of 10⁻⁵ would leave it now and then, and the jump of the gradient,
 * divided by the step, would drown all else; it would show as a matrix that is not symmetric. So
 * the step is as short as double allows, and shorter still where that has happened.
 */
final class ExactHessian {
  /** A power of two, so that weights that are floats move by just that. */
  private static final double STEP = 0x1p-27;

  private static final double SHORTER = 0x1p-3;
  private static final int TRIES = 3;

  /** What rounding leaves of symmetry, and more. */
  private static final double SYMMETRIC = 1e-4;

  private static final int POWERS = 300;

  private final double[][] h;
  private final double asymmetry;

  private ExactHessian(double[][] h, double asymmetry) {
    this.h = h;
    this.asymmetry = asymmetry;
  }

  static ExactHessian of(Network network, Loss loss, SmallData data, float[] w) {
    int size = data.size();
    try (PreciseLoss f =
        new PreciseLoss(network, loss, w, flat(data.inputs()), flat(data.targets()), size)) {
      double step = STEP;
      ExactHessian hessian = differences(f, w, step);
      for (int again = 1; again < TRIES && hessian.asymmetry > SYMMETRIC; again++) {
        step *= SHORTER;
        hessian = differences(f, w, step);
      }
      return hessian;
    }
  }

  private static ExactHessian differences(PreciseLoss f, float[] w, double step) {
    int n = f.dimension();
    double[] at = new double[n];
    for (int i = 0; i < n; i++) {
      at[i] = w[i];
    }
    double[][] h = new double[n][n];
    double[] below = new double[n];
    for (int j = 0; j < n; j++) {
      at[j] = w[j] + step;
      f.lossAndGradient(at, h[j]);
      at[j] = w[j] - step;
      f.lossAndGradient(at, below);
      at[j] = w[j];
      for (int i = 0; i < n; i++) {
        h[j][i] = (h[j][i] - below[i]) / (2 * step);
      }
    }
    return new ExactHessian(h, symmetrize(h));
  }

  private static float[] flat(float[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return flat;
  }

  /** The greatest difference across the diagonal, of the greatest number; it is then evened out. */
  private static double symmetrize(double[][] h) {
    double most = 0;
    double apart = 0;
    for (int i = 0; i < h.length; i++) {
      for (int j = 0; j <= i; j++) {
        most = Math.max(most, Math.max(Math.abs(h[i][j]), Math.abs(h[j][i])));
        apart = Math.max(apart, Math.abs(h[i][j] - h[j][i]));
        h[i][j] = (h[i][j] + h[j][i]) / 2;
        h[j][i] = h[i][j];
      }
    }
    return most == 0 ? 0 : apart / most;
  }

  /** How far the differences were from a symmetric matrix, of its greatest number. */
  double asymmetry() {
    return asymmetry;
  }

  int size() {
    return h.length;
  }

  double at(int i, int j) {
    return h[i][j];
  }

  double trace() {
    double sum = 0;
    for (int i = 0; i < h.length; i++) {
      sum += h[i][i];
    }
    return sum;
  }

  /** vᵀHv. */
  double form(double[] v) {
    double sum = 0;
    for (int i = 0; i < h.length; i++) {
      sum += v[i] * dot(h[i], v);
    }
    return sum;
  }

  /** The eigenvalue of the greatest size, by the power method. */
  double largestEigenvalue() {
    double[] v = new double[h.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = 1 + i % 7; // No vector that a symmetry of the network singles out.
    }
    for (int power = 0; power < POWERS; power++) {
      double[] next = new double[v.length];
      for (int i = 0; i < v.length; i++) {
        next[i] = dot(h[i], v);
      }
      double norm = Math.sqrt(dot(next, next));
      if (norm == 0) {
        return 0;
      }
      for (int i = 0; i < v.length; i++) {
        v[i] = next[i] / norm;
      }
    }
    return form(v);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
