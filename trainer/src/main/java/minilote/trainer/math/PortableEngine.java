package minilote.trainer.math;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.Objects;

/**
 * The engine on {@code float[]}: products by a BLAS, everything else in plain loops. Nothing is
 * copied at {@link #load} and {@link #values}.
 *
 * <p>BLAS counts columns first. Read so, a row-major matrix is its own transpose, so that {@code C
 * = A B} is asked for as {@code Cᵀ = Bᵀ Aᵀ}: the factors change places, and nothing is ever
 * transposed in memory.
 */
public final class PortableEngine implements Engine {
  private static final String AS_IT_LIES = "N";
  private static final String TRANSPOSED = "T";

  private final BLAS blas;
  private final FloatActivations activations = new FloatActivations();
  private final FloatColumnSums columnSums = new FloatColumnSums();
  private final FloatLosses losses = new FloatLosses(activations.functions());

  private PortableEngine(BLAS blas) {
    this.blas = blas;
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
  public void load(Numbers whole, float[] values) {
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

  /** {@code C = A B + beta C}. */
  private void addProduct(
      int rows,
      int inner,
      int columns,
      FloatNumbers a,
      FloatNumbers b,
      float beta,
      FloatNumbers c) {
    gemm(AS_IT_LIES, AS_IT_LIES, columns, rows, inner, b, columns, a, 0, inner, beta, c, 0);
  }

  @Override
  public void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    Shapes.require("transposedProduct", "A", a, rows, m);
    Shapes.require("transposedProduct", "B", b, rows, n);
    Shapes.require("transposedProduct", "C", c, m, n);
    Objects.checkFromIndexSize(first, count, m);
    float beta = add ? 1 : 0;
    gemm(
        AS_IT_LIES,
        TRANSPOSED,
        n,
        count,
        rows,
        mine(b),
        n,
        mine(a),
        first,
        m,
        beta,
        mine(c),
        first);
  }

  @Override
  public void multiplyByTransposed(
      int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Shapes.require("multiplyByTransposed", "A", a, rows, inner);
    Shapes.require("multiplyByTransposed", "B", b, columns, inner);
    Shapes.require("multiplyByTransposed", "C", c, rows, columns);
    gemm(
        TRANSPOSED,
        AS_IT_LIES,
        columns,
        rows,
        inner,
        mine(b),
        inner,
        mine(a),
        0,
        inner,
        0,
        mine(c),
        0);
  }

  /**
   * {@code C = op(A) op(B) + beta C} in columns: op(A) is m × k, op(B) k × n, C m × n.
   *
   * @param firstB how far into B's columns the part of it begins
   * @param firstC the first column of C
   */
  private void gemm(
      String transposeA,
      String transposeB,
      int m,
      int n,
      int k,
      FloatNumbers a,
      int columnA,
      FloatNumbers b,
      int firstB,
      int columnB,
      float beta,
      FloatNumbers c,
      int firstC) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) { // an empty sum; BLAS would refuse columns of no length
      if (beta == 0) {
        int at = c.offset() + firstC * m;
        Arrays.fill(c.array(), at, at + m * n, 0);
      }
      return;
    }
    blas.sgemm(
        transposeA,
        transposeB,
        m,
        n,
        k,
        1,
        a.array(),
        a.offset(),
        columnA,
        b.array(),
        b.offset() + firstB,
        columnB,
        beta,
        c.array(),
        c.offset() + firstC * m,
        m);
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

  private static FloatNumbers mine(Numbers numbers) {
    if (numbers instanceof FloatNumbers mine) {
      return mine;
    }
    throw new IllegalArgumentException("these numbers belong to another engine: " + numbers);
  }
}
