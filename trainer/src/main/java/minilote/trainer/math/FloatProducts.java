package minilote.trainer.math;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/**
 * Products of row-major matrices in {@code float[]}, by a BLAS.
 *
 * <p>BLAS counts columns first. Read so, a row-major matrix is its own transpose, so that {@code C
 * = A B} is asked for as {@code Cᵀ = Bᵀ Aᵀ}: the factors change places, and nothing is ever
 * transposed in memory.
 */
final class FloatProducts {
  private static final String AS_IT_LIES = "N";
  private static final String TRANSPOSED = "T";

  private final BLAS blas;

  FloatProducts(BLAS blas) {
    this.blas = blas;
  }

  /** {@code C = A B + beta C}, with A rows × inner and B inner × columns. */
  void multiply(
      int rows,
      int inner,
      int columns,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float beta,
      float[] c,
      int cOffset) {
    gemm(
        AS_IT_LIES,
        AS_IT_LIES,
        columns,
        rows,
        inner,
        b,
        bOffset,
        columns,
        a,
        aOffset,
        inner,
        beta,
        c,
        cOffset);
  }

  /** {@code C = A Bᵀ + beta C}, with A rows × inner and B columns × inner. */
  void multiplyByTransposed(
      int rows,
      int inner,
      int columns,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float beta,
      float[] c,
      int cOffset) {
    gemm(
        TRANSPOSED,
        AS_IT_LIES,
        columns,
        rows,
        inner,
        b,
        bOffset,
        inner,
        a,
        aOffset,
        inner,
        beta,
        c,
        cOffset);
  }

  /**
   * {@code C = Aᵀ B + beta C} for {@code count} columns of A, which has rows × m numbers, and B,
   * rows × n.
   *
   * @param aOffset where the first of the columns begins
   * @param cOffset where its row of C begins
   */
  void transposedProduct(
      int rows,
      int m,
      int count,
      int n,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float beta,
      float[] c,
      int cOffset) {
    gemm(AS_IT_LIES, TRANSPOSED, n, count, rows, b, bOffset, n, a, aOffset, m, beta, c, cOffset);
  }

  /** {@code C = op(A) op(B) + beta C} in columns: op(A) is m × k, op(B) k × n, C m × n. */
  private void gemm(
      String transposeA,
      String transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int columnA,
      float[] b,
      int bOffset,
      int columnB,
      float beta,
      float[] c,
      int cOffset) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) { // an empty sum; BLAS would refuse columns of no length
      if (beta == 0) {
        Arrays.fill(c, cOffset, cOffset + m * n, 0);
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
        a,
        aOffset,
        columnA,
        b,
        bOffset,
        columnB,
        beta,
        c,
        cOffset,
        m);
  }
}
