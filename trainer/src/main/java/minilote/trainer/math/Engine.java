package minilote.trainer.math;

/**
 * Memory for numbers, and the kernels that work on it: everything that layers, losses and gradients
 * are made of.
 *
 * <p>Matrices are row-major and begin where their {@link Numbers} begin; one may be longer than the
 * matrix that a call works on, so that buffers made for many rows serve for fewer. Kernels take
 * their shapes with every call, allocate nothing, and yield the same bits for the same input
 * wherever it lies in memory.
 *
 * <p>An engine and its numbers belong to one thread at a time. Numbers of one engine mean nothing
 * to another.
 *
 * <p>All kernels throw {@link IllegalArgumentException} when a matrix does not fit into its
 * numbers.
 */
public interface Engine extends AutoCloseable {

  // ---- memory

  /** {@code length} zeros. */
  Numbers allocate(int length);

  /**
   * Makes {@code values} the content of numbers that {@link #allocate} returned, of the same
   * length. An engine that works on {@code float[]} keeps the array itself, without copying: from
   * then on kernels write into it, and what the caller writes into it kernels see. Other engines
   * copy.
   */
  void load(Numbers whole, float[] values);

  /**
   * The content of numbers that {@link #allocate} returned: the array itself where the engine works
   * on {@code float[]}, otherwise an array with a copy, the same one at every call.
   */
  float[] values(Numbers whole);

  /** Sets all of {@code to} to {@code value}. */
  void fill(Numbers to, float value);

  /** Copies all of {@code from} to the beginning of {@code to}. */
  void copy(Numbers from, Numbers to);

  // ---- products

  /**
   * {@code C = A B}.
   *
   * @param a rows × inner
   * @param b inner × columns
   * @param c rows × columns, written
   */
  void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c);

  /**
   * The signals of a dense layer: {@code S = X W + 1 bᵀ}.
   *
   * @param x rows × in
   * @param w in × out
   * @param b out, added to every row
   * @param s rows × out, written
   */
  void affine(int rows, int in, int out, Numbers x, Numbers w, Numbers b, Numbers s);

  /**
   * {@code C += Aᵀ B}: a sum over rows, as of the gradients of the weights.
   *
   * @param a rows × m
   * @param b rows × n
   * @param c m × n, added to
   */
  default void addTransposedProduct(int rows, int m, int n, Numbers a, Numbers b, Numbers c) {
    transposedProduct(rows, m, n, 0, m, a, b, true, c);
  }

  /**
   * Some rows of {@code C = Aᵀ B} or of {@code C += Aᵀ B}.
   *
   * @param first the first row of C that is concerned
   * @param count how many are
   * @param a rows × m
   * @param b rows × n
   * @param add whether the product is added to what is in C
   * @param c m × n
   */
  void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c);

  /**
   * {@code C = A Bᵀ}.
   *
   * @param a rows × inner
   * @param b columns × inner
   * @param c rows × columns, written
   */
  void multiplyByTransposed(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c);

  /**
   * {@code sums_j += Σ_i A_ij}, rows in their order.
   *
   * @param a rows × columns
   * @param sums columns, added to
   */
  default void addColumnSums(int rows, int columns, Numbers a, Numbers sums) {
    columnSums(rows, columns, a, true, sums);
  }

  /**
   * {@code sums_j = Σ_i A_ij} or {@code sums_j += Σ_i A_ij}, rows in their order.
   *
   * @param a rows × columns
   * @param add whether to what is in the sums
   * @param sums columns
   */
  void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums);

  // ---- activations

  /**
   * {@code x = θ(s)}.
   *
   * @param alpha the parameter of {@link ActivationFunction#ELU}; others ignore it
   * @param signal s, rows × units
   * @param output x, rows × units, written; may be the same numbers as {@code signal}
   */
  void activate(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output);

  /**
   * {@code δ ← θ'(s) ⊙ δ}: from the derivatives by the outputs to those by the signals. For
   * softmax, whose outputs depend on all signals of the row, {@code δ ← Jᵀδ} with its Jacobian.
   *
   * @param signal s, rows × units
   * @param output x = θ(s), rows × units
   * @param delta rows × units, changed
   * @throws IllegalArgumentException if the function is not differentiable
   */
  void multiplyByDerivative(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output,
      Numbers delta);

  // ---- losses: sums over rows and units, never divided by a count

  /**
   * {@code e = factor Σ (x − y)²} and {@code ∂e/∂x = 2 factor (x − y)}.
   *
   * @param output x, rows × units
   * @param target y, rows × units
   * @param delta ∂e/∂x, rows × units, written
   * @return e
   */
  double squaredError(
      float factor, int rows, int units, Numbers output, Numbers target, Numbers delta);

  /**
   * Binary cross-entropy of sigmoid units, {@code e = −Σ (y ln x + (1−y) ln(1−x))} with {@code x =
   * σ(s)}, computed from the signals so that no logarithm of 0 arises, and {@code ∂e/∂s = x − y}.
   *
   * @param signal s, rows × units
   * @param output x, rows × units
   * @param target y, rows × units, each in 0..1
   * @param delta ∂e/∂s, rows × units, written
   * @return e
   */
  double binaryCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta);

  /**
   * Categorical cross-entropy of a softmax, {@code e = −Σ y ln x} with {@code x = softmax(s)},
   * computed from the signals as {@code Σ y (ln Σ_k e^{s_k} − s)} without overflow, and {@code
   * ∂e/∂s = x Σ_k y_k − y}, which is {@code x − y} for targets that sum to 1.
   *
   * @param signal s, rows × units
   * @param output x, rows × units
   * @param target y, rows × units, each in 0..1
   * @param delta ∂e/∂s, rows × units, written
   * @return e
   */
  double categoricalCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta);

  /**
   * How many rows are correct.
   *
   * @param output rows × units
   * @param target rows × units
   */
  int correct(Correctness correctness, int rows, int units, Numbers output, Numbers target);

  /** Gives back what the engine holds outside Java's heap. */
  @Override
  default void close() {}
}
