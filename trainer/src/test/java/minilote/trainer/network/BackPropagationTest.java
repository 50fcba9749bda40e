package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackPropagationTest {
  private static final Network NETWORK =
      Network.of(
          NetworkDescription.parse(
              "dense 40 relu, dense 30 elu(0.5), dense 20 tanh, dense 7 softmax"),
          List.of(3, 5, 4));

  /** 129 examples with one-hot targets. */
  private static final int ROWS = 129;

  private static final float[] X = new float[ROWS * 60];
  private static final float[] Y = new float[ROWS * 7];
  private static final float[] W = NETWORK.initialize(Initialization.AUTO, 1);

  static {
    Random random = new Random(1);
    for (int i = 0; i < X.length; i++) {
      X[i] = (float) random.nextGaussian();
    }
    for (int row = 0; row < ROWS; row++) {
      Y[row * 7 + random.nextInt(7)] = 1;
    }
  }

  private static BackPropagation start(int maxRows) {
    BackPropagation b =
        new BackPropagation(
            NETWORK, Loss.CATEGORICAL_CROSS_ENTROPY, PortableEngine.create(), maxRows);
    b.setParameters(W);
    b.clear();
    return b;
  }

  private static void stage(BackPropagation b, int from, int to) {
    System.arraycopy(X, from * 60, b.inputs(), 0, (to - from) * 60);
    System.arraycopy(Y, from * 7, b.targets(), 0, (to - from) * 7);
  }

  /** Blocks that end at these rows. */
  private static BackPropagation sums(int maxRows, int... ends) {
    BackPropagation b = start(maxRows);
    int from = 0;
    for (int end : ends) {
      stage(b, from, end);
      b.errorAndGradient(end - from);
      from = end;
    }
    return b;
  }

  @Test
  void errorAndGradient_anyBlocks_addUpToTheWhole() {
    BackPropagation whole = sums(ROWS, ROWS);
    int[][] cuts = {{128, 129}, {0, 129}, {1, 129}, {64, 64, 129}, {43, 86, 129}, {1, 2, 3, 129}};
    for (int[] ends : cuts) {
      BackPropagation parts = sums(ROWS, ends);
      // Products of other numbers of rows may round otherwise.
      assertEquals(whole.loss(), parts.loss(), 1e-7 * whole.loss());
      assertEquals(whole.correct(), parts.correct());
      for (int i = 0; i < W.length; i++) {
        assertEquals(whole.gradient()[i], parts.gradient()[i], 1e-4);
      }
    }
  }

  @Test
  void errorAndGradient_sameBlocks_giveTheSameBits() {
    BackPropagation once = sums(64, 64, 128, 129);
    BackPropagation again = sums(64, 64, 128, 129);
    assertArrayEquals(once.gradient(), again.gradient());
    assertEquals(once.loss(), again.loss());
    // Nor do they depend on what was in memory before, or on how much of it there is.
    BackPropagation used = sums(100, 100);
    used.clear();
    int from = 0;
    for (int end : new int[] {64, 128, 129}) {
      stage(used, from, end);
      used.errorAndGradient(end - from);
      from = end;
    }
    assertArrayEquals(once.gradient(), used.gradient());
    assertEquals(once.loss(), used.loss());
  }

  @Test
  void error_withoutGradient_isThatOfBothInOnePass() {
    BackPropagation both = sums(ROWS, ROWS);
    BackPropagation alone = start(ROWS);
    stage(alone, 0, ROWS);
    alone.error(ROWS);
    assertEquals(both.loss(), alone.loss());
    assertEquals(both.correct(), alone.correct());
    assertArrayEquals(both.outputs(), alone.outputs());
    assertArrayEquals(new float[W.length], alone.gradient());
  }

  @Test
  void forward_eachRow_isTheSameProbabilities() {
    BackPropagation b = start(ROWS);
    stage(b, 0, ROWS);
    b.forward(ROWS);
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int j = 0; j < 7; j++) {
        sum += b.outputs()[row * 7 + j];
      }
      assertEquals(1, sum, 1e-6);
    }
    assertEquals(0, b.loss());
  }

  @Test
  void errorAndGradient_noRows_addsNothing() {
    BackPropagation b = sums(8, 8);
    float[] gradient = b.gradient().clone();
    double loss = b.loss();
    b.errorAndGradient(0);
    assertArrayEquals(gradient, b.gradient());
    assertEquals(loss, b.loss());
    b.clear();
    assertArrayEquals(new float[W.length], b.gradient());
    assertEquals(0, b.loss());
    assertEquals(0, b.correct());
  }

  @Test
  void rows_moreThanABlock_areRefused() {
    BackPropagation b = start(8);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> b.errorAndGradient(9));
    assertEquals("a block here has 0 to 8 rows, not 9", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> b.forward(-1));
    assertThrows(IllegalArgumentException.class, () -> start(0));
    assertThrows(IllegalArgumentException.class, () -> b.setParameters(new float[3]));
  }

  @Test
  void setParameters_portableEngine_sharesTheArray() {
    float[] w = W.clone();
    BackPropagation b = start(1);
    b.setParameters(w);
    stage(b, 0, 1);
    b.forward(1);
    float before = b.outputs()[0];
    w[w.length - 7] += 1; // the bias of the first class
    b.forward(1);
    assertTrue(b.outputs()[0] > before);
  }

  /** Garbage would stop the threads that multiply. */
  @Test
  void steps_afterTheFirst_allocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    float checksum = 0;
    String[] networks = {
      "dense 40 relu, dense 30 elu(0.5), dense 20 tanh, dense 7 softmax",
      "dense 20 sigmoid, dense 9 softmax, dense 7 sigmoid",
      "dense 7 linear",
      "conv 4 3x3 relu, max-pool 2x2, conv 5 2x2 stride 2 tanh, dense 7 softmax",
      "max-pool 2x2 stride 1, conv 6 1x1 elu, average-pool 2x2 padding same, flatten, dense 7 softmax",
      "conv 7 3x3 bias none, global-average-pool softmax",
      "residual(conv 4 3x3 bias none, batchnorm relu, dropout 0.5 | conv 4 1x1) relu, dropout 0.2, dense 5,"
          + " batchnorm tanh, residual(dense 5 tanh), dense 7 softmax",
    };
    for (String words : networks) {
      Network network = Network.of(NetworkDescription.parse(words), List.of(3, 5, 4));
      Loss loss = Loss.following(network.outputActivation());
      try (BackPropagation b =
          new BackPropagation(
              network, loss, Correctness.LARGEST_OUTPUT, PortableEngine.create(), ROWS)) {
        float[] w = network.initialize(Initialization.AUTO, 3);
        System.arraycopy(X, 0, b.inputs(), 0, X.length);
        System.arraycopy(Y, 0, b.targets(), 0, Y.length);
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
          long before = threads.getThreadAllocatedBytes(thread);
          for (int step = 0; step < 50; step++) {
            b.setParameters(w);
            b.clear();
            b.errorAndGradient(ROWS);
            b.errorAndGradient(ROWS - step);
            b.error(step);
            b.forward(ROWS);
            checksum += b.gradient()[0] + b.outputs()[0] + (float) b.loss() + b.correct();
          }
          least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertEquals(0, least, "bytes allocated in 50 steps of " + words);
      }
    }
    assertTrue(Float.isFinite(checksum));
  }

  /** XOR by an MLP that learns it. */
  @Test
  void sgd_onXor_learnsIt() {
    Network network =
        Network.of(NetworkDescription.parse("dense 4 tanh, dense 1 sigmoid"), List.of(2));
    float[] w = network.initialize(Initialization.AUTO, 5);
    try (BackPropagation b =
        new BackPropagation(network, Loss.BINARY_CROSS_ENTROPY, PortableEngine.create(), 4)) {
      System.arraycopy(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 0, b.inputs(), 0, 8);
      System.arraycopy(new float[] {0, 1, 1, 0}, 0, b.targets(), 0, 4);
      b.setParameters(w);
      for (int step = 0; step < 3000; step++) {
        b.clear();
        b.errorAndGradient(4);
        for (int i = 0; i < w.length; i++) {
          w[i] -= 0.5f * b.gradient()[i] / 4;
        }
      }
      b.clear();
      b.error(4);
      assertEquals(4, b.correct());
      assertTrue(b.loss() / 4 < 0.05, "loss " + b.loss() / 4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bce | dense 3 softmax | the loss bce is of sigmoid outputs, and the last layer is softmax:"
            + " end the network with sigmoid, or use the loss cce",
        "cce | dense 3 sigmoid | the loss cce is of softmax outputs, and the last layer is sigmoid:"
            + " end the network with softmax, or use the loss bce",
        "bce | dense 3 elu(0.5) | the loss bce is of sigmoid outputs, and the last layer is"
            + " elu(0.5): end the network with sigmoid, or use the loss mse",
      })
  void loss_thatDoesNotGoWithTheOutputs_isRefused(String loss, String words, String sentence) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(2));
    UserError error =
        assertThrows(
            UserError.class,
            () -> new BackPropagation(network, Loss.parse(loss), PortableEngine.create(), 1));
    assertEquals(sentence, error.getMessage());
  }

  @Test
  void correctness_ofTargets_followsTheirKind() {
    assertEquals(Correctness.LARGEST_OUTPUT, Correctness.of(TargetKind.CLASS, 10));
    assertEquals(Correctness.EVERY_LABEL, Correctness.of(TargetKind.CLASS, 1));
    assertEquals(Correctness.EVERY_LABEL, Correctness.of(TargetKind.LABELS, 10));
    assertEquals(Correctness.NONE, Correctness.of(TargetKind.NUMBERS, 1));
  }
}
