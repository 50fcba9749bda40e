package minilote.trainer.math;

/** An engine that tells a clock what it is doing: products, or the rest. */
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
  public void load(Numbers whole, float[] values) {
    engine.load(whole, values);
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
  public void close() {
    engine.close();
  }
}
