package minilote.trainer.math;

import org.jspecify.annotations.Nullable;

/**
 * The definitions, in double precision and plain loops: what other engines, and the layers written
 * against them, are checked with. Slow, and not stable for large signals where the textbook's
 * formula is not. Long because there are many.
 */
public final class ReferenceEngine implements Engine {
  private static DoubleNumbers mine(Numbers numbers) {
    if (numbers instanceof DoubleNumbers mine) {
      return mine;
    }
    throw new IllegalArgumentException("these numbers belong to another engine: " + numbers);
  }

  // ---- memory

  @Override
  public Numbers allocate(int length) {
    return new DoubleNumbers(length);
  }

  @Override
  public void load(Numbers whole, float[] values, int count) {
    DoubleNumbers to = mine(whole);
    to.requireWhole("load", values.length);
    for (int i = 0; i < count; i++) {
      to.set(i, values[i]);
    }
  }

  @Override
  public float[] values(Numbers whole) {
    DoubleNumbers from = mine(whole);
    from.requireWhole("values", from.length());
    return from.inFloats();
  }

  /** One of the numbers, in full precision. */
  public double get(Numbers numbers, int index) {
    return mine(numbers).get(index);
  }

  /** Changes one of the numbers. */
  public void set(Numbers numbers, int index, double value) {
    mine(numbers).set(index, value);
  }

  @Override
  public void fill(Numbers to, float value) {
    DoubleNumbers x = mine(to);
    for (int i = 0; i < x.length(); i++) {
      x.set(i, value);
    }
  }

  @Override
  public void copy(Numbers from, Numbers to) {
    DoubleNumbers x = mine(from);
    DoubleNumbers y = mine(to);
    Shapes.require("copy", "the target", y, 1, x.length());
    for (int i = 0; i < x.length(); i++) {
      y.set(i, x.get(i));
    }
  }

  // ---- products

  @Override
  public void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    DoubleNumbers aa = mine(a);
    DoubleNumbers bb = mine(b);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += aa.get(i * inner + k) * bb.get(k * columns + j);
        }
        mine(c).set(i * columns + j, sum);
      }
    }
  }

  @Override
  public void affine(int rows, int in, int out, Numbers x, Numbers w, Numbers b, Numbers s) {
    multiply(rows, in, out, x, w, s);
    for (int i = 0; i < rows * out; i++) {
      mine(s).set(i, mine(s).get(i) + mine(b).get(i % out));
    }
  }

  @Override
  public void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    DoubleNumbers aa = mine(a);
    DoubleNumbers bb = mine(b);
    DoubleNumbers cc = mine(c);
    for (int i = first; i < first + count; i++) {
      for (int j = 0; j < n; j++) {
        double sum = add ? cc.get(i * n + j) : 0;
        for (int row = 0; row < rows; row++) {
          sum += aa.get(row * m + i) * bb.get(row * n + j);
        }
        cc.set(i * n + j, sum);
      }
    }
  }

  @Override
  public void multiplyByTransposed(
      int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += mine(a).get(i * inner + k) * mine(b).get(j * inner + k);
        }
        mine(c).set(i * columns + j, sum);
      }
    }
  }

  @Override
  public void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums) {
    for (int j = 0; j < columns && !add; j++) {
      mine(sums).set(j, 0);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        mine(sums).set(j, mine(sums).get(j) + mine(a).get(i * columns + j));
      }
    }
  }

  // ---- elements

  @Override
  public void multiplyElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    for (int i = 0; i < rows * columns; i++) {
      mine(c).set(i, mine(a).get(i) * mine(b).get(i));
    }
  }

  @Override
  public void addElements(int rows, int columns, Numbers a, Numbers b, Numbers c) {
    for (int i = 0; i < rows * columns; i++) {
      mine(c).set(i, mine(a).get(i) + mine(b).get(i));
    }
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
    DoubleNumbers s = mine(signal);
    DoubleNumbers x = mine(output);
    if (function == ActivationFunction.SOFTMAX) {
      for (int row = 0; row < rows; row++) {
        softmax(s.slice(row * units, units), x.slice(row * units, units));
      }
      return;
    }
    for (int i = 0; i < rows * units; i++) {
      x.set(i, value(function, alpha, s.get(i)));
    }
  }

  private static double value(ActivationFunction function, double alpha, double s) {
    return switch (function) {
      case LINEAR -> s;
      case SIGMOID -> 1 / (1 + StrictMath.exp(-s));
      case TANH -> StrictMath.tanh(s);
      case RELU -> Math.max(s, 0);
      case ELU -> s > 0 ? s : alpha * StrictMath.expm1(s);
      case HEAVISIDE -> Double.isNaN(s) ? s : s >= 0 ? 1 : 0;
      case SIGN -> Double.isNaN(s) ? s : s >= 0 ? 1 : -1;
      case SOFTMAX -> throw new IllegalArgumentException("softmax is a function of a whole row");
    };
  }

  private static void softmax(DoubleNumbers s, DoubleNumbers x) {
    double sum = 0;
    for (int j = 0; j < s.length(); j++) {
      sum += StrictMath.exp(s.get(j));
    }
    for (int j = 0; j < s.length(); j++) {
      x.set(j, StrictMath.exp(s.get(j)) / sum);
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
    DoubleNumbers d = mine(delta);
    if (function == ActivationFunction.SOFTMAX) {
      for (int row = 0; row < rows; row++) {
        multiplyByJacobian(mine(output).slice(row * units, units), d.slice(row * units, units));
      }
      return;
    }
    for (int i = 0; i < rows * units; i++) {
      d.set(i, d.get(i) * derivative(function, alpha, mine(signal).get(i)));
    }
  }

  private static double derivative(ActivationFunction function, double alpha, double s) {
    return switch (function) {
      case LINEAR -> 1;
      case SIGMOID -> {
        double x = value(function, alpha, s);
        yield x * (1 - x);
      }
      case TANH -> 1 - StrictMath.tanh(s) * StrictMath.tanh(s);
      case RELU -> s > 0 ? 1 : 0;
      case ELU -> s > 0 ? 1 : alpha * StrictMath.exp(s);
      case HEAVISIDE, SIGN ->
          throw new IllegalArgumentException(function + " has no derivative to go back through");
      case SOFTMAX -> throw new IllegalArgumentException("softmax is a function of a whole row");
    };
  }

  /** {@code δ_j ← Σ_k δ_k ∂x_k/∂s_j} with {@code ∂x_k/∂s_j = x_k ([k = j] − x_j)}. */
  private static void multiplyByJacobian(DoubleNumbers x, DoubleNumbers delta) {
    double[] product = new double[x.length()];
    for (int j = 0; j < x.length(); j++) {
      for (int k = 0; k < x.length(); k++) {
        product[j] += delta.get(k) * x.get(k) * ((k == j ? 1 : 0) - x.get(j));
      }
    }
    for (int j = 0; j < x.length(); j++) {
      delta.set(j, product[j]);
    }
  }

  // ---- images

  @Override
  public void prepare(Convolution convolution, int rows) {}

  @Override
  public void convolve(
      Convolution convolution, int rows, Numbers x, Numbers w, @Nullable Numbers b, Numbers s) {
    ReferenceImages.convolve(
        convolution, rows, mine(x), mine(w), b == null ? null : mine(b), mine(s));
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
    ReferenceImages.convolutionGradient(
        convolution, rows, mine(x), mine(delta), add, mine(w), b == null ? null : mine(b));
  }

  @Override
  public void convolutionBack(
      Convolution convolution, int rows, Numbers delta, Numbers w, Numbers inputDelta) {
    ReferenceImages.convolutionBack(convolution, rows, mine(delta), mine(w), mine(inputDelta));
  }

  @Override
  public void prepare(Window window, int channels, int rows) {}

  @Override
  public void maxPool(Window window, int channels, int rows, Numbers x, Numbers y, Numbers places) {
    ReferenceImages.maxPool(window, channels, rows, mine(x), mine(y), mine(places));
  }

  @Override
  public void maxPoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers places, Numbers inputDelta) {
    ReferenceImages.maxPoolBack(
        window, channels, rows, mine(delta), mine(places), mine(inputDelta));
  }

  @Override
  public void averagePool(Window window, int channels, int rows, Numbers x, Numbers y) {
    ReferenceImages.averagePool(window, channels, rows, mine(x), mine(y));
  }

  @Override
  public void averagePoolBack(
      Window window, int channels, int rows, Numbers delta, Numbers inputDelta) {
    ReferenceImages.averagePoolBack(window, channels, rows, mine(delta), mine(inputDelta));
  }

  @Override
  public void transpose(int rows, int m, int n, Numbers from, Numbers to) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          mine(to).set((row * n + j) * m + i, mine(from).get((row * m + i) * n + j));
        }
      }
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
    ReferenceNormalization.normalize(
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
    ReferenceNormalization.byRunning(
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
    ReferenceNormalization.back(
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
        inputDelta == null ? null : mine(inputDelta));
  }

  @Override
  public void moments(Ghosts ghosts, int rows, Numbers x, Numbers scratch, double[] moments) {
    ReferenceNormalization.moments(ghosts, rows, mine(x), moments);
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
    ReferenceNormalization.byMoments(
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
    ReferenceNormalization.backSums(
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
    ReferenceNormalization.backBySums(
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

  // ---- losses

  @Override
  public double squaredError(
      float factor, int rows, int units, Numbers output, Numbers target, Numbers delta) {
    double sum = 0;
    for (int i = 0; i < rows * units; i++) {
      double difference = mine(output).get(i) - mine(target).get(i);
      sum += factor * difference * difference;
      mine(delta).set(i, 2 * factor * difference);
    }
    return sum;
  }

  @Override
  public double binaryCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    double sum = 0;
    for (int i = 0; i < rows * units; i++) {
      double x = mine(output).get(i);
      double y = mine(target).get(i);
      sum -= y * StrictMath.log(x) + (1 - y) * StrictMath.log(1 - x);
      mine(delta).set(i, x - y);
    }
    return sum;
  }

  @Override
  public double categoricalCrossEntropy(
      int rows, int units, Numbers signal, Numbers output, Numbers target, Numbers delta) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      DoubleNumbers x = mine(output).slice(row * units, units);
      DoubleNumbers y = mine(target).slice(row * units, units);
      double targets = 0;
      for (int j = 0; j < units; j++) {
        targets += y.get(j);
      }
      for (int j = 0; j < units; j++) {
        sum -= y.get(j) * StrictMath.log(x.get(j));
        mine(delta).set(row * units + j, x.get(j) * targets - y.get(j));
      }
    }
    return sum;
  }

  @Override
  public int correct(Correctness correctness, int rows, int units, Numbers output, Numbers target) {
    int correct = 0;
    for (int row = 0; row < rows; row++) {
      DoubleNumbers x = mine(output).slice(row * units, units);
      DoubleNumbers y = mine(target).slice(row * units, units);
      boolean right =
          switch (correctness) {
            case LARGEST_OUTPUT -> argmax(x) >= 0 && argmax(x) == argmax(y);
            case EVERY_LABEL -> labelsAgree(x, y);
            case NONE -> false;
          };
      correct += right ? 1 : 0;
    }
    return correct;
  }

  /** The first place of the largest, or −1 where there is a NaN. */
  private static int argmax(DoubleNumbers row) {
    int best = 0;
    for (int j = 0; j < row.length(); j++) {
      if (Double.isNaN(row.get(j))) {
        return -1;
      }
      best = row.get(j) > row.get(best) ? j : best;
    }
    return best;
  }

  private static boolean labelsAgree(DoubleNumbers x, DoubleNumbers y) {
    boolean agree = true;
    for (int j = 0; j < x.length(); j++) {
      agree &= !Double.isNaN(x.get(j)) && (x.get(j) > 0.5) == (y.get(j) > 0.5);
    }
    return agree;
  }
}
