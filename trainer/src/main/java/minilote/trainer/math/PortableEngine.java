package minilote.trainer.math;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine on {@code float[]}: products by a BLAS, everything else in plain loops. Nothing is
 * copied at {@link #load} and {@link #values}.
 *
 * <p>Long because there are many kernels: each is checked here, and computed elsewhere.
 */
public final class PortableEngine implements Engine {
  private final FloatProducts products;
  private final FloatConvolutions convolutions;
  private final FloatPools pools = new FloatPools();
  private final FloatActivations activations = new FloatActivations();
  private final FloatColumnSums columnSums = new FloatColumnSums();
  private final FloatRuns runs = new FloatRuns();
  private final FloatNormalization normalization = new FloatNormalization();
  private final FloatLosses losses = new FloatLosses(activations.functions());

  private PortableEngine(BLAS blas) {
    this.products = new FloatProducts(blas);
    this.convolutions = new FloatConvolutions(products);
  }

  /** An engine on the BLAS of this machine, {@link NativeBlas#blas()}. */
  public static PortableEngine create() {
    return on(NativeBlas.blas());
  }

  /** An engine on that BLAS. */
  public static PortableEngine on(BLAS blas) {
    return new PortableEngine(blas);
  }

  @Override
  public Numbers allocate(int length) {
    return new FloatNumbers(new float[length]);
  }

  @Override
  public void load(Numbers whole, float[] values, int count) {
    mine(whole).rebind(values);
  }

  @Override
  public float[] values(Numbers whole) {
    FloatNumbers numbers = mine(whole);
    Shapes.requireWhole("values", numbers.whole(), numbers.length(), numbers.length());
    return numbers.array();
  }

  @Override
  public void fill(Numbers to, float value) {
    FloatNumbers x = mine(to);
    Arrays.fill(x.array(), x.offset(), x.offset() + x.length(), value);
  }

  @Override
  public void copy(Numbers from, Numbers to) {
    FloatNumbers x = mine(from);
    FloatNumbers y = mine(to);
    Shapes.require("copy", "the target", y, 1, x.length());
    System.arraycopy(x.array(), x.offset(), y.array(), y.offset(), x.length());
  }

  @Override
  public void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiply", "A", a, rows, inner);
    Shapes.require("multiply", "B", b, inner, columns);
    Shapes.require("multiply", "C", c, rows, columns);
    addProduct(rows, inner, columns, mine(a), mine(b), 0, mine(c));
  }

  private void addProduct(
      int rows,
      int inner,
      int columns,
      FloatNumbers a,
      FloatNumbers b,
      float beta,
      FloatNumbers c) {
    products.multiply(
        rows,
        inner,
        columns,
        a.array(),
        a.offset(),
        b.array(),
        b.offset(),
        beta,
        c.array(),
        c.offset());
  }

  @Override
  public void affine(int rows, int in, int out, Numbers x, Numbers w, Numbers b, Numbers s) {
    Shapes.require("affine", "X", x, rows, in);
    Shapes.require("affine", "W", w, in, out);
    Shapes.require("affine", "b", b, 1, out);
    Shapes.require("affine", "S", s, rows, out);
    FloatNumbers bias = mine(b);
    FloatNumbers signal = mine(s);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(
          bias.array(), bias.offset(), signal.array(), signal.offset() + row * out, out);
    }
    addProduct(rows, in, out, mine(x), mine(w), 1, signal);
  }

  @Override
  public void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    Shapes.require("transposedProduct", "A", a, rows, m);
    Shapes.require("transposedProduct", "B", b, rows, n);
    Shapes.require("transposedProduct", "C", c, m, n);
    Objects.checkFromIndexSize(first, count, m);
    FloatNumbers x = mine(a);
    FloatNumbers y = mine(b);
    FloatNumbers sums = mine(c);
    products.transposedProduct(
        rows,
        m,
        count,
        n,
        x.array(),
        x.offset() + first,
        y.array(),
        y.offset(),
        add ? 1 : 0,
        sums.array(),
        sums.offset() + first * n);
  }

  @Override
  public void multiplyByTransposed(
      int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiplyByTransposed", "A", a, rows, inner);
    Shapes.require("multiplyByTransposed", "B", b, columns, inner);
    Shapes.require("multiplyByTransposed", "C", c, rows, columns);
    FloatNumbers x = mine(a);
    FloatNumbers y = mine(b);
    FloatNumbers product = mine(c);
    products.multiplyByTransposed(
        rows,
        inner,
        columns,
        x.array(),
        x.offset(),
        y.array(),
        y.offset(),
        0,
        product.array(),
        product.offset());
  }

  @Override
  public void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums) {
    Shapes.require("columnSums", "A", a, rows, columns);
    Shapes.require("columnSums", "the sums", sums, 1, columns);
    if (!add) {
      int from = mine(sums).offset();
      Arrays.fill(mine(sums).array(), from, from + columns, 0);
    }
    columnSums.add(rows, columns, mine(a), mine(sums));
  }

  @Override
  public void multiplyElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiplyElements", "A", a, rows, columns);
    Shapes.require("multiplyElements", "B", b, rows, columns);
    Shapes.require("multiplyElements", "C", c, rows, columns);
    runs.multiply(mine(a), mine(b), mine(c), rows * columns);
  }

  @Override
  public void addElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("addElements", "A", a, rows, columns);
    Shapes.require("addElements", "B", b, rows, columns);
    Shapes.require("addElements", "C", c, rows, columns);
    runs.add(mine(a), mine(b), mine(c), rows * columns);
  }

  @Override
  public void activate(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output) {
    Shapes.require("activate", "the signal", signal, rows, units);
    Shapes.require("activate", "the output", output, rows, units);
    activations.activate(function, alpha, rows, units, mine(signal), mine(output));
  }

  @Override
  public void multiplyByDerivative(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output,
      Numbers delta) {
    Shapes.require("multiplyByDerivative", "the signal", signal, rows, units);
    Shapes.require("multiplyByDerivative", "the output", output, rows, units);
    Shapes.require("multiplyByDerivative", "delta", delta, rows, units);
    activations.multiplyByDerivative(function, alpha, rows, units, mine(output), mine(delta));
  }

  @Override
  public double squaredError(
      float factor, int rows, int units, Numbers output, Numbers target, Numbers delta) {
    requireLoss("squaredError", rows, units, output, output, target, delta);
    return FloatLosses.squaredError(factor, rows * units, mine(output), mine(target), mine(delta));
  }

  @Override
  public double binaryCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    requireLoss("binaryCrossEntropy", rows, units, signal, output, target, delta);
    return losses.binaryCrossEntropy(
        rows * units, mine(signal), mine(output), mine(target), mine(delta));
  }

  @Override
  public double categoricalCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    requireLoss("categoricalCrossEntropy", rows, units, signal, output, target, delta);
    return FloatLosses.categoricalCrossEntropy(
        rows, units, mine(signal), mine(output), mine(target), mine(delta));
  }

  private static void requireLoss(
      String kernel,
      int rows,
      int units,
      Numbers signal,
      Numbers output,
      Numbers target,
      Numbers delta) {
    Shapes.require(kernel, "the signal", signal, rows, units);
    Shapes.require(kernel, "the output", output, rows, units);
    Shapes.require(kernel, "the target", target, rows, units);
    Shapes.require(kernel, "delta", delta, rows, units);
  }

  @Override
  public int correct(Correctness correctness, int rows, int units, Numbers output, Numbers target) {
    Shapes.require("correct", "the output", output, rows, units);
    Shapes.require("correct", "the target", target, rows, units);
    return FloatLosses.correct(correctness, rows, units, mine(output), mine(target));
  }

  // ---- images

  @Override
  public void prepare(Convolution convolution, int rows) {
    convolutions.prepare(convolution);
  }

  @Override
  public void convolve(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    Shapes.require("convolve", convolution, rows, "x", x, "w", w, b, "s", s);
    convolutions.convolve(convolution, rows, mine(x), mine(w), mineOrNone(b), mine(s));
  }

  @Override
  public void convolutionGradient(
      Convolution convolution,
      int rows,
      Numbers x,
      Numbers delta,
      boolean add,
      Numbers w,
      @Nullable Numbers b) {
    Shapes.require("convolutionGradient", convolution, rows, "x", x, "G", w, b, "delta", delta);
    convolutions.gradient(convolution, rows, mine(x), mine(delta), add, mine(w), mineOrNone(b));
  }

  @Override
  public void convolutionBack(
      Convolution convolution, int rows, Numbers delta, Numbers w, Numbers inputDelta) {
    Shapes.require(
        "convolutionBack",
        convolution,
        rows,
        "the derivatives by x",
        inputDelta,
        "w",
        w,
        null,
        "delta",
        delta);
    convolutions.back(convolution, rows, mine(delta), mine(w), mine(inputDelta));
  }

  @Override
  public void prepare(Window window, int channels, int rows) {
    pools.prepare(window, channels);
  }

  @Override
  public void maxPool(Window window, int channels, int rows, Numbers x, Numbers y, Numbers places) {
    Shapes.require("maxPool", window, channels, rows, "x", x, "y", y);
    Shapes.require("maxPool", "the places", places, rows, window.windows() * channels);
    pools.largest(window, channels, rows, mine(x), mine(y), mine(places));
  }

  @Override
  public void maxPoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers places, Numbers inputDelta) {
    Shapes.require(
        "maxPoolBack", window, channels, rows, "the derivatives by x", inputDelta, "delta", delta);
    Shapes.require("maxPoolBack", "the places", places, rows, window.windows() * channels);
    pools.largestBack(window, channels, rows, mine(delta), mine(places), mine(inputDelta));
  }

  @Override
  public void averagePool(Window window, int channels, int rows, Numbers x, Numbers y) {
    Shapes.require("averagePool", window, channels, rows, "x", x, "y", y);
    pools.mean(window, channels, rows, mine(x), mine(y));
  }

  @Override
  public void averagePoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers inputDelta) {
    Shapes.require(
        "averagePoolBack",
        window,
        channels,
        rows,
        "the derivatives by x",
        inputDelta,
        "delta",
        delta);
    pools.meanBack(window, channels, rows, mine(delta), mine(inputDelta));
  }

  @Override
  public void transpose(int rows, int m, int n, Numbers from, Numbers to) {
    Shapes.require("transpose", "the matrix", from, rows, Math.multiplyExact(m, n));
    Shapes.require("transpose", "the transpose", to, rows, m * n);
    FloatTransposition.transpose(rows, m, n, mine(from), mine(to));
  }

  // ---- batch normalization

  @Override
  public void prepare(Ghosts ghosts, int rows) {
    normalization.prepare(ghosts);
  }

  @Override
  public void normalize(
      Ghosts ghosts,
      int rows,
      float epsilon,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      Numbers runningMean,
      Numbers runningVariance,
      boolean add,
      Numbers meanSums,
      Numbers varianceSums,
      Numbers means,
      Numbers inverses,
      Numbers y) {
    Shapes.requireNormalize(
        ghosts,
        rows,
        x,
        gamma,
        beta,
        runningMean,
        runningVariance,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    normalization.forward(
        ghosts,
        rows,
        epsilon,
        mine(x),
        mine(gamma),
        mine(beta),
        mine(runningMean),
        mine(runningVariance),
        add,
        mine(meanSums),
        mine(varianceSums),
        mine(means),
        mine(inverses),
        mine(y));
  }

  @Override
  public void normalizeByRunning(
      Ghosts ghosts,
      int rows,
      float epsilon,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      Numbers mean,
      Numbers variance,
      Numbers y) {
    Shapes.requireNormalizeByRunning(ghosts, rows, x, gamma, beta, mean, variance, y);
    normalization.byRunning(
        ghosts,
        rows,
        epsilon,
        mine(x),
        mine(gamma),
        mine(beta),
        mine(mean),
        mine(variance),
        mine(y));
  }

  @Override
  public void normalizeBack(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      boolean add,
      Numbers gammaGradient,
      Numbers betaGradient,
      @Nullable Numbers inputDelta) {
    Shapes.requireNormalizeBack(
        ghosts, rows, x, delta, gamma, means, inverses, gammaGradient, betaGradient, inputDelta);
    normalization.back(
        ghosts,
        rows,
        mine(x),
        mine(delta),
        mine(gamma),
        mine(means),
        mine(inverses),
        add,
        mine(gammaGradient),
        mine(betaGradient),
        mineOrNone(inputDelta));
  }

  @Override
  public void moments(Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments) {
    Shapes.requireMoments(ghosts, rows, x, scratch, moments);
    normalization.moments(ghosts, rows, mine(x), moments);
  }

  @Override
  public void normalizeByMoments(
      Ghosts ghosts,
      int rows,
      float epsilon,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      double[] moments,
      double numbers,
      boolean add,
      Numbers meanSums,
      Numbers varianceSums,
      Numbers means,
      Numbers inverses,
      Numbers y) {
    Shapes.requireNormalizeByMoments(
        ghosts, rows, x, gamma, beta, moments, meanSums, varianceSums, means, inverses, y);
    normalization.byMoments(
        ghosts,
        rows,
        epsilon,
        mine(x),
        mine(gamma),
        mine(beta),
        moments,
        numbers,
        add,
        mine(meanSums),
        mine(varianceSums),
        mine(means),
        mine(inverses),
        mine(y));
  }

  @Override
  public void normalizeBackSums(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      boolean add,
      Numbers gammaGradient,
      Numbers betaGradient,
      @Nullable Numbers inputDelta,
      double[] sums) {
    Shapes.requireNormalizeBackBySums(
        ghosts, rows, x, delta, gamma, means, inverses, sums, inputDelta);
    normalization.backSums(
        ghosts,
        rows,
        mine(x),
        mine(delta),
        mine(means),
        mine(inverses),
        add,
        mine(gammaGradient),
        mine(betaGradient),
        sums);
  }

  @Override
  public void normalizeBackBySums(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      double[] sums,
      double numbers,
      Numbers inputDelta) {
    Shapes.requireNormalizeBackBySums(
        ghosts, rows, x, delta, gamma, means, inverses, sums, inputDelta);
    normalization.backBySums(
        ghosts,
        rows,
        mine(x),
        mine(delta),
        mine(gamma),
        mine(means),
        mine(inverses),
        sums,
        numbers,
        mine(inputDelta));
  }

  private static @Nullable FloatNumbers mineOrNone(@Nullable Numbers numbers) {
    return numbers == null ? null : mine(numbers);
  }

  private static FloatNumbers mine(Numbers numbers) {
    if (numbers instanceof FloatNumbers mine) {
      return mine;
    }
    throw new IllegalArgumentException("these numbers belong to another engine: " + numbers);
  }
}
