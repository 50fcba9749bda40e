package minilote.trainer.math;

/** Matrices transposed, in {@code float[]}. */
final class FloatTransposition {
  /** Rows and columns of a tile: a cache line of numbers each way. */
  private static final int TILE = 16;

  private FloatTransposition() {}

  /** Of each row's m × n matrix, the n × m one. */
  static void transpose(int rows, int m, int n, FloatNumbers from, FloatNumbers to) {
    for (int row = 0; row < rows; row++) {
      int begin = row * m * n;
      transpose(m, n, from.array(), from.offset() + begin, to.array(), to.offset() + begin);
    }
  }

  private static void transpose(int m, int n, float[] x, int from, float[] y, int to) {
    for (int tile = 0; tile < m; tile += TILE) {
      int end = Math.min(m, tile + TILE);
      for (int j = 0; j < n; j++) {
        for (int i = tile; i < end; i++) {
          y[to + j * m + i] = x[from + i * n + j];
        }
      }
    }
  }
}
