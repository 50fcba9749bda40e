package minilote.driver.lesson;

import java.util.Arrays;

/**
 * Layers of two relu units that fold the interval from 0 to 1 at ½, {@code g(x) = 2 relu(x) − 4
 * relu(x − ½)}: each layer doubles the linear pieces of all before it (Montúfar, Pascanu, Cho and
 * Bengio 2014; Telgarsky 2016).
 */
final class Folding {
  /**
   * Weights, breaks and these points are multiples of powers of two, so that nothing is rounded.
   */
  private static final int POINTS = 1 << 10;

  private final Answers network;

  /** So many folds, one after the other. */
  Folding(int folds) {
    String words = "dense 2 relu, ".repeat(folds) + "dense 1 linear";
    float[] w = new float[4 + 6 * (folds - 1) + 3];
    // relu(x), relu(x − ½)
    System.arraycopy(new float[] {1, 1, 0, -0.5f}, 0, w, 0, 4);
    for (int fold = 1; fold < folds; fold++) {
      // relu(g), relu(g − ½)
      System.arraycopy(new float[] {2, 2, -4, -4, 0, -0.5f}, 0, w, 4 + 6 * (fold - 1), 6);
    }
    System.arraycopy(new float[] {2, -4, 0}, 0, w, w.length - 3, 3);
    this.network = Answers.of(words, 1, w);
  }

  int parameters() {
    return network.w().length;
  }

  /** The answers at {@code count + 1} equally distant points from 0 to 1. */
  double[] over(int count) {
    float[][] x = new float[count + 1][1];
    for (int i = 0; i <= count; i++) {
      x[i][0] = (float) i / count;
    }
    return Arrays.stream(network.to(x)).mapToDouble(answer -> answer[0]).toArray();
  }

  /** How many linear pieces there are between 0 and 1: where the slope changes, one more begins. */
  int pieces() {
    double[] y = over(POINTS);
    int pieces = 1;
    for (int i = 2; i <= POINTS; i++) {
      if (y[i] - y[i - 1] != y[i - 1] - y[i - 2]) {
        pieces++;
      }
    }
    return pieces;
  }
}
