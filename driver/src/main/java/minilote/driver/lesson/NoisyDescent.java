package minilote.driver.lesson;

import java.util.List;
import java.util.function.IntConsumer;
import minilote.datasets.KeyedRandom;
import minilote.trainer.optimizer.Optimizer;

/** Descent with one or another noise, all of the same size: tr Σ times a batch's share of it. */
final class NoisyDescent {
  /** What is added to the gradient of all examples. */
  enum Noise {
    NONE,
    /** The gradient is a batch's: SGD. */
    BATCH,
    /** N(0, Σ) of a batch. */
    SHAPED,
    /** The same size, and the same in every direction. */
    ROUND
  }

  private final SmallData data;
  private final int batch;
  private final long seed;

  /**
   * @param batch whose noise it is
   * @param seed of the noise
   */
  NoisyDescent(SmallData data, int batch, long seed) {
    this.data = data;
    this.batch = batch;
    this.seed = seed;
  }

  /**
   * Goes on.
   *
   * @param w from where; changed by each step
   * @param passes as many times the steps that a pass over the examples in batches has
   * @param each told of each such pass, from 1, when it has ended
   */
  void run(Noise noise, float[] w, int passes, IntConsumer each) {
    int steps = data.size() / batch;
    int rows = noise == Noise.BATCH ? batch : data.size();
    try (SmallTraining training = FlippedLabels.training(data, w, rows, seed)) {
      Optimizer optimizer = Optimizer.of(FlippedLabels.SGD, w.length, List.of());
      for (int pass = 1; pass <= passes; pass++) {
        if (noise == Noise.BATCH) {
          training.epoch();
        } else {
          for (int step = 1; step <= steps; step++) {
            long number = (long) (pass - 1) * steps + step;
            float[] gradient = training.gradient();
            if (noise != Noise.NONE) {
              add(noise, training, gradient, number);
            }
            optimizer.update(w, gradient, 0, w.length, (float) FlippedLabels.LEARNING_RATE, number);
          }
        }
        each.accept(pass);
      }
    }
  }

  private void add(Noise noise, SmallTraining training, float[] gradient, long step) {
    KeyedRandom random = KeyedRandom.of(seed, "noise", step);
    ExampleGradients examples = new ExampleGradients(training, data.size());
    double share = BatchNoise.share(data.size(), batch);
    double[] drawn = drawn(noise, examples, gradient, share, random);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += (float) drawn[i];
    }
  }

  /**
   * A draw.
   *
   * @param examples of the last pass
   * @param mean ḡ
   * @param share of Σ
   */
  static double[] drawn(
      Noise noise, ExampleGradients examples, float[] mean, double share, KeyedRandom random) {
    double[] drawn = new double[mean.length];
    int n = examples.size();
    if (noise == Noise.SHAPED) {
      // Σ_n z_n (g_n − ḡ) / √N has the covariance Σ.
      double[] z = gaussians(n, random);
      double sum = 0;
      for (double number : z) {
        sum += number;
      }
      for (int i = 0; i < n; i++) {
        z[i] = (z[i] - sum / n) * Math.sqrt(share / n);
      }
      examples.weighted(z, drawn);
    } else {
      double square = 0;
      for (float g : mean) {
        square += (double) g * g;
      }
      double trace = examples.squares() / n - square;
      double deviation = Math.sqrt(Math.max(0, trace) * share / mean.length);
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = deviation * random.nextGaussian();
      }
    }
    return drawn;
  }

  private static double[] gaussians(int count, KeyedRandom random) {
    double[] z = new double[count];
    for (int i = 0; i < count; i++) {
      z[i] = random.nextGaussian();
    }
    return z;
  }
}
