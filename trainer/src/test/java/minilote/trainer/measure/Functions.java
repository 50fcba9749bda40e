package minilote.trainer.measure;

import java.util.function.ToDoubleFunction;

/** Functions for tests, with gradients by differences. */
final class Functions {
  private static final double STEP = 1e-6;

  private Functions() {}

  static Objective of(int dimension, ToDoubleFunction<double[]> f) {
    return new Objective() {
      @Override
      public int dimension() {
        return dimension;
      }

      @Override
      public double loss(double[] weights) {
        return f.applyAsDouble(weights);
      }

      @Override
      public double lossAndGradient(double[] weights, double[] gradient) {
        double[] at = weights.clone();
        for (int i = 0; i < at.length; i++) {
          at[i] = weights[i] + STEP;
          double above = f.applyAsDouble(at);
          at[i] = weights[i] - STEP;
          gradient[i] = (above - f.applyAsDouble(at)) / (2 * STEP);
          at[i] = weights[i];
        }
        return f.applyAsDouble(weights);
      }
    };
  }

  /** ½ Σ_ij H_ij (w_i − c_i)(w_j − c_j), with its exact gradient. */
  static Objective quadratic(double[][] h, double[] center) {
    return new Objective() {
      @Override
      public int dimension() {
        return center.length;
      }

      @Override
      public double loss(double[] weights) {
        return lossAndGradient(weights, new double[center.length]);
      }

      @Override
      public double lossAndGradient(double[] weights, double[] gradient) {
        double[] off = weights.clone();
        Vectors.add(-1, center, off);
        System.arraycopy(SmallMatrix.times(h, off), 0, gradient, 0, gradient.length);
        return Vectors.dot(off, gradient) / 2;
      }
    };
  }
}
