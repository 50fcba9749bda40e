package minilote.trainer.math;

import org.jspecify.annotations.Nullable;

/** An engine that tells a clock what it is doing: products, pooling, or the rest. */
public final class TimedEngine implements Engine {
  private final Engine engine;
  private PhaseClock clock = PhaseClock.OFF;

  /**
   * Tells nobody yet.
   *
   * @param engine does the work
   */
  public TimedEngine(Engine engine) {
    this.engine = engine;
  }

  /** From now on, tells this clock, which must be of the thread that calls the kernels. */
  public void tell(PhaseClock clock) {
    this.clock = clock;
  }

  @Override
  public Numbers allocate(int length) {
    return engine.allocate(length);
  }

  @Override
  public Numbers share(int length) {
    return engine.share(length);
  }

  @Override
  public void load(Numbers whole, float[] values, int count) {
    engine.load(whole, values, count);
  }

  @Override
  public float[] values(Numbers whole) {
    return engine.values(whole);
  }

  @Override
  public void fill(Numbers to, float value) {
    engine.fill(to, value);
  }

  @Override
  public void copy(Numbers from, Numbers to) {
    engine.copy(from, to);
  }

  @Override
  public void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.multiply(rows, inner, columns, a, b, c);
    clock.to(before);
  }

  @Override
  public void affine(int rows, int in, int out, Numbers x, Numbers w, Numbers b, Numbers s) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.affine(rows, in, out, x, w, b, s);
    clock.to(before);
  }

  @Override
  public void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.transposedProduct(rows, m, n, first, count, a, b, add, c);
    clock.to(before);
  }

  @Override
  public void multiplyByTransposed(
      int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.multiplyByTransposed(rows, inner, columns, a, b, c);
    clock.to(before);
  }

  @Override
  public void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.columnSums(rows, columns, a, add, sums);
    clock.to(before);
  }

  @Override
  public void multiplyElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.multiplyElements(rows, columns, a, b, c);
    clock.to(before);
  }

  @Override
  public void addElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.addElements(rows, columns, a, b, c);
    clock.to(before);
  }

  @Override
  public void activate(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.activate(function, alpha, rows, units, signal, output);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.multiplyByDerivative(function, alpha, rows, units, signal, output, delta);
    clock.to(before);
  }

  @Override
  public double squaredError(
      float factor, int rows, int units, Numbers output, Numbers target, Numbers delta) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    double error = engine.squaredError(factor, rows, units, output, target, delta);
    clock.to(before);
    return error;
  }

  @Override
  public double binaryCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    double error = engine.binaryCrossEntropy(rows, units, signal, output, target, delta);
    clock.to(before);
    return error;
  }

  @Override
  public double categoricalCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    double error = engine.categoricalCrossEntropy(rows, units, signal, output, target, delta);
    clock.to(before);
    return error;
  }

  @Override
  public int correct(Correctness correctness, int rows, int units, Numbers output, Numbers target) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    int correct = engine.correct(correctness, rows, units, output, target);
    clock.to(before);
    return correct;
  }

  @Override
  public void prepare(Convolution convolution, int rows) {
    engine.prepare(convolution, rows);
  }

  @Override
  public void convolve(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.convolve(convolution, rows, x, w, b, s);
    clock.to(before);
  }

  @Override
  public void convolveRelu(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.convolveRelu(convolution, rows, x, w, b, s);
    clock.to(before);
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
    Phase before = clock.to(Phase.PRODUCTS);
    engine.convolutionGradient(convolution, rows, x, delta, add, w, b);
    clock.to(before);
  }

  @Override
  public void convolutionBack(
      Convolution convolution, int rows, Numbers delta, Numbers w, Numbers inputDelta) {
    Phase before = clock.to(Phase.PRODUCTS);
    engine.convolutionBack(convolution, rows, delta, w, inputDelta);
    clock.to(before);
  }

  @Override
  public void prepare(Window window, int channels, int rows) {
    engine.prepare(window, channels, rows);
  }

  @Override
  public void maxPool(Window window, int channels, int rows, Numbers x, Numbers y, Numbers places) {
    Phase before = clock.to(Phase.POOLING);
    engine.maxPool(window, channels, rows, x, y, places);
    clock.to(before);
  }

  @Override
  public void maxPoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers places, Numbers inputDelta) {
    Phase before = clock.to(Phase.POOLING);
    engine.maxPoolBack(window, channels, rows, delta, places, inputDelta);
    clock.to(before);
  }

  @Override
  public void averagePool(Window window, int channels, int rows, Numbers x, Numbers y) {
    Phase before = clock.to(Phase.POOLING);
    engine.averagePool(window, channels, rows, x, y);
    clock.to(before);
  }

  @Override
  public void averagePoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers inputDelta) {
    Phase before = clock.to(Phase.POOLING);
    engine.averagePoolBack(window, channels, rows, delta, inputDelta);
    clock.to(before);
  }

  @Override
  public void transpose(int rows, int m, int n, Numbers from, Numbers to) {
    Phase before = clock.to(Phase.POOLING);
    engine.transpose(rows, m, n, from, to);
    clock.to(before);
  }

  @Override
  public void prepare(Ghosts ghosts, int rows) {
    engine.prepare(ghosts, rows);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalize(
        ghosts,
        rows,
        epsilon,
        x,
        gamma,
        beta,
        runningMean,
        runningVariance,
        add,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalizeByRunning(ghosts, rows, epsilon, x, gamma, beta, mean, variance, y);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalizeBack(
        ghosts,
        rows,
        x,
        delta,
        gamma,
        means,
        inverses,
        add,
        gammaGradient,
        betaGradient,
        inputDelta);
    clock.to(before);
  }

  @Override
  public void moments(Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments) {
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.moments(ghosts, rows, x, scratch, moments);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalizeByMoments(
        ghosts,
        rows,
        epsilon,
        x,
        gamma,
        beta,
        moments,
        numbers,
        add,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalizeBackSums(
        ghosts,
        rows,
        x,
        delta,
        gamma,
        means,
        inverses,
        add,
        gammaGradient,
        betaGradient,
        inputDelta,
        sums);
    clock.to(before);
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
    Phase before = clock.to(Phase.ACTIVATIONS);
    engine.normalizeBackBySums(
        ghosts, rows, x, delta, gamma, means, inverses, sums, numbers, inputDelta);
    clock.to(before);
  }

  @Override
  public void close() {
    engine.close();
  }
}
