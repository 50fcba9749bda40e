package minilote.trainer.math;

import com.sun.jna.Pointer;
import java.util.Arrays;

/**
 * Products of row-major matrices by oneDNN's {@code sgemm}. Weights and their gradients may lie in
 * Java arrays: they pass through the core's cache piece by piece.
 */
final class DnnProducts {
  /** Numbers of a matrix in a Java array that are multiplied at a time: half a megabyte. */
  private static final int PIECE = 1 << 17;

  private static final byte AS_IT_LIES = 'N';
  private static final byte TRANSPOSED = 'T';

  private final DnnContext context;
  private final DnnOperand left;
  private final DnnOperand right;
  private final DnnOperand result;
  private NativeNumbers ones;

  DnnProducts(DnnContext context) {
    this.context = context;
    this.left = new DnnOperand(context);
    this.right = new DnnOperand(context);
    this.result = new DnnOperand(context);
    this.ones = context.allocate(0);
  }

  /** Rows of a matrix with so many columns that make a piece. */
  private static int pieceRows(int columns) {
    return Math.max(1, PIECE / Math.max(1, columns));
  }

  /** {@code C = A B}, or {@code C += A B}; A rows × inner, B inner × columns. */
  void multiply(int rows, int inner, int columns, Numbers a, Numbers b, boolean add, Numbers c) {
    long x = left.read(a, 0, rows * inner);
    long s = result.write(c, 0, rows * columns, add);
    if (inner == 0 && !add) {
      clear(rows, columns, s, columns);
    }
    int piece = pieceRows(columns);
    for (int from = 0; from < inner; from += piece) {
      int count = Math.min(piece, inner - from);
      long w = right.read(b, from * columns, count * columns);
      float beta = from > 0 || add ? 1 : 0;
      gemm(
          AS_IT_LIES,
          AS_IT_LIES,
          rows,
          columns,
          count,
          x + (long) from * Float.BYTES,
          inner,
          w,
          columns,
          1,
          beta,
          s,
          columns);
    }
    result.written(c, 0, rows * columns);
  }

  /** {@code C = A Bᵀ}; A rows × inner, B columns × inner. */
  void multiplyByTransposed(int rows, int inner, int columns, Numbers a, Numbers b, Numbers c) {
    long x = left.read(a, 0, rows * inner);
    long s = result.write(c, 0, rows * columns, false);
    int piece = pieceRows(inner);
    for (int from = 0; from < columns; from += piece) {
      int count = Math.min(piece, columns - from);
      long w = right.read(b, from * inner, count * inner);
      gemm(
          AS_IT_LIES,
          TRANSPOSED,
          rows,
          count,
          inner,
          x,
          inner,
          w,
          inner,
          1,
          0,
          s + (long) from * Float.BYTES,
          columns);
    }
    result.written(c, 0, rows * columns);
  }

  /** Rows {@code first …} of {@code C = Aᵀ B} or {@code C += Aᵀ B}; A rows × m, B rows × n. */
  void transposedProduct(
      int rows, int m, int n, int first, int count, Numbers a, Numbers b, boolean add, Numbers c) {
    long x = left.read(a, 0, rows * m);
    long y = right.read(b, 0, rows * n);
    int piece = pieceRows(n);
    for (int done = 0; done < count; done += piece) {
      int part = Math.min(piece, count - done);
      int from = first + done;
      long sums = result.write(c, from * n, part * n, add);
      gemm(
          TRANSPOSED,
          AS_IT_LIES,
          part,
          n,
          rows,
          x + (long) from * Float.BYTES,
          m,
          y,
          n,
          1,
          add ? 1 : 0,
          sums,
          n);
      result.written(c, from * n, part * n);
    }
  }

  /** {@code S = 1 bᵀ}: b in each of the rows. */
  void spread(int rows, int columns, Numbers b, Numbers s) {
    long from = right.read(b, 0, columns);
    long to = result.write(s, 0, rows * columns, false);
    gemm(AS_IT_LIES, AS_IT_LIES, rows, columns, 1, ones(rows), 1, from, columns, 1, 0, to, columns);
    result.written(s, 0, rows * columns);
  }

  /** {@code sums = Aᵀ 1} or {@code sums += Aᵀ 1}; A rows × columns. */
  void columnSums(int rows, int columns, Numbers a, boolean add, Numbers sums) {
    long x = left.read(a, 0, rows * columns);
    long to = result.write(sums, 0, columns, add);
    gemm(
        AS_IT_LIES,
        AS_IT_LIES,
        1,
        columns,
        rows,
        ones(rows),
        Math.max(1, rows),
        x,
        columns,
        1,
        add ? 1 : 0,
        to,
        columns);
    result.written(sums, 0, columns);
  }

  private static void clear(int rows, int columns, long c, int line) {
    for (int row = 0; row < rows; row++) {
      long at = c + (long) row * line * Float.BYTES;
      new Pointer(at).setMemory(0, (long) columns * Float.BYTES, (byte) 0);
    }
  }

  private long ones(int count) {
    if (ones.length() < count) {
      float[] values = new float[count];
      Arrays.fill(values, 1);
      ones = context.allocate(count);
      ones.write(0, values, 0, count);
    }
    return ones.address();
  }

  private static void gemm(
      byte transposeA,
      byte transposeB,
      int m,
      int n,
      int k,
      long a,
      int lineA,
      long b,
      int lineB,
      float alpha,
      float beta,
      long c,
      int lineC) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) { // an empty sum, which the library refuses
      if (beta == 0) {
        clear(m, n, c, lineC);
      }
      return;
    }
    OneDnn.check(
        OneDnn.sgemm(transposeA, transposeB, m, n, k, alpha, a, lineA, b, lineB, beta, c, lineC),
        "a product");
  }
}
