package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minilote.datasets.UserError;
import minilote.trainer.math.PortableEngine;
import org.junit.jupiter.api.Test;

/**
 * Batch normalization in networks: tensors, ghosts and statistics. Its arithmetic is in {@link
 * minilote.trainer.math.BatchNormKernelsTest}, its gradients are in {@link ImageNetworksTest}.
 */
class BatchNormTest {
  private static Network network(String words, Integer... shape) {
    return Network.of(NetworkDescription.parse(words), List.of(shape));
  }

  @Test
  void tensors_ofStatistics_areBehindAllThatIsTrained() {
    Network network =
        network(
            "conv 3 1x1 bias none, batchnorm, residual(conv 3 1x1 bias none, batchnorm momentum 0.5),"
                + " dense 2",
            1,
            2,
            2);
    assertEquals(
        List.of(
            "layer.1.weight 0",
            "layer.2.gamma 3",
            "layer.2.beta 6",
            "layer.3.1.weight 9",
            "layer.3.2.gamma 18",
            "layer.3.2.beta 21",
            "layer.4.weight 24",
            "layer.4.bias 48",
            "layer.2.running_mean 50",
            "layer.2.running_var 53",
            "layer.3.2.running_mean 56",
            "layer.3.2.running_var 59"),
        network.tensors().stream().map(t -> t.name() + " " + t.offset()).toList());
    assertEquals(50, network.trainedCount());
    assertEquals(62, network.parameterCount());
    assertEquals(
        List.of(new RunningStatistic(50, 56, 0.1f), new RunningStatistic(56, 62, 0.5f)),
        network.runningStatistics());
  }

  @Test
  void initialize_always_isOneAndZero() {
    Network network = network("dense 2, batchnorm, dense 1", 1);
    float[] w = network.initialize(Initialization.parse("normal+biases"), 3);
    assertArrayEquals(new float[] {1, 1, 0, 0}, Arrays.copyOfRange(w, 4, 8));
    assertArrayEquals(new float[] {0, 0, 1, 1}, Arrays.copyOfRange(w, 11, 15));
  }

  @Test
  void blockRows_always_areWholeGhosts() {
    assertEquals(512, network("dense 2", 1).blockRows());
    assertEquals(512, network("batchnorm, dense 2", 1).blockRows());
    assertEquals(500, network("batchnorm ghost 100, dense 2", 1).blockRows());
    assertEquals(700, network("batchnorm ghost 700, dense 2", 1).blockRows());
    assertEquals(33, network("conv 64 3x3, batchnorm ghost 33, flatten", 1, 999, 9).blockRows());
    assertEquals(512, network("batchnorm whole, dense 2", 1).blockRows());
    assertEquals(3000, network("batchnorm whole, dense 2", 1).blockRows(3000));
    assertEquals(500, network("batchnorm ghost 100, dense 2", 1).blockRows(3000));
  }

  @Test
  void of_ghostsOfTwoSizes_namesBothLayers() {
    assertEquals(
        "layer 1, 'batchnorm', and layer 2.2, 'batchnorm ghost 16', are over ghosts of different"
            + " sizes: all batch normalizations of a network have the same",
        assertThrows(
                UserError.class,
                () ->
                    network(
                        "batchnorm, residual(dense 3, batchnorm ghost 16), batchnorm whole, dense 2",
                        3))
            .getMessage());
  }

  /** 3 images of 2 × 1 pixels and 2 channels in ghosts of 2; then one that is alone. */
  @Test
  void errorAndGradient_statistics_areSumsOverGhostsOfExamplesTimesWhatTheyHave() {
    Network network = network("batchnorm ghost 2, flatten", 2, 2, 1);
    float[] x = {1, 3, 10, 10, 5, 7, 20, 40, 9, 9, 9, 9}; // channels first
    float[] first = statistics(network, 4, x, 3);
    float[] second = statistics(network, 2, x, 2, 1);
    // Means of the first ghost 4 and 20, variances by one less than 4 numbers 20/3 and 600/3;
    // the single image has the running ones, 0 and 1.
    assertArrayEquals(new float[] {8, 40, 40 / 3f + 1, 400 + 1}, first, 1e-4f);
    assertArrayEquals(first, second, 1e-4f);
  }

  /** What is in the statistics' place of the gradient after blocks of so many rows. */
  private static float[] statistics(Network network, int maxRows, float[] x, int... blocks) {
    BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), maxRows);
    b.setParameters(network.initialize(Initialization.AUTO, 1));
    float[] gradient = new float[network.parameterCount()];
    Arrays.fill(gradient, Float.NaN);
    b.setGradient(gradient);
    b.clear();
    int from = 0;
    for (int rows : blocks) {
      System.arraycopy(x, from * network.inputs(), b.inputs(), 0, rows * network.inputs());
      b.errorAndGradient(rows);
      from += rows;
    }
    return Arrays.copyOfRange(gradient, network.trainedCount(), gradient.length);
  }

  @Test
  void errorAndGradient_ofLists_measuresEachUnit() {
    Network network = network("dense 3, batchnorm ghost 5, dense 1", 3);
    float[] w = network.initialize(Initialization.AUTO, 1);
    Random random = new Random(2);
    float[] x = new float[3 * 12];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    double[] expected = new double[6];
    for (int from = 0; from < 12; from += 5) {
      int n = Math.min(5, 12 - from);
      for (int unit = 0; unit < 3; unit++) {
        double[] s = new double[n];
        for (int row = 0; row < n; row++) {
          for (int k = 0; k < 3; k++) {
            s[row] += (double) x[(from + row) * 3 + k] * w[k * 3 + unit];
          }
        }
        double mean = Arrays.stream(s).sum() / n;
        double squares = Arrays.stream(s).map(v -> (v - mean) * (v - mean)).sum();
        expected[unit] += n * mean;
        expected[3 + unit] += n * squares / (n - 1);
      }
    }
    float[] found = statistics(network, 10, x, 10, 2);
    for (int i = 0; i < 6; i++) {
      assertEquals(expected[i], found[i], 1e-5);
    }
  }

  @Test
  void forward_andError_useTheRunningStatistics() {
    Network network = network("batchnorm epsilon 1, flatten", 1);
    float[] w = {2, 5, /* running */ 10, 3}; // γ, β, mean, variance
    BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), 2);
    b.setParameters(w);
    b.inputs()[0] = 10;
    b.inputs()[1] = 14;
    b.error(2);
    assertArrayEquals(new float[] {5, 9}, Arrays.copyOf(b.outputs(), 2), 1e-6f);
    try (ForwardPropagation forward = new ForwardPropagation(network, PortableEngine.create(), 2)) {
      forward.setParameters(w);
      forward.inputs()[0] = 10;
      forward.inputs()[1] = 14;
      forward.forward(2);
      assertArrayEquals(new float[] {5, 9}, Arrays.copyOf(forward.outputs(), 2), 1e-6f);
    }
  }

  /** The statistics are complete with the first parameter that is. */
  @Test
  void errorAndGradient_complete_coversTheStatisticsFromTheBeginning() {
    Network network =
        network(
            "dense 4, batchnorm ghost 2 relu, residual(dense 4, batchnorm ghost 2), dense 2", 3);
    BackPropagation b =
        new BackPropagation(network, Loss.MEAN_SQUARED_ERROR, PortableEngine.create(), 3);
    b.setParameters(network.initialize(Initialization.AUTO, 1));
    for (int i = 0; i < 9; i++) {
      b.inputs()[i] = i * i;
    }
    float[] gradient = new float[network.parameterCount()];
    b.setGradient(gradient);
    List<float[]> then = new ArrayList<>();
    b.clear();
    b.errorAndGradient(3, from -> then.add(Arrays.copyOfRange(gradient, from, gradient.length)));
    for (float[] part : then) {
      assertArrayEquals(
          Arrays.copyOfRange(gradient, gradient.length - part.length, gradient.length), part);
    }
    assertTrue(then.get(0).length >= network.parameterCount() - network.trainedCount());
    assertEquals(gradient.length, then.get(then.size() - 1).length);
  }
}
