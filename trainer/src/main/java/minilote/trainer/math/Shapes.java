package minilote.trainer.math;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One wording for all shapes that do not fit: the operation, the names, both shapes. */
final class Shapes {
  private Shapes() {}

  /** Checks that a matrix of that shape fits. Costs nothing where it does. */
  static void require(String kernel, String matrix, Numbers numbers, int rows, int columns) {
    if (rows < 0 || columns < 0 || (long) rows * columns > numbers.length()) {
      throw new IllegalArgumentException(
          "%s: %s is said to be %d × %d, and its numbers are %d"
              .formatted(kernel, matrix, rows, columns, numbers.length()));
    }
  }

  /** Checks that what a convolution works on fits. */
  static void require(
      String kernel,
      Convolution convolution,
      int rows,
      String xName,
      Numbers x,
      String wName,
      Numbers w,
      @Nullable Numbers b,
      String sName,
      Numbers s) {
    require(kernel, xName, x, rows, convolution.inputs());
    require(kernel, wName, w, convolution.out(), convolution.patch());
    if (b != null) {
      require(kernel, "b", b, 1, convolution.out());
    }
    require(kernel, sName, s, rows, convolution.outputs());
  }

  /** Checks that what a pool works on fits. */
  static void require(
      String kernel,
      Window window,
      int channels,
      int rows,
      String xName,
      Numbers x,
      String yName,
      Numbers y) {
    require(kernel, xName, x, rows, Math.multiplyExact(window.pixels(), channels));
    require(kernel, yName, y, rows, Math.multiplyExact(window.windows(), channels));
  }

  /** Checks that what {@link Engine#normalize} works on fits. */
  static void requireNormalize(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      Numbers runningMean,
      Numbers runningVariance,
      Numbers meanSums,
      Numbers varianceSums,
      Numbers means,
      Numbers inverses,
      Numbers y) {
    require("normalize", "x", x, rows, ghosts.columns());
    require("normalize", "gamma", gamma, 1, ghosts.channels());
    require("normalize", "beta", beta, 1, ghosts.channels());
    require("normalize", "the running mean", runningMean, 1, ghosts.channels());
    require("normalize", "the running variance", runningVariance, 1, ghosts.channels());
    require("normalize", "the sums of means", meanSums, 1, ghosts.channels());
    require("normalize", "the sums of variances", varianceSums, 1, ghosts.channels());
    require("normalize", "the means", means, ghosts.count(rows), ghosts.channels());
    require("normalize", "the inverses", inverses, ghosts.count(rows), ghosts.channels());
    require("normalize", "y", y, rows, ghosts.columns());
  }

  /** Checks that what {@link Engine#normalizeByRunning} works on fits. */
  static void requireNormalizeByRunning(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      Numbers mean,
      Numbers variance,
      Numbers y) {
    require("normalizeByRunning", "x", x, rows, ghosts.columns());
    require("normalizeByRunning", "gamma", gamma, 1, ghosts.channels());
    require("normalizeByRunning", "beta", beta, 1, ghosts.channels());
    require("normalizeByRunning", "the mean", mean, 1, ghosts.channels());
    require("normalizeByRunning", "the variance", variance, 1, ghosts.channels());
    require("normalizeByRunning", "y", y, rows, ghosts.columns());
  }

  /** Checks that what {@link Engine#normalizeBack} works on fits. */
  static void requireNormalizeBack(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      Numbers gammaGradient,
      Numbers betaGradient,
      @Nullable Numbers inputDelta) {
    require("normalizeBack", "x", x, rows, ghosts.columns());
    require("normalizeBack", "delta", delta, rows, ghosts.columns());
    require("normalizeBack", "gamma", gamma, 1, ghosts.channels());
    require("normalizeBack", "the means", means, ghosts.count(rows), ghosts.channels());
    require("normalizeBack", "the inverses", inverses, ghosts.count(rows), ghosts.channels());
    require("normalizeBack", "the gradient of gamma", gammaGradient, 1, ghosts.channels());
    require("normalizeBack", "the gradient of beta", betaGradient, 1, ghosts.channels());
    if (inputDelta != null) {
      require("normalizeBack", "the derivatives by x", inputDelta, rows, ghosts.columns());
    }
  }

  /** Checks that what {@link Engine#moments} works on fits. */
  static void requireMoments(
      Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments) {
    requireRows("moments", rows);
    require("moments", "x", x, rows, ghosts.columns());
    require("moments", "the scratch memory", scratch, rows, ghosts.columns());
    requirePairs("moments", moments, ghosts);
  }

  /** Checks that what {@link Engine#normalizeByMoments} works on fits. */
  static void requireNormalizeByMoments(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      double[] moments,
      Numbers meanSums,
      Numbers varianceSums,
      Numbers means,
      Numbers inverses,
      Numbers y) {
    requireRows("normalizeByMoments", rows);
    require("normalizeByMoments", "x", x, rows, ghosts.columns());
    require("normalizeByMoments", "gamma", gamma, 1, ghosts.channels());
    require("normalizeByMoments", "beta", beta, 1, ghosts.channels());
    requirePairs("normalizeByMoments", moments, ghosts);
    require("normalizeByMoments", "the sums of means", meanSums, 1, ghosts.channels());
    require("normalizeByMoments", "the sums of variances", varianceSums, 1, ghosts.channels());
    require("normalizeByMoments", "the means", means, 1, ghosts.channels());
    require("normalizeByMoments", "the inverses", inverses, 1, ghosts.channels());
    require("normalizeByMoments", "y", y, rows, ghosts.columns());
  }

  /** Checks that what {@link Engine#normalizeBackBySums} works on fits. */
  static void requireNormalizeBackBySums(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      double[] sums,
      @Nullable Numbers inputDelta) {
    requireRows("normalizeBackBySums", rows);
    require("normalizeBackBySums", "x", x, rows, ghosts.columns());
    require("normalizeBackBySums", "delta", delta, rows, ghosts.columns());
    require("normalizeBackBySums", "gamma", gamma, 1, ghosts.channels());
    require("normalizeBackBySums", "the means", means, 1, ghosts.channels());
    require("normalizeBackBySums", "the inverses", inverses, 1, ghosts.channels());
    requirePairs("normalizeBackBySums", sums, ghosts);
    if (inputDelta != null) {
      require("normalizeBackBySums", "the derivatives by x", inputDelta, rows, ghosts.columns());
    }
  }

  private static void requireRows(String method, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException(method + " needs at least 1 row, not " + rows);
    }
  }

  private static void requirePairs(String method, double[] pairs, Ghosts ghosts) {
    if (pairs.length < 2 * ghosts.channels()) {
      throw new IllegalArgumentException(
          "%s: 2 × %d numbers do not fit into %d"
              .formatted(method, ghosts.channels(), pairs.length));
    }
  }

  /** Checks the bounds of a slice. */
  static void requireSlice(int offset, int length, int whole) {
    if (offset < 0 || length < 0 || offset > whole - length) {
      throw new IndexOutOfBoundsException(
          "a slice of %d numbers from %d on does not lie inside %d numbers"
              .formatted(length, offset, whole));
    }
  }

  /** Checks that an array can take the place of numbers that were allocated. */
  static void requireWhole(String method, boolean whole, int length, int given) {
    if (!whole) {
      throw new IllegalArgumentException(
          method + " takes numbers as they were allocated, not a slice of them");
    }
    if (length != given) {
      throw new IllegalArgumentException(
          "%s: an array of %d cannot be the content of %d numbers"
              .formatted(method, given, length));
    }
  }

  /** A shape as people write it: "3 × 4". */
  static String of(int... dimensions) {
    return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" × "));
  }

  /**
   * The error to throw where two shapes must agree and do not, such as "multiply: A is 2 × 3 and B
   * is 4 × 5, but the columns of A must be as many as the rows of B".
   *
   * @param rule how they must agree, completing the sentence after "but"
   */
  static IllegalArgumentException disagree(
      String operation, String left, int[] leftShape, String right, int[] rightShape, String rule) {
    return new IllegalArgumentException(
        "%s: %s is %s and %s is %s, but %s"
            .formatted(operation, left, of(leftShape), right, of(rightShape), rule));
  }
}
