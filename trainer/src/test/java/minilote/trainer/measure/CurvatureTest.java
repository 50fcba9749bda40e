package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minilote.datasets.ProgressListener;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.network.ReferenceObjective;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.junit.jupiter.api.Test;

class CurvatureTest {
  private static final int ROWS = 40;

  /** A small network after some steps of training, in double precision. */
  private static double[] trained(Objective f, double[] start) {
    double[] w = start.clone();
    double[] gradient = new double[w.length];
    for (int step = 0; step < 200; step++) {
      f.lossAndGradient(w, gradient);
      Vectors.add(-0.3, gradient, w);
    }
    return w;
  }

  private static double[][] denseHessian(Objective f, double[] w) {
    int n = w.length;
    double step = 1e-5;
    double[][] h = new double[n][n];
    double[] below = new double[n];
    for (int i = 0; i < n; i++) {
      double[] at = w.clone();
      at[i] = w[i] + step;
      f.lossAndGradient(at, h[i]);
      at[i] = w[i] - step;
      f.lossAndGradient(at, below);
      Vectors.add(-1, below, h[i]);
      Vectors.scale(1 / (2 * step), h[i]);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        h[i][j] = (h[i][j] + h[j][i]) / 2;
        h[j][i] = h[i][j];
      }
    }
    return h;
  }

  @Test
  void of_smallNetwork_agreesWithItsDenseHessian() {
    Network network =
        Network.of(
            NetworkDescription.parse("dense 5 tanh, batchnorm, dense 3 softmax"), List.of(4));
    Random random = new Random(2);
    float[] x = new float[ROWS * 4];
    float[] y = new float[ROWS * 3];
    for (int row = 0; row < ROWS; row++) {
      int label = random.nextInt(3);
      y[row * 3 + label] = 1;
      for (int i = 0; i < 4; i++) {
        x[row * 4 + i] = (float) (random.nextGaussian() + (i == label ? 1 : 0));
      }
    }
    float[] start = network.initialize(Initialization.AUTO, 1);
    ReferenceObjective f =
        new ReferenceObjective(network, Loss.CATEGORICAL_CROSS_ENTROPY, start, x, y, ROWS);
    double[] w = trained(f, Vectors.of(start, network.trainedCount()));
    double[][] h = denseHessian(f, w);
    double[] eigenvalues = new EigenDecomposition(new Array2DRowRealMatrix(h)).getRealEigenvalues();
    Arrays.sort(eigenvalues);
    double largest = eigenvalues[eigenvalues.length - 1];
    double trace = Arrays.stream(eigenvalues).sum();

    Curvature found =
        Curvature.of(f, w, new Curvature.Settings(25, 4000, 1e-4, 5), ProgressListener.NONE);
    assertEquals(f.loss(w), found.loss());
    assertEquals(largest, found.largest(), 1e-3 * largest);
    assertTrue(found.largestResidual() <= 1e-4 * largest, "residual " + found.largestResidual());
    assertTrue(found.products() < 25, found.products() + " products");
    assertEquals(trace, found.trace(), 4 * found.traceError());
    assertTrue(found.traceError() < 0.02 * trace, found.traceError() + " of " + trace);

    // To the end, the least one is found as well.
    Curvature whole =
        Curvature.of(f, w, new Curvature.Settings(w.length, 1, 0, 5), ProgressListener.NONE);
    assertEquals(eigenvalues[0], whole.least(), 1e-3 * largest);
    assertEquals(largest, whole.largest(), 1e-3 * largest);
  }

  @Test
  void of_diagonalHessian_isExact() {
    double[][] h = new double[30][30];
    double[] center = new double[30];
    double trace = 0;
    for (int i = 0; i < 30; i++) {
      h[i][i] = i == 0 ? -4 : i == 1 ? 9 : i / 30.0;
      trace += h[i][i];
      center[i] = 0.1 * i;
    }
    Objective f = Functions.quadratic(h, center);
    Curvature found =
        Curvature.of(f, new double[30], new Curvature.Settings(30, 3, 0, 1), ProgressListener.NONE);
    assertEquals(9, found.largest(), 9e-3);
    assertEquals(-4, found.least(), 4e-3);
    assertEquals(trace, found.trace(), 1e-3 * trace); // Signs leave nothing but the diagonal.
    assertEquals(0, found.traceError(), 1e-6);
  }

  @Test
  void of_seeds_areReproducible() {
    Objective f = Functions.of(6, w -> Math.exp(w[0] * w[1]) + w[2] * w[3] * w[4] + w[5] * w[5]);
    double[] w = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
    Curvature first = Curvature.of(f, w, new Curvature.Settings(2, 2, 0, 1), ProgressListener.NONE);
    assertEquals(
        first, Curvature.of(f, w, new Curvature.Settings(2, 2, 0, 1), ProgressListener.NONE));
    Curvature other = Curvature.of(f, w, new Curvature.Settings(2, 2, 0, 2), ProgressListener.NONE);
    assertNotEquals(first.largest(), other.largest());
    assertNotEquals(first.trace(), other.trace());
  }

  @Test
  void of_rankOne_endsWhenNothingIsLeft() {
    double[][] h = new double[8][8];
    for (double[] row : h) {
      Arrays.fill(row, 0.5);
    }
    Curvature found =
        Curvature.of(
            Functions.quadratic(h, new double[8]),
            new double[8],
            new Curvature.Settings(8, 1, 0, 1),
            ProgressListener.NONE);
    assertEquals(4, found.largest(), 1e-6);
    assertTrue(found.products() <= 4, found.products() + " products");
  }
}
