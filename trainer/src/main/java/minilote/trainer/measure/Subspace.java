package minilote.trainer.measure;

import minilote.datasets.KeyedRandom;
import minilote.datasets.UserError;

/**
 * A random subspace of the weights, spanned by the columns of A (n × p): Gaussian numbers, each
 * column of length 1. A function of the seed, n and p. It takes 4np bytes.
 */
final class Subspace {
  private static final String PURPOSE = "sharpness subspace";

  private final int n;
  private final float[][] columns; // p × n: A's columns, one a row
  private final double[][] inverseGram; // (AᵀA)⁻¹, p × p

  Subspace(int n, int p, long seed) {
    requireRoom(n, p);
    this.n = n;
    this.columns = new float[p][n];
    for (int j = 0; j < p; j++) {
      KeyedRandom random = KeyedRandom.of(seed, PURPOSE, j);
      double[] column = new double[n];
      for (int i = 0; i < n; i++) {
        column[i] = random.nextGaussian();
      }
      double norm = Vectors.norm(column);
      for (int i = 0; i < n; i++) {
        columns[j][i] = (float) (column[i] / norm);
      }
    }
    double[][] gram = new double[p][];
    for (int j = 0; j < p; j++) {
      gram[j] = transposeTimes(Vectors.of(columns[j], n));
    }
    double[][] inverse = SmallMatrix.inverse(gram);
    if (inverse == null) {
      throw new IllegalStateException("random columns depend on each other");
    }
    this.inverseGram = inverse;
  }

  private static void requireRoom(int n, int p) {
    if (p > n) {
      throw new UserError(
          "--subspace %d: the network has %d weights, and a subspace no more dimensions"
              .formatted(p, n));
    }
    long bytes = Float.BYTES * (long) n * p;
    long most = Runtime.getRuntime().maxMemory() / 2;
    if (bytes > most) {
      throw new UserError(
          "--subspace %d: its basis takes %,d bytes, the driver has %,d for it: fewer dimensions, or more --driver-memory"
              .formatted(p, bytes, most));
    }
  }

  int dimension() {
    return columns.length;
  }

  /** Aᵀg. */
  double[] transposeTimes(double[] g) {
    double[] product = new double[columns.length];
    for (int j = 0; j < product.length; j++) {
      float[] column = columns[j];
      double a = 0;
      double b = 0;
      int i = 0;
      for (; i < n - 1; i += 2) {
        a += column[i] * g[i];
        b += column[i + 1] * g[i + 1];
      }
      product[j] = i < n ? a + b + column[i] * g[i] : a + b;
    }
    return product;
  }

  /** to ← to + A y. */
  void addTimes(double[] y, double[] to) {
    for (int j = 0; j < y.length; j++) {
      float[] column = columns[j];
      for (int i = 0; i < n; i++) {
        to[i] += y[j] * column[i];
      }
    }
  }

  /** A⁺x = (AᵀA)⁻¹ Aᵀx: of what A makes, the nearest to x. */
  double[] pseudoInverseTimes(double[] x) {
    return SmallMatrix.times(inverseGram, transposeTimes(x));
  }
}
