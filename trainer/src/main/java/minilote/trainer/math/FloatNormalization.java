package minilote.trainer.math;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization over ghosts in {@code float[]}, forward beside backward. A ghost is a stretch
 * of pixels, each with its channels side by side. It is read in lines, of so many pixels that loops
 * over one are long, in scratch memory for the reason that {@link FloatActivations} gives; what
 * belongs to a channel lies in lines as well, once for each pixel of a line.
 *
 * <p>A sum over a ghost is of a few lines in floats, and of these sums in double precision. The
 * variance is that of the differences to the mean, which takes a second pass, and loses nothing
 * where the mean is large.
 */
final class FloatNormalization {
  private static final int LINE = 512; // numbers at least, unless a ghost has fewer
  private static final int LINES = 16; // that are added up in floats

  private int pixels; // of a line
  private float[] x = {};
  private float[] delta = {};
  private float[] sum = {};
  private float[] otherSum = {};
  private float[] mean = {};
  private float[] scale = {};
  private float[] slope = {};
  private float[] shift = {};

  // Of each channel.
  private double[] total = {};
  private double[] otherTotal = {};
  private double[] all = {};
  private double[] otherAll = {};

  /** Allocates what ghosts of that shape need. */
  void prepare(Ghosts ghosts) {
    int channels = ghosts.channels();
    pixels = Math.max(1, LINE / channels);
    int length = pixels * channels;
    if (x.length < length) {
      x = new float[length];
      delta = new float[length];
      sum = new float[length];
      otherSum = new float[length];
      mean = new float[length];
      scale = new float[length];
      slope = new float[length];
      shift = new float[length];
    }
    if (total.length < channels) {
      total = new double[channels];
      otherTotal = new double[channels];
      all = new double[channels];
      otherAll = new double[channels];
    }
  }

  /** See {@link Engine#normalize}. */
  void forward(
      Ghosts ghosts,
      int rows,
      float epsilon,
      FloatNumbers input,
      FloatNumbers gamma,
      FloatNumbers beta,
      FloatNumbers runningMean,
      FloatNumbers runningVariance,
      boolean add,
      FloatNumbers meanSums,
      FloatNumbers varianceSums,
      FloatNumbers means,
      FloatNumbers inverses,
      FloatNumbers output) {
    prepare(ghosts);
    int channels = ghosts.channels();
    Arrays.fill(all, 0, channels, 0);
    Arrays.fill(otherAll, 0, channels, 0);
    for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
      int n = ghosts.rows(ghost, rows);
      int first = ghost * ghosts.size() * ghosts.columns();
      int length = n * ghosts.columns();
      if (n == 1) {
        running(channels, runningMean, runningVariance);
      } else {
        statistics(channels, n, (double) n * ghosts.pixels(), input, first, length);
      }
      for (int c = 0; c < channels; c++) {
        scale[c] = (float) (1 / Math.sqrt(total[c] + epsilon));
      }
      put(mean, channels, means, ghost);
      put(scale, channels, inverses, ghost);
      normalize(channels, gamma, beta, input, output, first, length);
    }
    addTo(meanSums, all, channels, add);
    addTo(varianceSums, otherAll, channels, add);
  }

  /** A ghost of a single row is measured by what all have been. */
  private void running(int channels, FloatNumbers runningMean, FloatNumbers runningVariance) {
    System.arraycopy(runningMean.array(), runningMean.offset(), mean, 0, channels);
    for (int c = 0; c < channels; c++) {
      total[c] = runningVariance.array()[runningVariance.offset() + c];
      all[c] += mean[c];
      otherAll[c] += total[c];
    }
  }

  /** Leaves the mean of each channel of a ghost, and its variance in {@code total}. */
  private void statistics(
      int channels, int n, double numbers, FloatNumbers input, int first, int length) {
    sums(channels, input, first, length);
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) (total[c] / numbers);
      all[c] += n * (double) mean[c];
    }
    repeat(mean, channels);
    squares(channels, input, first, length);
    for (int c = 0; c < channels; c++) {
      otherAll[c] += n * total[c] / (numbers - 1);
      total[c] /= numbers;
    }
  }

  private void sums(int channels, FloatNumbers input, int first, int length) {
    Arrays.fill(total, 0, channels, 0);
    int line = pixels * channels;
    int lines = 0;
    for (int done = 0; done < length; done += line) {
      int count = Math.min(line, length - done);
      read(input, first + done, x, count);
      add(x, sum, count);
      if (++lines % LINES == 0) {
        collect(sum, channels, total);
      }
    }
    collect(sum, channels, total);
  }

  private void squares(int channels, FloatNumbers input, int first, int length) {
    Arrays.fill(total, 0, channels, 0);
    int line = pixels * channels;
    int lines = 0;
    for (int done = 0; done < length; done += line) {
      int count = Math.min(line, length - done);
      read(input, first + done, x, count);
      addSquares(x, mean, sum, count);
      if (++lines % LINES == 0) {
        collect(sum, channels, total);
      }
    }
    collect(sum, channels, total);
  }

  /** See {@link Engine#normalizeByRunning}. */
  void byRunning(
      Ghosts ghosts,
      int rows,
      float epsilon,
      FloatNumbers input,
      FloatNumbers gamma,
      FloatNumbers beta,
      FloatNumbers runningMean,
      FloatNumbers runningVariance,
      FloatNumbers output) {
    prepare(ghosts);
    int channels = ghosts.channels();
    System.arraycopy(runningMean.array(), runningMean.offset(), mean, 0, channels);
    for (int c = 0; c < channels; c++) {
      double variance = runningVariance.array()[runningVariance.offset() + c];
      scale[c] = (float) (1 / Math.sqrt(variance + epsilon));
    }
    normalize(channels, gamma, beta, input, output, 0, rows * ghosts.columns());
  }

  /** {@code γ (x − mean) inverse + β}, with the inverse deviations in {@code scale}. */
  private void normalize(
      int channels,
      FloatNumbers gamma,
      FloatNumbers beta,
      FloatNumbers input,
      FloatNumbers output,
      int first,
      int length) {
    for (int c = 0; c < channels; c++) {
      scale[c] *= gamma.array()[gamma.offset() + c];
    }
    System.arraycopy(beta.array(), beta.offset(), shift, 0, channels);
    repeat(mean, channels);
    repeat(scale, channels);
    repeat(shift, channels);
    int line = pixels * channels;
    for (int done = 0; done < length; done += line) {
      int count = Math.min(line, length - done);
      read(input, first + done, x, count);
      normalize(x, mean, scale, shift, count);
      System.arraycopy(x, 0, output.array(), output.offset() + first + done, count);
    }
  }

  /** See {@link Engine#normalizeBack}. */
  void back(
      Ghosts ghosts,
      int rows,
      FloatNumbers input,
      FloatNumbers outputDelta,
      FloatNumbers gamma,
      FloatNumbers means,
      FloatNumbers inverses,
      boolean add,
      FloatNumbers gammaGradient,
      FloatNumbers betaGradient,
      @Nullable FloatNumbers inputDelta) {
    prepare(ghosts);
    int channels = ghosts.channels();
    Arrays.fill(all, 0, channels, 0);
    Arrays.fill(otherAll, 0, channels, 0);
    for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
      int n = ghosts.rows(ghost, rows);
      int first = ghost * ghosts.size() * ghosts.columns();
      int length = n * ghosts.columns();
      int at = inverses.offset() + ghost * channels;
      System.arraycopy(means.array(), means.offset() + ghost * channels, mean, 0, channels);
      repeat(mean, channels);
      sums(channels, input, outputDelta, first, length); // Σ δ and Σ δ (x − mean)
      double numbers = (double) n * ghosts.pixels();
      for (int c = 0; c < channels; c++) {
        double inverse = inverses.array()[at + c];
        double products = otherTotal[c] * inverse; // Σ δ x̂
        all[c] += products;
        otherAll[c] += total[c];
        double factor = gamma.array()[gamma.offset() + c] * inverse;
        scale[c] = (float) factor;
        // Of a single row mean and deviation are constants.
        slope[c] = n == 1 ? 0 : (float) (-factor * inverse * products / numbers);
        shift[c] = n == 1 ? 0 : (float) (-factor * total[c] / numbers);
      }
      if (inputDelta != null) {
        back(channels, input, outputDelta, inputDelta, first, length);
      }
    }
    addTo(gammaGradient, all, channels, add);
    addTo(betaGradient, otherAll, channels, add);
  }

  private void sums(
      int channels, FloatNumbers input, FloatNumbers outputDelta, int first, int length) {
    Arrays.fill(total, 0, channels, 0);
    Arrays.fill(otherTotal, 0, channels, 0);
    int line = pixels * channels;
    int lines = 0;
    for (int done = 0; done < length; done += line) {
      int count = Math.min(line, length - done);
      read(input, first + done, x, count);
      read(outputDelta, first + done, delta, count);
      add(delta, sum, count);
      addProducts(x, mean, delta, otherSum, count);
      if (++lines % LINES == 0) {
        collect(sum, channels, total);
        collect(otherSum, channels, otherTotal);
      }
    }
    collect(sum, channels, total);
    collect(otherSum, channels, otherTotal);
  }

  /** {@code γ inverse (δ − Σδ/m − x̂ Σδx̂/m)} as a linear function of δ and x − mean. */
  private void back(
      int channels,
      FloatNumbers input,
      FloatNumbers outputDelta,
      FloatNumbers inputDelta,
      int first,
      int length) {
    repeat(scale, channels);
    repeat(slope, channels);
    repeat(shift, channels);
    int line = pixels * channels;
    for (int done = 0; done < length; done += line) {
      int count = Math.min(line, length - done);
      read(input, first + done, x, count);
      read(outputDelta, first + done, delta, count);
      back(x, mean, delta, scale, slope, shift, count);
      System.arraycopy(delta, 0, inputDelta.array(), inputDelta.offset() + first + done, count);
    }
  }

  // ---- of rows that are statistically one with others

  /** See {@link Engine#moments}. */
  void moments(Ghosts ghosts, int rows, FloatNumbers input, double[] moments) {
    prepare(ghosts);
    int channels = ghosts.channels();
    int length = rows * ghosts.columns();
    double numbers = (double) rows * ghosts.pixels();
    sums(channels, input, 0, length);
    for (int c = 0; c < channels; c++) {
      moments[c] = total[c] / numbers;
      mean[c] = (float) moments[c];
    }
    repeat(mean, channels);
    squares(channels, input, 0, length);
    for (int c = 0; c < channels; c++) {
      // The differences were to the mean as a float.
      double off = moments[c] - mean[c];
      moments[channels + c] = Math.max(0, total[c] - numbers * off * off);
    }
  }

  /** See {@link Engine#normalizeByMoments}. */
  void byMoments(
      Ghosts ghosts,
      int rows,
      float epsilon,
      FloatNumbers input,
      FloatNumbers gamma,
      FloatNumbers beta,
      double[] moments,
      double numbers,
      boolean add,
      FloatNumbers meanSums,
      FloatNumbers varianceSums,
      FloatNumbers means,
      FloatNumbers inverses,
      FloatNumbers output) {
    prepare(ghosts);
    int channels = ghosts.channels();
    for (int c = 0; c < channels; c++) {
      double squares = moments[channels + c];
      mean[c] = (float) moments[c];
      scale[c] = (float) (1 / Math.sqrt(squares / numbers + epsilon));
      all[c] = rows * (double) mean[c];
      otherAll[c] = rows * squares / (numbers - 1);
    }
    put(mean, channels, means, 0);
    put(scale, channels, inverses, 0);
    normalize(channels, gamma, beta, input, output, 0, rows * ghosts.columns());
    addTo(meanSums, all, channels, add);
    addTo(varianceSums, otherAll, channels, add);
  }

  /** See {@link Engine#normalizeBackSums}. */
  void backSums(
      Ghosts ghosts,
      int rows,
      FloatNumbers input,
      FloatNumbers outputDelta,
      FloatNumbers means,
      FloatNumbers inverses,
      boolean add,
      FloatNumbers gammaGradient,
      FloatNumbers betaGradient,
      double[] sums) {
    prepare(ghosts);
    int channels = ghosts.channels();
    readMean(channels, means);
    sums(channels, input, outputDelta, 0, rows * ghosts.columns());
    for (int c = 0; c < channels; c++) {
      all[c] = otherTotal[c] * inverses.array()[inverses.offset() + c];
      otherAll[c] = total[c];
      sums[c] = all[c];
      sums[channels + c] = otherAll[c];
    }
    addTo(gammaGradient, all, channels, add);
    addTo(betaGradient, otherAll, channels, add);
  }

  /** See {@link Engine#normalizeBackBySums}. */
  void backBySums(
      Ghosts ghosts,
      int rows,
      FloatNumbers input,
      FloatNumbers outputDelta,
      FloatNumbers gamma,
      FloatNumbers means,
      FloatNumbers inverses,
      double[] sums,
      double numbers,
      FloatNumbers inputDelta) {
    prepare(ghosts);
    int channels = ghosts.channels();
    readMean(channels, means);
    for (int c = 0; c < channels; c++) {
      double inverse = inverses.array()[inverses.offset() + c];
      double factor = gamma.array()[gamma.offset() + c] * inverse;
      scale[c] = (float) factor;
      slope[c] = (float) (-factor * inverse * sums[c] / numbers);
      shift[c] = (float) (-factor * sums[channels + c] / numbers);
    }
    back(channels, input, outputDelta, inputDelta, 0, rows * ghosts.columns());
  }

  private void readMean(int channels, FloatNumbers means) {
    System.arraycopy(means.array(), means.offset(), mean, 0, channels);
    repeat(mean, channels);
  }

  // ---- lines

  private static void read(FloatNumbers from, int at, float[] line, int count) {
    System.arraycopy(from.array(), from.offset() + at, line, 0, count);
  }

  private static void put(float[] line, int channels, FloatNumbers to, int ghost) {
    System.arraycopy(line, 0, to.array(), to.offset() + ghost * channels, channels);
  }

  /** What is there of the first pixel, for all pixels of a line. */
  private void repeat(float[] line, int channels) {
    for (int pixel = 1; pixel < pixels; pixel++) {
      System.arraycopy(line, 0, line, pixel * channels, channels);
    }
  }

  /** Adds a line's sums to those of the channels, and begins it anew. */
  private void collect(float[] line, int channels, double[] sums) {
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int c = 0; c < channels; c++) {
        sums[c] += line[pixel * channels + c];
      }
    }
    Arrays.fill(line, 0, pixels * channels, 0);
  }

  private static void addTo(FloatNumbers to, double[] sums, int channels, boolean add) {
    for (int c = 0; c < channels; c++) {
      int at = to.offset() + c;
      to.array()[at] = (float) (add ? to.array()[at] + sums[c] : sums[c]);
    }
  }

  private static void add(float[] x, float[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += x[i];
    }
  }

  private static void addSquares(float[] x, float[] mean, float[] sum, int n) {
    for (int i = 0; i < n; i++) {
      float difference = x[i] - mean[i];
      sum[i] += difference * difference;
    }
  }

  private static void addProducts(float[] x, float[] mean, float[] delta, float[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += delta[i] * (x[i] - mean[i]);
    }
  }

  private static void normalize(float[] x, float[] mean, float[] scale, float[] shift, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean[i]) * scale[i] + shift[i];
    }
  }

  private static void back(
      float[] x, float[] mean, float[] delta, float[] scale, float[] slope, float[] shift, int n) {
    for (int i = 0; i < n; i++) {
      delta[i] = delta[i] * scale[i] + (x[i] - mean[i]) * slope[i] + shift[i];
    }
  }
}
