package minilote.trainer.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization by oneDNN, a ghost at a time. What there is one number a channel of (means,
 * variances, γ, β and their gradients) passes through the heap: it is little.
 */
final class DnnNormalization {
  /** Of what is normalized only for its moments, which no ε is in. */
  private static final float SOME_EPSILON = 1;

  /** How a ghost is normalized. */
  private enum Kind {
    /** By its own statistics, which are written. */
    MEASURED,
    /** By statistics that are given. */
    GIVEN,
    /** Back through the one or the other. */
    MEASURED_BACK,
    GIVEN_BACK
  }

  private record Known(
      Kind kind, int rows, int pixels, int channels, float epsilon, DnnPrimitive primitive) {}

  private final DnnContext context;
  private final List<Known> all = new ArrayList<>();
  private final long[] result = new long[1];
  private final DnnOperand scale;
  private final DnnOperand shift;
  private final DnnOperand mean;
  private final DnnOperand variance;
  private final DnnOperand unread; // derivatives by inputs that nobody asks for

  // One number a channel.
  private float[] read = {};
  private float[] readToo = {};
  private double[] sum = {};
  private double[] sumToo = {};

  DnnNormalization(DnnContext context) {
    this.context = context;
    this.scale = new DnnOperand(context);
    this.shift = new DnnOperand(context);
    this.mean = new DnnOperand(context);
    this.variance = new DnnOperand(context);
    this.unread = new DnnOperand(context);
  }

  private void needChannels(int channels) {
    if (read.length < channels) {
      read = new float[channels];
      readToo = new float[channels];
      sum = new double[channels];
      sumToo = new double[channels];
    }
    for (int c = 0; c < channels; c++) {
      sum[c] = 0;
      sumToo[c] = 0;
    }
  }

  /** See {@link Engine#normalize}. */
  void normalize(
      Ghosts ghosts,
      int rows,
      float epsilon,
      NativeNumbers x,
      Numbers gamma,
      Numbers beta,
      Numbers runningMean,
      Numbers runningVariance,
      boolean add,
      Numbers meanSums,
      Numbers varianceSums,
      NativeNumbers means,
      NativeNumbers inverses,
      NativeNumbers y) {
    int channels = ghosts.channels();
    needChannels(channels);
    long gammaAt = scale.read(gamma, 0, channels);
    long betaAt = shift.read(beta, 0, channels);
    for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
      int count = ghosts.rows(ghost, rows);
      int at = ghost * channels;
      boolean single = count == 1;
      if (single) {
        NativeEngine.read(runningMean, 0, read, channels);
        NativeEngine.read(runningVariance, 0, readToo, channels);
        means.write(at, read, 0, channels);
        variance.buffer(channels).write(0, readToo, 0, channels);
      }
      int first = ghost * ghosts.size() * ghosts.columns();
      primitive(single ? Kind.GIVEN : Kind.MEASURED, ghosts, count, epsilon)
          .at(0, x.address(first))
          .at(1, y.address(first))
          .at(2, gammaAt)
          .at(3, betaAt)
          .at(4, means.address(at))
          .at(5, variance.buffer(channels).address())
          .run();
      if (!single) {
        means.read(at, read, 0, channels);
        variance.buffer(channels).read(0, readToo, 0, channels);
      }
      double numbers = (double) count * ghosts.pixels();
      double unbiased = single ? 1 : numbers / (numbers - 1);
      for (int c = 0; c < channels; c++) {
        sum[c] += (double) count * read[c];
        sumToo[c] += count * unbiased * readToo[c];
        readToo[c] = (float) (1 / Math.sqrt((double) readToo[c] + epsilon));
      }
      inverses.write(at, readToo, 0, channels);
    }
    deliver(sum, channels, add, meanSums);
    deliver(sumToo, channels, add, varianceSums);
  }

  /** See {@link Engine#normalizeByRunning}. */
  void normalizeByRunning(
      Ghosts ghosts,
      int rows,
      float epsilon,
      NativeNumbers x,
      Numbers gamma,
      Numbers beta,
      Numbers runningMean,
      Numbers runningVariance,
      NativeNumbers y) {
    int channels = ghosts.channels();
    primitive(Kind.GIVEN, ghosts, rows, epsilon)
        .at(0, x.address())
        .at(1, y.address())
        .at(2, scale.read(gamma, 0, channels))
        .at(3, shift.read(beta, 0, channels))
        .at(4, mean.read(runningMean, 0, channels))
        .at(5, variance.read(runningVariance, 0, channels))
        .run();
  }

  /** See {@link Engine#normalizeBack}. */
  void back(
      Ghosts ghosts,
      int rows,
      NativeNumbers x,
      NativeNumbers delta,
      Numbers gamma,
      NativeNumbers means,
      NativeNumbers inverses,
      boolean add,
      Numbers gammaGradient,
      Numbers betaGradient,
      @Nullable NativeNumbers inputDelta) {
    int channels = ghosts.channels();
    needChannels(channels);
    long gammaAt = scale.read(gamma, 0, channels);
    for (int ghost = 0; ghost < ghosts.count(rows); ghost++) {
      int count = ghosts.rows(ghost, rows);
      int at = ghost * channels;
      inverses.read(at, read, 0, channels);
      for (int c = 0; c < channels; c++) {
        read[c] = 1 / (read[c] * read[c]); // σ² + ε, which the primitive takes with an ε of 0
      }
      variance.buffer(channels).write(0, read, 0, channels);
      int first = ghost * ghosts.size() * ghosts.columns();
      NativeNumbers gammaSums = shift.buffer(channels);
      NativeNumbers betaSums = mean.buffer(channels);
      primitive(count == 1 ? Kind.GIVEN_BACK : Kind.MEASURED_BACK, ghosts, count, 0)
          .at(0, x.address(first))
          .at(1, delta.address(first))
          .at(2, gammaAt)
          .at(
              3,
              inputDelta != null
                  ? inputDelta.address(first)
                  : unread.buffer(count * ghosts.columns()).address())
          .at(4, means.address(at))
          .at(5, variance.buffer(channels).address())
          .at(6, gammaSums.address())
          .at(7, betaSums.address())
          .run();
      gammaSums.read(0, read, 0, channels);
      betaSums.read(0, readToo, 0, channels);
      for (int c = 0; c < channels; c++) {
        sum[c] += read[c];
        sumToo[c] += readToo[c];
      }
    }
    deliver(sum, channels, add, gammaGradient);
    deliver(sumToo, channels, add, betaGradient);
  }

  // ---- of rows that are statistically one with others

  /** See {@link Engine#moments}. */
  void moments(Ghosts ghosts, int rows, NativeNumbers x, NativeNumbers scratch, double[] moments) {
    int channels = ghosts.channels();
    needChannels(channels);
    Arrays.fill(read, 0, channels, 0);
    NativeNumbers none = scale.buffer(channels);
    none.write(0, read, 0, channels);
    NativeNumbers measuredMean = mean.buffer(channels);
    NativeNumbers measuredVariance = variance.buffer(channels);
    primitive(Kind.MEASURED, ghosts, rows, SOME_EPSILON)
        .at(0, x.address())
        .at(1, scratch.address())
        .at(2, none.address())
        .at(3, none.address())
        .at(4, measuredMean.address())
        .at(5, measuredVariance.address())
        .run();
    measuredMean.read(0, read, 0, channels);
    measuredVariance.read(0, readToo, 0, channels);
    double numbers = (double) rows * ghosts.pixels();
    for (int c = 0; c < channels; c++) {
      moments[c] = read[c];
      moments[channels + c] = numbers * readToo[c];
    }
  }

  /** See {@link Engine#normalizeByMoments}. */
  void normalizeByMoments(
      Ghosts ghosts,
      int rows,
      float epsilon,
      NativeNumbers x,
      Numbers gamma,
      Numbers beta,
      double[] moments,
      double numbers,
      boolean add,
      Numbers meanSums,
      Numbers varianceSums,
      NativeNumbers means,
      NativeNumbers inverses,
      NativeNumbers y) {
    int channels = ghosts.channels();
    needChannels(channels);
    for (int c = 0; c < channels; c++) {
      double squares = moments[channels + c];
      read[c] = (float) moments[c];
      readToo[c] = (float) (squares / numbers);
      sum[c] = rows * (double) read[c];
      sumToo[c] = rows * squares / (numbers - 1);
    }
    means.write(0, read, 0, channels);
    variance.buffer(channels).write(0, readToo, 0, channels);
    primitive(Kind.GIVEN, ghosts, rows, epsilon)
        .at(0, x.address())
        .at(1, y.address())
        .at(2, scale.read(gamma, 0, channels))
        .at(3, shift.read(beta, 0, channels))
        .at(4, means.address())
        .at(5, variance.buffer(channels).address())
        .run();
    for (int c = 0; c < channels; c++) {
      readToo[c] = (float) (1 / Math.sqrt((double) readToo[c] + epsilon));
    }
    inverses.write(0, readToo, 0, channels);
    deliver(sum, channels, add, meanSums);
    deliver(sumToo, channels, add, varianceSums);
  }

  /** See {@link Engine#normalizeBackSums}; leaves γ / √(σ² + ε) δ in {@code inputDelta}. */
  void backSums(
      Ghosts ghosts,
      int rows,
      NativeNumbers x,
      NativeNumbers delta,
      Numbers gamma,
      NativeNumbers means,
      NativeNumbers inverses,
      boolean add,
      Numbers gammaGradient,
      Numbers betaGradient,
      @Nullable NativeNumbers inputDelta,
      double[] sums) {
    int channels = ghosts.channels();
    needChannels(channels);
    giveVariance(channels, inverses);
    NativeNumbers gammaSums = shift.buffer(channels);
    NativeNumbers betaSums = mean.buffer(channels);
    primitive(Kind.GIVEN_BACK, ghosts, rows, 0)
        .at(0, x.address())
        .at(1, delta.address())
        .at(2, scale.read(gamma, 0, channels))
        .at(
            3,
            inputDelta != null
                ? inputDelta.address()
                : unread.buffer(rows * ghosts.columns()).address())
        .at(4, means.address())
        .at(5, variance.buffer(channels).address())
        .at(6, gammaSums.address())
        .at(7, betaSums.address())
        .run();
    gammaSums.read(0, read, 0, channels);
    betaSums.read(0, readToo, 0, channels);
    for (int c = 0; c < channels; c++) {
      sum[c] = read[c];
      sumToo[c] = readToo[c];
      sums[c] = sum[c];
      sums[channels + c] = sumToo[c];
    }
    deliver(sum, channels, add, gammaGradient);
    deliver(sumToo, channels, add, betaGradient);
  }

  /** The variance with its ε, which the primitives take with an ε of 0. */
  private void giveVariance(int channels, NativeNumbers inverses) {
    inverses.read(0, read, 0, channels);
    for (int c = 0; c < channels; c++) {
      read[c] = 1 / (read[c] * read[c]);
    }
    variance.buffer(channels).write(0, read, 0, channels);
  }

  /**
   * What {@link Engine#normalizeBackBySums} adds to γ / √(σ² + ε) δ: x, normalized and with another
   * scale and shift.
   */
  NativeNumbers backShift(
      Ghosts ghosts,
      int rows,
      NativeNumbers x,
      Numbers gamma,
      NativeNumbers means,
      NativeNumbers inverses,
      double[] sums,
      double numbers) {
    int channels = ghosts.channels();
    needChannels(channels);
    giveVariance(channels, inverses);
    NativeEngine.read(gamma, 0, read, channels);
    inverses.read(0, readToo, 0, channels);
    for (int c = 0; c < channels; c++) {
      double factor = -(double) read[c] * readToo[c] / numbers;
      read[c] = (float) (factor * sums[c]);
      readToo[c] = (float) (factor * sums[channels + c]);
    }
    NativeNumbers slopes = scale.buffer(channels);
    NativeNumbers shifts = shift.buffer(channels);
    slopes.write(0, read, 0, channels);
    shifts.write(0, readToo, 0, channels);
    NativeNumbers shifted = unread.buffer(rows * ghosts.columns());
    primitive(Kind.GIVEN, ghosts, rows, 0)
        .at(0, x.address())
        .at(1, shifted.address())
        .at(2, slopes.address())
        .at(3, shifts.address())
        .at(4, means.address())
        .at(5, variance.buffer(channels).address())
        .run();
    return shifted;
  }

  private void deliver(double[] sums, int channels, boolean add, Numbers to) {
    if (add) {
      NativeEngine.read(to, 0, read, channels);
    }
    for (int c = 0; c < channels; c++) {
      read[c] = (add ? read[c] : 0) + (float) sums[c];
    }
    NativeEngine.write(read, to, 0, channels);
  }

  // ---- primitives

  /** There are few, so they are looked through; a map would want a key made for each call. */
  private DnnPrimitive primitive(Kind kind, Ghosts ghosts, int rows, float epsilon) {
    for (int i = 0; i < all.size(); i++) {
      Known known = all.get(i);
      if (known.kind == kind
          && known.rows == rows
          && known.pixels == ghosts.pixels()
          && known.channels == ghosts.channels()
          && known.epsilon == epsilon) {
        return known.primitive;
      }
    }
    DnnPrimitive made = make(kind, ghosts, rows, epsilon);
    all.add(new Known(kind, rows, ghosts.pixels(), ghosts.channels(), epsilon, made));
    return made;
  }

  private DnnPrimitive make(Kind kind, Ghosts ghosts, int rows, float epsilon) {
    long image = context.channelsLast(rows, ghosts.channels(), 1, ghosts.pixels());
    long list = context.rowMajor(ghosts.channels());
    boolean given = kind == Kind.GIVEN || kind == Kind.GIVEN_BACK;
    int flags = OneDnn.SCALE_AND_SHIFT | (given ? OneDnn.GIVEN_STATISTICS : 0);
    OneDnn.check(
        OneDnn.batchNormalizationForwardPrimitiveDescCreate(
            result,
            context.engine(),
            OneDnn.FORWARD_TRAINING,
            image,
            image,
            epsilon,
            flags,
            context.attributes()),
        "describing a normalization");
    DnnPrimitive made;
    if (kind == Kind.MEASURED || kind == Kind.GIVEN) {
      int[] arguments = {
        OneDnn.ARG_SRC,
        OneDnn.ARG_DST,
        OneDnn.ARG_SCALE,
        OneDnn.ARG_SHIFT,
        OneDnn.ARG_MEAN,
        OneDnn.ARG_VARIANCE
      };
      made =
          context.primitive(
              result[0], arguments, new long[] {image, image, list, list, list, list});
    } else {
      long forward = result[0];
      OneDnn.check(
          OneDnn.batchNormalizationBackwardPrimitiveDescCreate(
              result,
              context.engine(),
              OneDnn.BACKWARD,
              image,
              image,
              image,
              epsilon,
              flags,
              forward,
              context.attributes()),
          "describing the way back through a normalization");
      int[] arguments = {
        OneDnn.ARG_SRC,
        OneDnn.ARG_DST_DELTA,
        OneDnn.ARG_SCALE,
        OneDnn.ARG_SRC_DELTA,
        OneDnn.ARG_MEAN,
        OneDnn.ARG_VARIANCE,
        OneDnn.ARG_SCALE_GRADIENT,
        OneDnn.ARG_SHIFT_GRADIENT
      };
      made =
          context.primitive(
              result[0], arguments, new long[] {image, image, list, image, list, list, list, list});
      DnnContext.destroyPrimitiveDescription(forward);
    }
    DnnContext.destroyDescriptions(image, list);
    return made;
  }
}
