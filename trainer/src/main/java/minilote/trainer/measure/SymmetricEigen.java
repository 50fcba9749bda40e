package minilote.trainer.measure;

import java.util.List;

/**
 * Eigenvalues of small symmetric matrices, by Jacobi's rotations (G. Golub and C. Van Loan,
 * <i>Matrix Computations</i>, section 8.5): a few lines, and for some tens of rows fast enough.
 */
final class SymmetricEigen {
  private static final int MOST_SWEEPS = 60;

  private SymmetricEigen() {}

  /**
   * Eigenvalues and vectors.
   *
   * @param values in no order
   * @param vectors the vector of a value is a column
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Decomposition(double[] values, double[][] vectors) {
    double value(int index) {
      return values[index];
    }

    /** The last number of a vector. */
    double last(int index) {
      return vectors[vectors.length - 1][index];
    }

    int largest() {
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        best = values[i] > values[best] ? i : best;
      }
      return best;
    }

    int least() {
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        best = values[i] < values[best] ? i : best;
      }
      return best;
    }
  }

  /**
   * Of the matrix with this diagonal, and these numbers beside it.
   *
   * @param beside one fewer
   */
  static Decomposition ofTridiagonal(List<Double> diagonal, List<Double> beside) {
    int n = diagonal.size();
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i][i] = diagonal.get(i);
      if (i > 0) {
        a[i][i - 1] = beside.get(i - 1);
        a[i - 1][i] = beside.get(i - 1);
      }
    }
    return of(a);
  }

  /**
   * Of a symmetric matrix.
   *
   * @param a becomes diagonal
   */
  static Decomposition of(double[][] a) {
    int n = a.length;
    double[][] vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(a); sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, vectors, p, q);
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return new Decomposition(values, vectors);
  }

  private static boolean isDiagonal(double[][] a) {
    double all = 0;
    double off = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        all += a[i][j] * a[i][j];
        off += i == j ? 0 : a[i][j] * a[i][j];
      }
    }
    return !(off > 1e-30 * all); // Also where something is no number.
  }

  /** Makes element (p, q) zero. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double cos = 1 / Math.sqrt(1 + t * t);
    double sin = t * cos;
    for (double[] row : a) {
      turn(row, p, q, cos, sin);
    }
    for (int k = 0; k < a.length; k++) {
      double x = a[p][k];
      double y = a[q][k];
      a[p][k] = cos * x - sin * y;
      a[q][k] = sin * x + cos * y;
    }
    for (double[] row : vectors) {
      turn(row, p, q, cos, sin);
    }
  }

  private static void turn(double[] row, int p, int q, double cos, double sin) {
    double x = row[p];
    double y = row[q];
    row[p] = cos * x - sin * y;
    row[q] = sin * x + cos * y;
  }
}
