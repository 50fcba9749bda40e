package minilote.trainer.measure;

import org.jspecify.annotations.Nullable;

/** Linear algebra of matrices with few rows, {@code double[row][column]}. */
final class SmallMatrix {
  private SmallMatrix() {}

  /**
   * The inverse, by Gauss and Jordan with the largest pivot of each column.
   *
   * @return null where there is none
   */
  static double @Nullable [][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][2 * n];
    for (int row = 0; row < n; row++) {
      System.arraycopy(matrix[row], 0, a[row], 0, n);
      a[row][n + row] = 1;
    }
    for (int column = 0; column < n; column++) {
      int best = column;
      for (int row = column + 1; row < n; row++) {
        if (Math.abs(a[row][column]) > Math.abs(a[best][column])) {
          best = row;
        }
      }
      double pivot = a[best][column];
      if (pivot == 0 || !Double.isFinite(pivot)) {
        return null;
      }
      double[] swapped = a[best];
      a[best] = a[column];
      a[column] = swapped;
      Vectors.scale(1 / pivot, swapped);
      for (int row = 0; row < n; row++) {
        if (row != column) {
          Vectors.add(-a[row][column], swapped, a[row]);
        }
      }
    }
    double[][] inverse = new double[n][n];
    for (int row = 0; row < n; row++) {
      System.arraycopy(a[row], n, inverse[row], 0, n);
    }
    return inverse;
  }

  /** A x. */
  static double[] times(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int row = 0; row < y.length; row++) {
      y[row] = Vectors.dot(matrix[row], x);
    }
    return y;
  }

  /** xᵀ A y. */
  static double form(double[] x, double[][] matrix, double[] y) {
    double sum = 0;
    for (int row = 0; row < x.length; row++) {
      sum += x[row] * Vectors.dot(matrix[row], y);
    }
    return sum;
  }
}
