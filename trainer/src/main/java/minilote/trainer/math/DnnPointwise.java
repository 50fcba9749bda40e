package minilote.trainer.math;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What oneDNN does number by number, or to the order of numbers. */
final class DnnPointwise {
  /** What is done. */
  private enum Kind {
    RELU,
    RELU_BACK,
    MULTIPLY,
    ADD,
    COPY,
    TRANSPOSE
  }

  /** A primitive for matrices of one shape. */
  private record Known(Kind kind, int rows, int m, int n, DnnPrimitive primitive) {}

  private final DnnContext context;
  private final List<Known> all = new ArrayList<>();
  private final long[] result = new long[1];

  DnnPointwise(DnnContext context) {
    this.context = context;
  }

  /** {@code x = max(s, 0)}; both may be the same. */
  void relu(int n, long s, long x) {
    primitive(Kind.RELU, 1, 1, n).at(0, s).at(1, x).run();
  }

  /** {@code δ ← 0} where {@code x} is not positive. */
  void reluBack(int n, long x, long delta) {
    primitive(Kind.RELU_BACK, 1, 1, n).at(0, x).at(1, delta).at(2, delta).run();
  }

  /** {@code c = a ⊙ b}. */
  void multiply(int n, long a, long b, long c) {
    primitive(Kind.MULTIPLY, 1, 1, n).at(0, a).at(1, b).at(2, c).run();
  }

  /** {@code c = a + b}. */
  void add(int n, long a, long b, long c) {
    primitive(Kind.ADD, 1, 1, n).at(0, a).at(1, b).at(2, c).run();
  }

  /** {@code y = x}. */
  void copy(int n, long x, long y) {
    primitive(Kind.COPY, 1, 1, n).at(0, x).at(1, y).run();
  }

  /** Of each row's m × n matrix, the n × m one. */
  void transpose(int rows, int m, int n, long from, long to) {
    primitive(Kind.TRANSPOSE, rows, m, n).at(0, from).at(1, to).run();
  }

  /** There are few, so they are looked through; a map would want a key made for each call. */
  private DnnPrimitive primitive(Kind kind, int rows, int m, int n) {
    for (int i = 0; i < all.size(); i++) {
      Known known = all.get(i);
      if (known.kind == kind && known.n == n && known.rows == rows && known.m == m) {
        return known.primitive;
      }
    }
    DnnPrimitive made =
        switch (kind) {
          case TRANSPOSE -> transposition(rows, m, n);
          case COPY -> copy(n);
          default -> make(kind, n);
        };
    all.add(new Known(kind, rows, m, n, made));
    return made;
  }

  private DnnPrimitive copy(int n) {
    long list = context.rowMajor(n);
    DnnPrimitive made = reorder(context, list, list);
    DnnContext.destroyDescriptions(list);
    return made;
  }

  private DnnPrimitive transposition(int rows, int m, int n) {
    long from = context.rowMajor(rows, m, n);
    long to = context.strided(new long[] {rows, m, n}, new long[] {(long) m * n, 1, m});
    DnnPrimitive made = reorder(context, from, to);
    DnnContext.destroyDescriptions(from, to);
    return made;
  }

  private DnnPrimitive make(Kind kind, int n) {
    long list = context.rowMajor(n);
    int[] arguments =
        switch (kind) {
          case RELU -> {
            result[0] = reluDescription(list, OneDnn.RELU);
            yield new int[] {OneDnn.ARG_SRC, OneDnn.ARG_DST};
          }
          case RELU_BACK -> {
            long forward = reluDescription(list, OneDnn.RELU_BACK_BY_OUTPUT);
            OneDnn.check(
                OneDnn.eltwiseBackwardPrimitiveDescCreate(
                    result,
                    context.engine(),
                    OneDnn.RELU_BACK_BY_OUTPUT,
                    list,
                    list,
                    list,
                    0,
                    0,
                    forward,
                    context.attributes()),
                "describing a derivative");
            DnnContext.destroyPrimitiveDescription(forward);
            yield new int[] {OneDnn.ARG_DST, OneDnn.ARG_DST_DELTA, OneDnn.ARG_SRC_DELTA};
          }
          default -> {
            OneDnn.check(
                OneDnn.binaryPrimitiveDescCreate(
                    result,
                    context.engine(),
                    kind == Kind.ADD ? OneDnn.ADD : OneDnn.MULTIPLY,
                    list,
                    list,
                    list,
                    context.attributes()),
                "describing a sum or product");
            yield new int[] {OneDnn.ARG_SRC, OneDnn.ARG_SRC_1, OneDnn.ARG_DST};
          }
        };
    DnnPrimitive made = context.primitive(result[0], arguments, new long[] {list, list, list});
    DnnContext.destroyDescriptions(list);
    return made;
  }

  private long reluDescription(long list, int algorithm) {
    OneDnn.check(
        OneDnn.eltwiseForwardPrimitiveDescCreate(
            result,
            context.engine(),
            OneDnn.FORWARD_TRAINING,
            algorithm,
            list,
            list,
            0,
            0,
            context.attributes()),
        "describing an activation");
    return result[0];
  }

  /** A primitive that copies from one order of numbers into another. */
  static DnnPrimitive reorder(DnnContext context, long from, long to) {
    long[] description = new long[1];
    OneDnn.check(
        OneDnn.reorderPrimitiveDescCreate(
            description, from, context.engine(), to, context.engine(), context.attributes()),
        "describing a change of order");
    return context.primitive(
        description[0], new int[] {OneDnn.ARG_SRC, OneDnn.ARG_DST}, new long[] {from, to});
  }

  /** The array, or a longer copy that has that index. */
  static <T> @Nullable T[] longEnough(@Nullable T[] array, int index) {
    return index < array.length ? array : Arrays.copyOf(array, index + 1);
  }

  static int[] first(int[] arguments, int count) {
    return Arrays.copyOf(arguments, count);
  }
}
