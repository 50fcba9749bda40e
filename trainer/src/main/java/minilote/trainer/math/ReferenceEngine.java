package minilote.trainer.math;

import java.util.Arrays;

/**
 * The definitions, in double precision and plain loops: what other engines, and the layers written
 * against them, are checked with. Slow, and not stable for large signals where the textbook's
 * formula is not.
 */
public final class ReferenceEngine implements Engine {
  /** A stretch of a {@code double[]}. */
  private static final class Doubles implements Numbers {
    private final double[] array;
    private final float[] copy; // what values() hands out
    private final int offset;
    private final int length;

    Doubles(double[] array, float[] copy, int offset, int length) {
      this.array = array;
      this.copy = copy;
      this.offset = offset;
      this.length = length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public Doubles slice(int from, int count) {
      Shapes.requireSlice(from, count, length);
      return new Doubles(array, copy, offset + from, count);
    }

    double get(int index) {
      return array[offset + index];
    }

    void set(int index, double value) {
      array[offset + index] = value;
    }

    void requireWhole(String method, int given) {
      Shapes.requireWhole(method, offset == 0 && length == array.length, length, given);
    }
  }

  private static Doubles mine(Numbers numbers) {
    if (numbers instanceof Doubles mine) {
      return mine;
    }
    throw new IllegalArgumentException("these numbers belong to another engine: " + numbers);
  }

  // ---- memory

  @Override
  public Numbers allocate(int length) {
    return new Doubles(new double[length], new float[length], 0, length);
  }

  @Override
  public void load(Numbers whole, float[] values) {
    Doubles to = mine(whole);
    to.requireWhole("load", values.length);
    for (int i = 0; i < values.length; i++) {
      to.array[i] = values[i];
    }
  }

  @Override
  public float[] values(Numbers whole) {
    Doubles from = mine(whole);
    from.requireWhole("values", from.length);
    for (int i = 0; i < from.length; i++) {
      from.copy[i] = (float) from.array[i];
    }
    return from.copy;
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
    Doubles x = mine(to);
    Arrays.fill(x.array, x.offset, x.offset + x.length, value);
  }

  @Override
  public void copy(Numbers from, Numbers to) {
    Doubles x = mine(from);
    Doubles y = mine(to);
    Shapes.require("copy", "the target", y, 1, x.length);
    System.arraycopy(x.array, x.offset, y.array, y.offset, x.length);
  }

  // ---- products

  @Override
  public void multiply(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    Doubles aa = mine(a);
    Doubles bb = mine(b);
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
    Doubles aa = mine(a);
    Doubles bb = mine(b);
    Doubles cc = mine(c);
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

  // ---- activations

  @Override
  public void activate(
      ActivationFunction function,
      float alpha,
      int rows,
      int units,
      Numbers signal,
      Numbers output) {
    Doubles s = mine(signal);
    Doubles x = mine(output);
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

  private static void softmax(Doubles s, Doubles x) {
    double sum = 0;
    for (int j = 0; j < s.length; j++) {
      sum += StrictMath.exp(s.get(j));
    }
    for (int j = 0; j < s.length; j++) {
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
    Doubles d = mine(delta);
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
  private static void multiplyByJacobian(Doubles x, Doubles delta) {
    double[] product = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      for (int k = 0; k < x.length; k++) {
        product[j] += delta.get(k) * x.get(k) * ((k == j ? 1 : 0) - x.get(j));
      }
    }
    for (int j = 0; j < x.length; j++) {
      delta.set(j, product[j]);
    }
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
      Doubles x = mine(output).slice(row * units, units);
      Doubles y = mine(target).slice(row * units, units);
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
      Doubles x = mine(output).slice(row * units, units);
      Doubles y = mine(target).slice(row * units, units);
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
  private static int argmax(Doubles row) {
    int best = 0;
    for (int j = 0; j < row.length; j++) {
      if (Double.isNaN(row.get(j))) {
        return -1;
      }
      best = row.get(j) > row.get(best) ? j : best;
    }
    return best;
  }

  private static boolean labelsAgree(Doubles x, Doubles y) {
    boolean agree = true;
    for (int j = 0; j < x.length; j++) {
      agree &= !Double.isNaN(x.get(j)) && (x.get(j) > 0.5) == (y.get(j) > 0.5);
    }
    return agree;
  }
}
