package minilote.trainer.measure;

/** Vectors of doubles. */
final class Vectors {
  private Vectors() {}

  /** aᵀb. */
  static double dot(double[] a, double[] b) {
    // Four sums, because one would wait for each addition to end before the next.
    double p = 0;
    double q = 0;
    double r = 0;
    double s = 0;
    int i = 0;
    for (; i < a.length - 3; i += 4) {
      p += a[i] * b[i];
      q += a[i + 1] * b[i + 1];
      r += a[i + 2] * b[i + 2];
      s += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      p += a[i] * b[i];
    }
    return (p + q) + (r + s);
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** y ← y + factor · x. */
  static void add(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] += factor * x[i];
    }
  }

  static void scale(double factor, double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  /** The first numbers of an array of floats. */
  static double[] of(float[] numbers, int count) {
    double[] vector = new double[count];
    for (int i = 0; i < count; i++) {
      vector[i] = numbers[i];
    }
    return vector;
  }
}
