package minilote.trainer.math;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine on oneDNN: products, convolutions and pools by the library, on memory off the heap
 * that is kept between steps. Parameters and gradients stay in the Java arrays that the optimizer
 * and the exchange work on ({@link #share}), and pass through the core's cache piece by piece.
 * Losses, and activations other than relu, are the portable engine's: they are few numbers, and
 * their {@code exp} is the same on every machine.
 *
 * <p>Long, as it is the list of all kernels: each checks shapes and hands on to what does the work.
 *
 * <p>Where the library is not there, {@link OneDnnLibrary#report()} says why.
 */
public final class NativeEngine implements Engine {
  /** Numbers that pass through the heap at a time. */
  private static final int PART = 1 << 14;

  private final DnnContext context = new DnnContext();
  private final DnnProducts products = new DnnProducts(context);
  private final DnnConvolutions convolutions = new DnnConvolutions(context);
  private final DnnPools pools = new DnnPools(context);
  private final DnnPointwise pointwise = new DnnPointwise(context);
  private final DnnNormalization normalization = new DnnNormalization(context);
  private final FloatActivations activations = new FloatActivations();
  private final FloatLosses losses = new FloatLosses(activations.functions());
  private @Nullable Thread thread; // that was told to use one thread

  // What passes through the heap.
  private FloatNumbers signals = new FloatNumbers(new float[PART]);
  private FloatNumbers outputs = new FloatNumbers(new float[PART]);
  private FloatNumbers others = new FloatNumbers(new float[PART]);
  private FloatNumbers deltas = new FloatNumbers(new float[PART]);

  private NativeEngine() {}

  /**
   * An engine.
   *
   * @throws IllegalStateException where the library does not load
   */
  public static NativeEngine create() {
    OneDnnLibrary.Report report = OneDnnLibrary.report();
    if (!report.loads()) {
      throw new IllegalStateException(report.describe());
    }
    return new NativeEngine();
  }

  /** Bytes that all engines of this process hold outside the heap. */
  public static long bytesInUse() {
    return DnnContext.bytesInUse();
  }

  /** How many threads a product uses is each calling thread's own affair. */
  private void useOneThread() {
    Thread caller = Thread.currentThread();
    if (caller != thread) {
      if (OneDnnLibrary.useOneThread() != 1) {
        throw new IllegalStateException("OpenMP does not let products use one thread");
      }
      thread = caller;
    }
  }

  // ---- memory

  @Override
  public Numbers allocate(int length) {
    return context.allocate(length);
  }

  @Override
  public Numbers share(int length) {
    return new FloatNumbers(new float[length]);
  }

  @Override
  public void load(Numbers whole, float[] values, int count) {
    if (whole instanceof FloatNumbers on) {
      on.rebind(values);
      return;
    }
    NativeNumbers to = mine(whole);
    Shapes.requireWhole("load", to.whole(), to.length(), values.length);
    to.write(0, values, 0, count);
  }

  @Override
  public float[] values(Numbers whole) {
    if (whole instanceof FloatNumbers on) {
      Shapes.requireWhole("values", on.whole(), on.length(), on.length());
      return on.array();
    }
    NativeNumbers from = mine(whole);
    Shapes.requireWhole("values", from.whole(), from.length(), from.length());
    float[] values = from.copy();
    from.read(0, values, 0, from.length());
    return values;
  }

  @Override
  public void fill(Numbers to, float value) {
    if (to instanceof FloatNumbers on) {
      Arrays.fill(on.array(), on.offset(), on.offset() + on.length(), value);
      return;
    }
    NativeNumbers x = mine(to);
    float[] part = signals.array();
    Arrays.fill(part, value);
    for (int done = 0; done < x.length(); done += part.length) {
      x.write(done, part, 0, Math.min(part.length, x.length() - done));
    }
  }

  @Override
  public void copy(Numbers from, Numbers to) {
    int length = from.length();
    Shapes.require("copy", "the target", to, 1, length);
    if (length > 0 && from instanceof NativeNumbers x && to instanceof NativeNumbers y) {
      useOneThread();
      pointwise.copy(length, x.address(), y.address());
      return;
    }
    float[] part = signals.array();
    for (int done = 0; done < length; done += part.length) {
      int count = Math.min(part.length, length - done);
      read(from, done, part, count);
      write(part, to, done, count);
    }
  }

  static void read(Numbers from, int at, float[] to, int count) {
    if (from instanceof FloatNumbers on) {
      System.arraycopy(on.array(), on.offset() + at, to, 0, count);
    } else {
      mine(from).read(at, to, 0, count);
    }
  }

  static void write(float[] from, Numbers to, int at, int count) {
    if (to instanceof FloatNumbers on) {
      System.arraycopy(from, 0, on.array(), on.offset() + at, count);
    } else {
      mine(to).write(at, from, 0, count);
    }
  }

  // ---- products

  @Override
  public void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiply", "A", a, rows, inner);
    Shapes.require("multiply", "B", b, inner, columns);
    Shapes.require("multiply", "C", c, rows, columns);
    useOneThread();
    products.multiply(rows, inner, columns, a, b, false, c);
  }

  @Override
  public void affine(int rows, int in, int out, Numbers x, Numbers w, Numbers b, Numbers s) {
    Shapes.require("affine", "X", x, rows, in);
    Shapes.require("affine", "W", w, in, out);
    Shapes.require("affine", "b", b, 1, out);
    Shapes.require("affine", "S", s, rows, out);
    useOneThread();
    products.spread(rows, out, b, s);
    products.multiply(rows, in, out, x, w, true, s);
  }

  @Override
  public void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    Shapes.require("transposedProduct", "A", a, rows, m);
    Shapes.require("transposedProduct", "B", b, rows, n);
    Shapes.require("transposedProduct", "C", c, m, n);
    Objects.checkFromIndexSize(first, count, m);
    useOneThread();
    products.transposedProduct(rows, m, n, first, count, a, b, add, c);
  }

  @Override
  public void multiplyByTransposed(
      int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiplyByTransposed", "A", a, rows, inner);
    Shapes.require("multiplyByTransposed", "B", b, columns, inner);
    Shapes.require("multiplyByTransposed", "C", c, rows, columns);
    useOneThread();
    products.multiplyByTransposed(rows, inner, columns, a, b, c);
  }

  @Override
  public void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums) {
    Shapes.require("columnSums", "A", a, rows, columns);
    Shapes.require("columnSums", "the sums", sums, 1, columns);
    useOneThread();
    products.columnSums(rows, columns, a, add, sums);
  }

  // ---- activations

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
    if (rows == 0) {
      return;
    }
    if (function == ActivationFunction.RELU) {
      useOneThread();
      pointwise.relu(rows * units, mine(signal).address(), mine(output).address());
      return;
    }
    int most = partRows(units);
    for (int row = 0; row < rows; row += most) {
      int part = Math.min(most, rows - row);
      read(signal, row * units, signals.array(), part * units);
      activations.activate(function, alpha, part, units, signals, outputs);
      write(outputs.array(), output, row * units, part * units);
    }
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
    if (rows == 0 || function == ActivationFunction.LINEAR) {
      return;
    }
    if (function == ActivationFunction.RELU) {
      useOneThread();
      pointwise.reluBack(rows * units, mine(output).address(), mine(delta).address());
      return;
    }
    int most = partRows(units);
    for (int row = 0; row < rows; row += most) {
      int part = Math.min(most, rows - row);
      read(output, row * units, outputs.array(), part * units);
      read(delta, row * units, others.array(), part * units);
      activations.multiplyByDerivative(function, alpha, part, units, outputs, others);
      write(others.array(), delta, row * units, part * units);
    }
  }

  /** Rows that pass through the heap at a time. */
  private int partRows(int units) {
    if (units > signals.length()) {
      signals = new FloatNumbers(new float[units]);
      outputs = new FloatNumbers(new float[units]);
      others = new FloatNumbers(new float[units]);
      deltas = new FloatNumbers(new float[units]);
    }
    return signals.length() / Math.max(1, units);
  }

  // ---- losses

  @Override
  public double squaredError(
      float factor, int rows, int units, Numbers output, Numbers target, Numbers delta) {
    throughHeap("squaredError", rows, units, output, output, target, delta);
    double error = FloatLosses.squaredError(factor, rows * units, outputs, others, deltas);
    write(deltas.array(), delta, 0, rows * units);
    return error;
  }

  @Override
  public double binaryCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    throughHeap("binaryCrossEntropy", rows, units, signal, output, target, delta);
    double error = losses.binaryCrossEntropy(rows * units, signals, outputs, others, deltas);
    write(deltas.array(), delta, 0, rows * units);
    return error;
  }

  @Override
  public double categoricalCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    throughHeap("categoricalCrossEntropy", rows, units, signal, output, target, delta);
    double error =
        FloatLosses.categoricalCrossEntropy(rows, units, signals, outputs, others, deltas);
    write(deltas.array(), delta, 0, rows * units);
    return error;
  }

  private void throughHeap(
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
    int n = rows * units;
    partRows(n);
    read(signal, 0, signals.array(), n);
    read(output, 0, outputs.array(), n);
    read(target, 0, others.array(), n);
  }

  @Override
  public int correct(Correctness correctness, int rows, int units, Numbers output, Numbers target) {
    Shapes.require("correct", "the output", output, rows, units);
    Shapes.require("correct", "the target", target, rows, units);
    int n = rows * units;
    partRows(n);
    read(output, 0, outputs.array(), n);
    read(target, 0, others.array(), n);
    return FloatLosses.correct(correctness, rows, units, outputs, others);
  }

  // ---- images

  @Override
  public void prepare(Convolution convolution, int rows) {}

  @Override
  public void convolve(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    convolve(convolution, false, rows, x, w, b, s);
  }

  @Override
  public void convolveRelu(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    convolve(convolution, true, rows, x, w, b, s);
  }

  private void convolve(
      Convolution convolution,
      boolean relu,
      int rows,
      Numbers x,
      Numbers w,
      @Nullable Numbers b,
      Numbers s) {
    Shapes.require("convolve", convolution, rows, "x", x, "w", w, b, "s", s);
    if (rows > 0) {
      useOneThread();
      convolutions.convolve(convolution, relu, rows, mine(x).address(), w, b, mine(s).address());
    }
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
    Shapes.require(
        "convolutionGradient", convolution, rows, "x", x, "the gradient", w, b, "delta", delta);
    if (rows > 0) {
      useOneThread();
      convolutions.gradient(convolution, rows, mine(x).address(), mine(delta).address(), add, w, b);
    } else if (!add) {
      fill(w, 0);
      if (b != null) {
        fill(b, 0);
      }
    }
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
    if (rows > 0) {
      useOneThread();
      convolutions.back(convolution, rows, mine(delta).address(), w, mine(inputDelta).address());
    }
  }

  @Override
  public void prepare(Window window, int channels, int rows) {}

  @Override
  public void maxPool(Window window, int channels, int rows, Numbers x, Numbers y, Numbers places) {
    Shapes.require("maxPool", window, channels, rows, "x", x, "y", y);
    Shapes.require("maxPool", "the places", places, rows, window.windows() * channels);
    if (rows > 0) {
      useOneThread();
      pools.largest(window, channels, rows, mine(x).address(), mine(y).address(), mine(places));
    }
  }

  @Override
  public void maxPoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers places, Numbers inputDelta) {
    Shapes.require(
        "maxPoolBack", window, channels, rows, "the derivatives by x", inputDelta, "delta", delta);
    Shapes.require("maxPoolBack", "the places", places, rows, window.windows() * channels);
    if (rows > 0) {
      useOneThread();
      pools.largestBack(
          window, channels, rows, mine(delta).address(), mine(places), mine(inputDelta).address());
    }
  }

  @Override
  public void averagePool(Window window, int channels, int rows, Numbers x, Numbers y) {
    Shapes.require("averagePool", window, channels, rows, "x", x, "y", y);
    if (rows > 0) {
      useOneThread();
      pools.mean(window, channels, rows, mine(x).address(), mine(y).address());
    }
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
    if (rows > 0) {
      useOneThread();
      pools.meanBack(window, channels, rows, mine(delta).address(), mine(inputDelta).address());
    }
  }

  @Override
  public void transpose(int rows, int m, int n, Numbers from, Numbers to) {
    Shapes.require("transpose", "the matrix", from, rows, Math.multiplyExact(m, n));
    Shapes.require("transpose", "the transpose", to, rows, m * n);
    if (rows > 0) {
      useOneThread();
      pointwise.transpose(rows, m, n, mine(from).address(), mine(to).address());
    }
  }

  // ---- elements

  @Override
  public void multiplyElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiplyElements", "A", a, rows, columns);
    Shapes.require("multiplyElements", "B", b, rows, columns);
    Shapes.require("multiplyElements", "C", c, rows, columns);
    if (rows > 0) {
      useOneThread();
      pointwise.multiply(rows * columns, mine(a).address(), mine(b).address(), mine(c).address());
    }
  }

  @Override
  public void addElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("addElements", "A", a, rows, columns);
    Shapes.require("addElements", "B", b, rows, columns);
    Shapes.require("addElements", "C", c, rows, columns);
    if (rows > 0) {
      useOneThread();
      pointwise.add(rows * columns, mine(a).address(), mine(b).address(), mine(c).address());
    }
  }

  // ---- batch normalization

  @Override
  public void prepare(Ghosts ghosts, int rows) {}

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
    useOneThread();
    normalization.normalize(
        ghosts,
        rows,
        epsilon,
        mine(x),
        gamma,
        beta,
        runningMean,
        runningVariance,
        add,
        meanSums,
        varianceSums,
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
    if (rows > 0) {
      useOneThread();
      normalization.normalizeByRunning(
          ghosts, rows, epsilon, mine(x), gamma, beta, mean, variance, mine(y));
    }
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
    useOneThread();
    normalization.back(
        ghosts,
        rows,
        mine(x),
        mine(delta),
        gamma,
        mine(means),
        mine(inverses),
        add,
        gammaGradient,
        betaGradient,
        inputDelta == null ? null : mine(inputDelta));
  }

  @Override
  public void moments(Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments) {
    Shapes.requireMoments(ghosts, rows, x, scratch, moments);
    useOneThread();
    normalization.moments(ghosts, rows, mine(x), mine(scratch), moments);
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
    useOneThread();
    normalization.normalizeByMoments(
        ghosts,
        rows,
        epsilon,
        mine(x),
        gamma,
        beta,
        moments,
        numbers,
        add,
        meanSums,
        varianceSums,
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
    useOneThread();
    normalization.backSums(
        ghosts,
        rows,
        mine(x),
        mine(delta),
        gamma,
        mine(means),
        mine(inverses),
        add,
        gammaGradient,
        betaGradient,
        inputDelta == null ? null : mine(inputDelta),
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
    useOneThread();
    NativeNumbers shifted =
        normalization.backShift(
            ghosts, rows, mine(x), gamma, mine(means), mine(inverses), sums, numbers);
    long at = mine(inputDelta).address();
    pointwise.add(rows * ghosts.columns(), at, shifted.address(), at);
  }

  /** Numbers off the heap. */
  static NativeNumbers mine(Numbers numbers) {
    if (numbers instanceof NativeNumbers mine) {
      return mine;
    }
    throw new IllegalArgumentException(
        "these numbers belong to another engine, or are shared: " + numbers);
  }

  /** Numbers in a Java array. */
  static FloatNumbers shared(Numbers numbers) {
    if (numbers instanceof FloatNumbers shared) {
      return shared;
    }
    throw new IllegalArgumentException("these numbers belong to another engine: " + numbers);
  }

  @Override
  public void close() {
    context.close();
  }
}
