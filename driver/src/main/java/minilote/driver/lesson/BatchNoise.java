package minilote.driver.lesson;

import minilote.datasets.KeyedPermutation;

/** How far the gradient of a batch is from that of all examples, at weights that stay. */
final class BatchNoise {
  private static final String ORDER = "batches";

  private final double[][] gradients;
  private final double[] mean;
  private final long seed;

  /**
   * @param gradients of each example
   * @param seed of which batches are drawn
   */
  BatchNoise(double[][] gradients, long seed) {
    this.gradients = gradients;
    this.seed = seed;
    this.mean = new double[gradients[0].length];
    for (double[] g : gradients) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += g[i] / gradients.length;
      }
    }
  }

  /** ḡ. */
  double[] mean() {
    return mean;
  }

  /**
   * What the covariance of a batch's gradient is of Σ, where its examples are drawn without putting
   * any back: {@code (N − B) / ((N − 1) B)}.
   */
  static double share(int examples, int batch) {
    return (double) (examples - batch) / ((examples - 1.0) * batch);
  }

  /** Of one of the batches that there can be; of single examples, number {@code draw}. */
  double[] of(int batch, int draw) {
    int n = gradients.length;
    KeyedPermutation order = new KeyedPermutation(seed, ORDER, draw, n);
    double[] noise = new double[mean.length];
    for (int k = 0; k < batch; k++) {
      double[] g = gradients[batch == 1 ? draw % n : (int) order.invert(k)];
      for (int i = 0; i < noise.length; i++) {
        noise[i] += g[i] / batch;
      }
    }
    for (int i = 0; i < noise.length; i++) {
      noise[i] -= mean[i];
    }
    return noise;
  }
}
