package minilote.trainer.math;

/**
 * Sums over the rows of a matrix in {@code float[]}, in the order of the rows. What is added lies
 * in scratch memory, for the reason that {@link FloatActivations} gives.
 */
final class FloatColumnSums {
  private static final int BLOCK = 1024;

  private final float[] sum = new float[BLOCK];
  private final float[] part = new float[BLOCK];

  /** {@code sums_j += Σ_i A_ij}, with A rows × columns. */
  void add(int rows, int columns, FloatNumbers a, FloatNumbers sums) {
    for (int done = 0; done < columns; done += BLOCK) {
      int n = Math.min(BLOCK, columns - done);
      System.arraycopy(sums.array(), sums.offset() + done, sum, 0, n);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(a.array(), a.offset() + row * columns + done, part, 0, n);
        add(part, sum, n);
      }
      System.arraycopy(sum, 0, sums.array(), sums.offset() + done, n);
    }
  }

  private static void add(float[] x, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] += x[i];
    }
  }
}
