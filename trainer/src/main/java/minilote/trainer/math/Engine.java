package minilote.trainer.math;

import org.jspecify.annotations.Nullable;

/**
 * Memory for numbers, and the kernels that work on it: everything that layers, losses and gradients
 * are made of. Long, as it says what each of them computes.
 *
 * <p>Matrices are row-major and begin where their {@link Numbers} begin; one may be longer than the
 * matrix that a call works on, so that buffers made for many rows serve for fewer. Kernels take
 * their shapes with every call, allocate nothing, and yield the same bits for the same input
 * wherever it lies in memory.
 *
 * <p>Images are channels last; weights of a convolution are out × in × kh × kw wherever they are
 * kept, and an engine that prefers another order brings them into it by itself.
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
   * Zeros that are the caller's as much as the engine's: parameters and gradients, which others
   * read and change between two calls. Where the engine can, it works on the very array that {@link
   * #load} gives it, so that nothing of it is ever copied as a whole.
   */
  default Numbers share(int length) {
    return allocate(length);
  }

  /** {@link #load(Numbers, float[], int)} of all numbers. */
  default void load(Numbers whole, float[] values) {
    load(whole, values, values.length);
  }

  /**
   * Makes {@code values} the content of numbers that {@link #allocate} or {@link #share} returned,
   * of the same length. An engine that works on {@code float[]} keeps the array itself, without
   * copying: from then on kernels write into it, and what the caller writes into it kernels see.
   * Other engines copy.
   *
   * @param count how many of the first numbers are needed; the others may become anything
   */
  void load(Numbers whole, float[] values, int count);

  /**
   * The content of numbers that {@link #allocate} or {@link #share} returned: the array itself
   * where the engine works on {@code float[]}, otherwise an array with a copy, the same one at
   * every call.
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
   * {@code sums_j += Σ_i A_ij}.
   *
   * @param a rows × columns
   * @param sums columns, added to
   */
  default void addColumnSums(int rows, int columns, Numbers a, Numbers sums) {
    columnSums(rows, columns, a, true, sums);
  }

  /**
   * {@code sums_j = Σ_i A_ij} or {@code sums_j += Σ_i A_ij}.
   *
   * @param a rows × columns
   * @param add whether to what is in the sums
   * @param sums columns
   */
  void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums);

  // ---- elements

  /**
   * {@code c_i = a_i b_i}.
   *
   * @param a rows × columns
   * @param b rows × columns
   * @param c rows × columns, written; may be the same numbers as {@code a} or {@code b}
   */
  void multiplyElements(int rows, int columns, Numbers a, Numbers b, Numbers c);

  /**
   * {@code c_i = a_i + b_i}.
   *
   * @param a rows × columns
   * @param b rows × columns
   * @param c rows × columns, written; may be the same numbers as {@code a} or {@code b}
   */
  void addElements(int rows, int columns, Numbers a, Numbers b, Numbers c);

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

  // ---- images: rows × height × width × channels, with the channels of a pixel side by side

  /**
   * Makes ready for convolutions of that geometry, so that none of them allocates anything.
   *
   * @param rows the most that they will have
   */
  void prepare(Convolution convolution, int rows);

  /**
   * {@code s_o(p) = b_o + Σ_i Σ_q w_oiq x_i(p + q)}: at each window p, for each channel o of the
   * output, over the channels i of the input and the places q of the window that lie inside the
   * image.
   *
   * @param x rows × H × W × in
   * @param w out × in × kh × kw
   * @param b out; or null, for none
   * @param s rows × H' × W' × out, written
   */
  void convolve(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s);

  /**
   * {@link #convolve} and {@code max(s, 0)} of what that gives, in one pass over memory where the
   * engine can.
   *
   * @param x rows × H × W × in
   * @param w out × in × kh × kw
   * @param b out; or null, for none
   * @param s rows × H' × W' × out, written
   */
  default void convolveRelu(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    convolve(convolution, rows, x, w, b, s);
    int pixels = rows * convolution.window().windows();
    activate(ActivationFunction.RELU, 0, pixels, convolution.out(), s, s);
  }

  /**
   * The gradient of a convolution's parameters: {@code G_oiq = Σ_p x_i(p + q) δ_o(p)} and {@code
   * g_o = Σ_p δ_o(p)}, over all windows p of all rows.
   *
   * @param x rows × H × W × in
   * @param delta ∂e/∂s, rows × H' × W' × out
   * @param add whether to what is in the gradient
   * @param w out × in × kh × kw
   * @param b out; or null, for none
   */
  void convolutionGradient(
      Convolution convolution,
      int rows,
      Numbers x,
      Numbers delta,
      boolean add,
      Numbers w,
      @Nullable Numbers b);

  /**
   * Back through a convolution: {@code ∂e/∂x_i(r) = Σ_o Σ_q w_oiq δ_o(r − q)}, over the windows
   * that cover pixel r.
   *
   * @param delta ∂e/∂s, rows × H' × W' × out
   * @param w out × in × kh × kw
   * @param inputDelta ∂e/∂x, rows × H × W × in, written
   */
  void convolutionBack(
      Convolution convolution, int rows, Numbers delta, Numbers w, Numbers inputDelta);

  /**
   * Makes ready for pools of that geometry, so that none of them allocates anything.
   *
   * @param rows the most that they will have
   */
  void prepare(Window window, int channels, int rows);

  /**
   * The largest number of each window and channel; padding is never the largest.
   *
   * @param x rows × H × W × channels
   * @param y rows × H' × W' × channels, written
   * @param places as large as y, written: the engine's own notes for {@link #maxPoolBack} on which
   *     numbers were the largest, of equals the first by line and column
   */
  void maxPool(Window window, int channels, int rows, Numbers x, Numbers y, Numbers places);

  /**
   * Back through {@link #maxPool}: each derivative goes to the number that was the largest.
   *
   * @param delta ∂e/∂y, rows × H' × W' × channels
   * @param places as {@link #maxPool} left them
   * @param inputDelta ∂e/∂x, rows × H × W × channels, written
   */
  void maxPoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers places, Numbers inputDelta);

  /**
   * The mean of each window and channel over what lies inside the image: a sum that is divided by
   * how many numbers it has, which at the border are fewer.
   *
   * @param x rows × H × W × channels
   * @param y rows × H' × W' × channels, written
   */
  void averagePool(Window window, int channels, int rows, Numbers x, Numbers y);

  /**
   * Back through {@link #averagePool}.
   *
   * @param delta ∂e/∂y, rows × H' × W' × channels
   * @param inputDelta ∂e/∂x, rows × H × W × channels, written
   */
  void averagePoolBack(Window window, int channels, int rows, Numbers delta, Numbers inputDelta);

  /**
   * Transposes the matrix that each row is: an image's channels from first to last, or back.
   *
   * @param from rows × m × n
   * @param to rows × n × m, written; not the same numbers as {@code from}
   */
  void transpose(int rows, int m, int n, Numbers from, Numbers to);

  // ---- batch normalization: rows × pixels × channels, over ghosts of consecutive rows

  /**
   * Makes ready for batch normalization over such ghosts, so that none of it allocates anything.
   *
   * @param rows the most that there will be
   */
  void prepare(Ghosts ghosts, int rows);

  /**
   * {@code y = γ_c x̂ + β_c} with {@code x̂ = (x − μ_c) / √(σ²_c + ε)}, for each channel c of each
   * ghost with its own mean μ and variance σ² (the sum of squares by how many numbers there are).
   * Those of a ghost of a single row, also of an image, are the running ones. Ioffe and Szegedy,
   * <i>Batch normalization</i>, 2015, algorithm 1, over ghosts.
   *
   * @param epsilon ε
   * @param x rows × pixels × channels
   * @param gamma γ, channels
   * @param beta β, channels
   * @param runningMean channels
   * @param runningVariance channels
   * @param add whether to what is in the sums
   * @param meanSums channels: over the ghosts, the sum of each one's rows times its mean
   * @param varianceSums channels: over the ghosts, the sum of each one's rows times its variance,
   *     with the sum of squares by one less than there are numbers; the running one of a single row
   * @param means μ, ghosts × channels, written
   * @param inverses 1 / √(σ² + ε), ghosts × channels, written
   * @param y rows × pixels × channels, written
   */
  void normalize(
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
      Numbers y);

  /**
   * {@link #normalize} of all rows by one mean and variance.
   *
   * @param ghosts whose size does not matter
   * @param x rows × pixels × channels
   * @param gamma γ, channels
   * @param beta β, channels
   * @param mean channels
   * @param variance channels
   * @param y rows × pixels × channels, written
   */
  void normalizeByRunning(
      Ghosts ghosts,
      int rows,
      float epsilon,
      Numbers x,
      Numbers gamma,
      Numbers beta,
      Numbers mean,
      Numbers variance,
      Numbers y);

  /**
   * Back through {@link #normalize}: {@code g_γ = Σ δ x̂}, {@code g_β = Σ δ} over all rows, and
   * with the m numbers of a channel and ghost {@code ∂e/∂x = γ / √(σ² + ε) (δ − Σδ / m − x̂ Σδx̂ /
   * m)}; of a ghost of a single row, whose mean and variance are constants, the first term alone.
   *
   * @param x rows × pixels × channels
   * @param delta ∂e/∂y, rows × pixels × channels
   * @param gamma γ, channels
   * @param means as {@link #normalize} left them
   * @param inverses as {@link #normalize} left them
   * @param add whether to what is in the gradient
   * @param gammaGradient channels
   * @param betaGradient channels
   * @param inputDelta ∂e/∂x, rows × pixels × channels, written; null where nobody asks for it
   */
  void normalizeBack(
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
      @Nullable Numbers inputDelta);

  // ---- batch normalization of rows that are statistically one with others, which lie elsewhere

  /**
   * The moments of all rows, for others to be merged with: of each channel the mean, and the sum of
   * the squared differences to it.
   *
   * @param ghosts whose size does not matter
   * @param rows at least 1
   * @param x rows × pixels × channels
   * @param scratch rows × pixels × channels, which may become anything
   * @param moments 2 × channels, written: the means, then the sums of squares
   */
  void moments(Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments);

  /**
   * {@link #normalize} of all rows by the moments of more: what these are to be measured by.
   *
   * @param ghosts whose size does not matter
   * @param rows at least 1
   * @param x rows × pixels × channels
   * @param gamma γ, channels
   * @param beta β, channels
   * @param moments 2 × channels, of {@code numbers} numbers a channel, as {@link #moments} tells
   *     them
   * @param numbers more than 1
   * @param add whether to what is in the sums
   * @param meanSums channels: the rows times the mean
   * @param varianceSums channels: the rows times the variance, with the sum of squares by one less
   *     than there are numbers
   * @param means μ, channels, written
   * @param inverses 1 / √(σ² + ε), channels, written
   * @param y rows × pixels × channels, written
   */
  void normalizeByMoments(
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
      Numbers y);

  /**
   * The first part of the way back through {@link #normalizeByMoments}: {@code g_γ = Σ δ x̂},
   * {@code g_β = Σ δ} over all rows, also for others to be added to.
   *
   * @param ghosts whose size does not matter
   * @param rows at least 1
   * @param x rows × pixels × channels
   * @param delta ∂e/∂y, rows × pixels × channels
   * @param gamma γ, channels
   * @param means as {@link #normalizeByMoments} left them
   * @param inverses as {@link #normalizeByMoments} left them
   * @param add whether to what is in the gradient
   * @param gammaGradient channels
   * @param betaGradient channels
   * @param inputDelta rows × pixels × channels, written: the engine's own notes for {@link
   *     #normalizeBackBySums}; null where that will not follow
   * @param sums 2 × channels, written: Σ δ x̂, then Σ δ
   */
  void normalizeBackSums(
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
      double[] sums);

  /**
   * The second part of the way back: {@code ∂e/∂x = γ / √(σ² + ε) (δ − Σδ / m − x̂ Σδx̂ / m)}, with
   * the sums over all m numbers that the moments were of.
   *
   * @param ghosts whose size does not matter
   * @param rows at least 1
   * @param x rows × pixels × channels
   * @param delta ∂e/∂y, rows × pixels × channels
   * @param gamma γ, channels
   * @param means as {@link #normalizeByMoments} left them
   * @param inverses as {@link #normalizeByMoments} left them
   * @param sums 2 × channels, as {@link #normalizeBackSums} tells them
   * @param numbers m
   * @param inputDelta ∂e/∂x, rows × pixels × channels, as {@link #normalizeBackSums} left it;
   *     written
   */
  void normalizeBackBySums(
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers means,
      Numbers inverses,
      double[] sums,
      double numbers,
      Numbers inputDelta);

  /** Gives back what the engine holds outside Java's heap. */
  @Override
  default void close() {}
}
