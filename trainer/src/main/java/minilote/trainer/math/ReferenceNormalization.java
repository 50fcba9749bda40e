package minilote.trainer.math;

import org.jspecify.annotations.Nullable;

/** Batch normalization as its definition, for {@link ReferenceEngine}. */
final class ReferenceNormalization {
  private ReferenceNormalization() {}

  private static int ghostOf(Ghosts ghosts, int row) {
    return row / ghosts.size();
  }

  static void normalize(
      Ghosts ghosts,
      int rows,
      double epsilon,
      DoubleNumbers x,
      DoubleNumbers gamma,
      DoubleNumbers beta,
      DoubleNumbers runningMean,
      DoubleNumbers runningVariance,
      boolean add,
      DoubleNumbers meanSums,
      DoubleNumbers varianceSums,
      DoubleNumbers means,
      DoubleNumbers inverses,
      DoubleNumbers y) {
    for (int c = 0; c < ghosts.channels(); c++) {
      double meanSum = add ? meanSums.get(c) : 0;
      double varianceSum = add ? varianceSums.get(c) : 0;
      for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
        int n = ghosts.rows(ghost, rows);
        double mean = runningMean.get(c);
        double variance = runningVariance.get(c);
        double unbiased = variance;
        if (n > 1) {
          double sum = 0;
          for (int i = 0; i < n * ghosts.pixels(); i++) {
            sum += x.get(index(ghosts, ghost, i, c));
          }
          mean = sum / (n * ghosts.pixels());
          double squares = 0;
          for (int i = 0; i < n * ghosts.pixels(); i++) {
            double difference = x.get(index(ghosts, ghost, i, c)) - mean;
            squares += difference * difference;
          }
          variance = squares / (n * ghosts.pixels());
          unbiased = squares / (n * ghosts.pixels() - 1);
        }
        meanSum += n * mean;
        varianceSum += n * unbiased;
        means.set(ghost * ghosts.channels() + c, mean);
        inverses.set(ghost * ghosts.channels() + c, 1 / Math.sqrt(variance + epsilon));
      }
      meanSums.set(c, meanSum);
      varianceSums.set(c, varianceSum);
    }
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < ghosts.columns(); i++) {
        int c = i % ghosts.channels();
        int at = row * ghosts.columns() + i;
        int statistic = ghostOf(ghosts, row) * ghosts.channels() + c;
        double normalized = (x.get(at) - means.get(statistic)) * inverses.get(statistic);
        y.set(at, gamma.get(c) * normalized + beta.get(c));
      }
    }
  }

  /** Where channel c of pixel i of a ghost is. */
  private static int index(Ghosts ghosts, int ghost, int i, int c) {
    return (ghost * ghosts.size() * ghosts.pixels() + i) * ghosts.channels() + c;
  }

  static void byRunning(
      Ghosts ghosts,
      int rows,
      double epsilon,
      DoubleNumbers x,
      DoubleNumbers gamma,
      DoubleNumbers beta,
      DoubleNumbers mean,
      DoubleNumbers variance,
      DoubleNumbers y) {
    for (int i = 0; i < rows * ghosts.columns(); i++) {
      int c = i % ghosts.channels();
      double normalized = (x.get(i) - mean.get(c)) / Math.sqrt(variance.get(c) + epsilon);
      y.set(i, gamma.get(c) * normalized + beta.get(c));
    }
  }

  /**
   * Ioffe and Szegedy 2015, section 3, the derivatives one after the other: by x̂, by the variance,
   * by the mean, by x.
   */
  static void back(
      Ghosts ghosts,
      int rows,
      DoubleNumbers x,
      DoubleNumbers delta,
      DoubleNumbers gamma,
      DoubleNumbers means,
      DoubleNumbers inverses,
      boolean add,
      DoubleNumbers gammaGradient,
      DoubleNumbers betaGradient,
      @Nullable DoubleNumbers inputDelta) {
    for (int c = 0; c < ghosts.channels(); c++) {
      double byGamma = add ? gammaGradient.get(c) : 0;
      double byBeta = add ? betaGradient.get(c) : 0;
      for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
        int n = ghosts.rows(ghost, rows);
        int numbers = n * ghosts.pixels();
        double mean = means.get(ghost * ghosts.channels() + c);
        double inverse = inverses.get(ghost * ghosts.channels() + c);
        double byVariance = 0;
        double byMean = 0;
        for (int i = 0; i < numbers; i++) {
          int at = index(ghosts, ghost, i, c);
          double difference = x.get(at) - mean;
          byGamma += delta.get(at) * difference * inverse;
          byBeta += delta.get(at);
          double byNormalized = delta.get(at) * gamma.get(c);
          byVariance += byNormalized * difference * -0.5 * inverse * inverse * inverse;
          byMean -= byNormalized * inverse;
        }
        for (int i = 0; i < numbers && inputDelta != null; i++) {
          int at = index(ghosts, ghost, i, c);
          double byX = delta.get(at) * gamma.get(c) * inverse;
          if (n > 1) {
            byX += byVariance * 2 * (x.get(at) - mean) / numbers + byMean / numbers;
          }
          inputDelta.set(at, byX);
        }
      }
      gammaGradient.set(c, byGamma);
      betaGradient.set(c, byBeta);
    }
  }

  static void moments(Ghosts ghosts, int rows, DoubleNumbers x, double[] moments) {
    int numbers = rows * ghosts.pixels();
    for (int c = 0; c < ghosts.channels(); c++) {
      double sum = 0;
      for (int i = 0; i < numbers; i++) {
        sum += x.get(i * ghosts.channels() + c);
      }
      double mean = sum / numbers;
      double squares = 0;
      for (int i = 0; i < numbers; i++) {
        double difference = x.get(i * ghosts.channels() + c) - mean;
        squares += difference * difference;
      }
      moments[c] = mean;
      moments[ghosts.channels() + c] = squares;
    }
  }

  static void byMoments(
      Ghosts ghosts,
      int rows,
      double epsilon,
      DoubleNumbers x,
      DoubleNumbers gamma,
      DoubleNumbers beta,
      double[] moments,
      double numbers,
      boolean add,
      DoubleNumbers meanSums,
      DoubleNumbers varianceSums,
      DoubleNumbers means,
      DoubleNumbers inverses,
      DoubleNumbers y) {
    for (int c = 0; c < ghosts.channels(); c++) {
      double squares = moments[ghosts.channels() + c];
      means.set(c, moments[c]);
      inverses.set(c, 1 / Math.sqrt(squares / numbers + epsilon));
      meanSums.set(c, (add ? meanSums.get(c) : 0) + rows * moments[c]);
      varianceSums.set(c, (add ? varianceSums.get(c) : 0) + rows * squares / (numbers - 1));
    }
    for (int i = 0; i < rows * ghosts.columns(); i++) {
      int c = i % ghosts.channels();
      y.set(i, gamma.get(c) * (x.get(i) - means.get(c)) * inverses.get(c) + beta.get(c));
    }
  }

  static void backSums(
      Ghosts ghosts,
      int rows,
      DoubleNumbers x,
      DoubleNumbers delta,
      DoubleNumbers means,
      DoubleNumbers inverses,
      boolean add,
      DoubleNumbers gammaGradient,
      DoubleNumbers betaGradient,
      double[] sums) {
    for (int c = 0; c < ghosts.channels(); c++) {
      double products = 0;
      double sum = 0;
      for (int i = 0; i < rows * ghosts.pixels(); i++) {
        int at = i * ghosts.channels() + c;
        products += delta.get(at) * (x.get(at) - means.get(c)) * inverses.get(c);
        sum += delta.get(at);
      }
      sums[c] = products;
      sums[ghosts.channels() + c] = sum;
      gammaGradient.set(c, (add ? gammaGradient.get(c) : 0) + products);
      betaGradient.set(c, (add ? betaGradient.get(c) : 0) + sum);
    }
  }

  static void backBySums(
      Ghosts ghosts,
      int rows,
      DoubleNumbers x,
      DoubleNumbers delta,
      DoubleNumbers gamma,
      DoubleNumbers means,
      DoubleNumbers inverses,
      double[] sums,
      double numbers,
      DoubleNumbers inputDelta) {
    for (int i = 0; i < rows * ghosts.columns(); i++) {
      int c = i % ghosts.channels();
      double normalized = (x.get(i) - means.get(c)) * inverses.get(c);
      double centred =
          delta.get(i) - sums[ghosts.channels() + c] / numbers - normalized * sums[c] / numbers;
      inputDelta.set(i, gamma.get(c) * inverses.get(c) * centred);
    }
  }
}
