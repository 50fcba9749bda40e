package minilote.trainer.math;

import java.util.Arrays;

/**
 * Runs of numbers in {@code float[]}s, added and multiplied in scratch memory, for the reason that
 * {@link FloatActivations} gives.
 */
final class FloatRuns {
  private static final int BLOCK = 1024;

  private final float[] part = new float[BLOCK];
  private final float[] sum = new float[BLOCK];

  /** {@code to_i += x_i}. */
  void add(float[] x, int xOffset, float[] to, int offset, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = Math.min(BLOCK, n - done);
      System.arraycopy(x, xOffset + done, part, 0, count);
      System.arraycopy(to, offset + done, sum, 0, count);
      add(part, sum, count);
      System.arraycopy(sum, 0, to, offset + done, count);
    }
  }

  private static void add(float[] x, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] += x[i];
    }
  }

  /** {@code c_i = a_i + b_i}; c may be one of the others. */
  void add(FloatNumbers a, FloatNumbers b, FloatNumbers c, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = read(a, b, done, n);
      add(part, sum, count);
      System.arraycopy(sum, 0, c.array(), c.offset() + done, count);
    }
  }

  /** {@code c_i = a_i b_i}; c may be one of the others. */
  void multiply(FloatNumbers a, FloatNumbers b, FloatNumbers c, int n) {
    for (int done = 0; done < n; done += BLOCK) {
      int count = read(a, b, done, n);
      multiply(part, sum, count);
      System.arraycopy(sum, 0, c.array(), c.offset() + done, count);
    }
  }

  /** The next numbers of both; returns how many. */
  private int read(FloatNumbers a, FloatNumbers b, int done, int n) {
    int count = Math.min(BLOCK, n - done);
    System.arraycopy(a.array(), a.offset() + done, part, 0, count);
    System.arraycopy(b.array(), b.offset() + done, sum, 0, count);
    return count;
  }

  private static void multiply(float[] x, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] *= x[i];
    }
  }

  /** Sets {@code n} numbers to 0. */
  static void clear(float[] x, int offset, int n) {
    Arrays.fill(x, offset, offset + n, 0);
  }
}
