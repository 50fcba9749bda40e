package minilote.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Engines;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch normalization over the whole batch: lanes side by side against one lane with all. */
class WholeBatchTest {
  private static final String IMAGES =
      "conv 3 3x3 bias none, batchnorm whole epsilon 0.1 tanh, dropout 0.2,"
          + " residual(conv 4 3x3 stride 2 bias none, batchnorm whole epsilon 0.1 tanh, conv 4 3x3,"
          + " batchnorm whole epsilon 0.1 | conv 4 1x1 stride 2, batchnorm whole epsilon 0.1 tanh)"
          + " tanh, residual(conv 4 3x3, batchnorm whole epsilon 0.1) tanh, flatten, dense 5,"
          + " batchnorm whole epsilon 0.1 sigmoid, dense 3 softmax";
  private static final String FIRST = "batchnorm whole epsilon 0.1 tanh, dense 3 sigmoid";

  /** Lanes of one thread. */
  private static final class Statistics implements LaneStatistics {
    private final StatisticsTree tree;

    Statistics(int[] rows, int channels) {
      this.tree = new StatisticsTree(rows.length, channels);
      for (int lane = 0; lane < rows.length; lane++) {
        tree.setRows(lane, rows[lane]);
      }
      tree.count();
    }

    @Override
    public int batch() {
      return tree.rows(StatisticsTree.ROOT);
    }

    @Override
    public double[] of(int lane) {
      return tree.values(tree.leaf(lane));
    }

    @Override
    public double[] moments(int pixels, int channels) {
      tree.mergeMoments(StatisticsTree.ROOT, tree.leaves(), pixels, channels);
      return tree.values(StatisticsTree.ROOT);
    }

    @Override
    public double[] sums(int channels) {
      tree.addSums(StatisticsTree.ROOT, tree.leaves(), channels);
      return tree.values(StatisticsTree.ROOT);
    }
  }

  /** A network, its parameters and a batch. */
  private static final class Case {
    final Network network;
    final Loss loss;
    final float[] w;
    final float[] x;
    final float[] y;
    final int rows;

    Case(String words, int rows, Random random) {
      this.network = Network.of(NetworkDescription.parse(words), List.of(2, 4, 3));
      this.loss = Loss.following(network.outputActivation());
      this.rows = rows;
      this.w = network.initialize(Initialization.parse("normal+biases"), random.nextLong());
      this.x = new float[rows * network.inputs()];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (3 + random.nextGaussian());
      }
      this.y = new float[rows * network.outputs()];
      for (int row = 0; row < rows; row++) {
        y[row * network.outputs() + random.nextInt(network.outputs())] = 1;
      }
    }

    /** As {@link minilote.trainer.spark.Lanes} cuts them. */
    int[] lanes(int count) {
      return IntStream.range(0, count)
          .map(lane -> (lane + 1) * rows / count - lane * rows / count)
          .toArray();
    }

    LanesSideBySide on(Engine engine, int lanes) {
      List<BackPropagation> all = new ArrayList<>();
      for (int lane = 0; lane < lanes; lane++) {
        all.add(new BackPropagation(network, loss, engine, (rows + lanes - 1) / lanes));
      }
      LanesSideBySide together = new LanesSideBySide(all);
      together.setParameters(w);
      return together;
    }

    void fill(BackPropagation lane, int first, int count) {
      lane.clear();
      System.arraycopy(x, first * network.inputs(), lane.inputs(), 0, count * network.inputs());
      System.arraycopy(y, first * network.outputs(), lane.targets(), 0, count * network.outputs());
      for (int row = 0; row < count; row++) {
        lane.keys()[row] = 1000L + first + row;
      }
    }

    double error(LanesSideBySide lanes) {
      int[] rowsOfLanes = lanes(lanes.size());
      int first = 0;
      for (int lane = 0; lane < lanes.size(); lane++) {
        fill(lanes.lane(lane), first, rowsOfLanes[lane]);
        first += rowsOfLanes[lane];
      }
      lanes.errorAndGradient(rowsOfLanes, new Statistics(rowsOfLanes, 5), Pass::tellNobody);
      double error = 0;
      for (int lane = 0; lane < lanes.size(); lane++) {
        error += lanes.lane(lane).loss();
      }
      return error;
    }

    double[] gradient(LanesSideBySide lanes, Engine engine) {
      double[] sum = new double[w.length];
      int[] rowsOfLanes = lanes(lanes.size());
      for (int lane = 0; lane < lanes.size(); lane++) {
        if (rowsOfLanes[lane] > 0) {
          for (int i = 0; i < sum.length; i++) {
            sum[i] += value(engine, lanes.lane(lane).gradientNumbers(), i);
          }
        }
      }
      return sum;
    }

    /** By all rows in one lane, as an ordinary block. */
    double[] gradientOfOne(Engine engine) {
      BackPropagation one = new BackPropagation(network, loss, engine, rows);
      one.setParameters(w);
      fill(one, 0, rows);
      one.errorAndGradient(rows);
      double[] gradient = new double[w.length + 1];
      for (int i = 0; i < w.length; i++) {
        gradient[i] = value(engine, one.gradientNumbers(), i);
      }
      gradient[w.length] = one.loss();
      return gradient;
    }
  }

  private static double value(Engine engine, Numbers numbers, int index) {
    return engine instanceof ReferenceEngine reference
        ? reference.get(numbers, index)
        : engine.values(numbers)[index];
  }

  private static void assertClose(
      double[] expected, double[] found, double tolerance, String what) {
    double norm = Math.sqrt(Arrays.stream(expected).map(v -> v * v).sum());
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], tolerance * norm, what + ", number " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IMAGES, FIRST})
  void errorAndGradient_anyLanes_isThatOfOneLaneWithTheWholeBatch(String words) {
    Random random = new Random(1);
    for (int rows : new int[] {13, 8, 3, 2, 1}) {
      Case batch = new Case(words, rows, random);
      double[] expected = batch.gradientOfOne(new ReferenceEngine());
      for (int count : new int[] {1, 2, 4, 8}) {
        String what = rows + " rows in " + count + " lanes";
        Engine reference = new ReferenceEngine();
        LanesSideBySide lanes = batch.on(reference, count);
        double error = batch.error(lanes);
        assertEquals(expected[batch.w.length], error, 1e-10 * error, what);
        assertClose(expected, batch.gradient(lanes, reference), 1e-10, what);
        Engines.best()
            .forEach(
                engine -> {
                  LanesSideBySide inFloats = batch.on(engine, count);
                  assertEquals(error, batch.error(inFloats), 1e-5 * error, what);
                  assertClose(expected, batch.gradient(inFloats, engine), 1e-5, what);
                  // And again, in memory that has been used.
                  double[] first = batch.gradient(inFloats, engine);
                  batch.error(inFloats);
                  assertArrayEquals(first, batch.gradient(inFloats, engine), what);
                });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IMAGES, FIRST})
  void gradient_ofLanes_agreesWithCentralDifferences(String words) {
    Case batch = new Case(words, 7, new Random(2));
    ReferenceEngine reference = new ReferenceEngine();
    LanesSideBySide lanes = batch.on(reference, 4);
    batch.error(lanes);
    double[] gradient = batch.gradient(lanes, reference);
    double norm = Math.sqrt(Arrays.stream(gradient).map(v -> v * v).sum());
    double step = 1e-4;
    for (int i = 0; i < batch.network.trainedCount(); i++) {
      double quotient =
          (error(batch, lanes, reference, i, step) - error(batch, lanes, reference, i, -step))
              / (2 * step);
      assertEquals(quotient, gradient[i], 1e-6 * norm, "parameter " + i);
    }
  }

  private static double error(
      Case batch, LanesSideBySide lanes, ReferenceEngine reference, int index, double step) {
    double value = reference.get(lanes.lane(0).parameterNumbers(), index);
    for (int lane = 0; lane < lanes.size(); lane++) {
      reference.set(lanes.lane(lane).parameterNumbers(), index, value + step);
    }
    double error = batch.error(lanes);
    for (int lane = 0; lane < lanes.size(); lane++) {
      reference.set(lanes.lane(lane).parameterNumbers(), index, value);
    }
    return error;
  }

  /** Of a lane of two rows and one of a single one: 1, 3 and 8, with 2 channels. */
  @Test
  void mergeMoments_twoLanesAndEmptyOnes_isAsByHand() {
    StatisticsTree tree = new StatisticsTree(4, 2);
    tree.setRows(1, 2);
    tree.setRows(2, 1);
    tree.count();
    System.arraycopy(new double[] {2, 20, 2, 200}, 0, tree.values(tree.leaf(1)), 0, 4);
    System.arraycopy(new double[] {8, 80, 0, 0}, 0, tree.values(tree.leaf(2)), 0, 4);
    Arrays.fill(tree.values(tree.leaf(0)), Double.NaN);
    tree.mergeMoments(StatisticsTree.ROOT, tree.leaves(), 1, 2);
    // Mean 4; squares 9 + 1 + 16.
    assertArrayEquals(new double[] {4, 40, 26, 2600}, tree.values(StatisticsTree.ROOT), 1e-12);
    tree.addSums(StatisticsTree.ROOT, tree.leaves(), 2);
    assertArrayEquals(new double[] {10, 100, 2, 200}, tree.values(StatisticsTree.ROOT), 1e-12);
  }

  /** What is complete in the last lane is complete in all. */
  @Test
  void errorAndGradient_complete_coversAllLanes() {
    Case batch = new Case(IMAGES, 7, new Random(3));
    int[] rows = {2, 3, 2, 0};
    Engine engine = Engines.best().findFirst().orElseThrow();
    LanesSideBySide lanes = new Case(IMAGES, 12, new Random(3)).on(engine, 4);
    float[][] gradients = new float[3][batch.w.length];
    int first = 0;
    for (int lane = 0; lane < 3; lane++) {
      lanes.lane(lane).setGradient(gradients[lane]);
      batch.fill(lanes.lane(lane), first, rows[lane]);
      first += rows[lane];
    }
    List<Integer> from = new ArrayList<>();
    List<float[][]> then = new ArrayList<>();
    lanes.errorAndGradient(
        rows,
        new Statistics(rows, 5),
        complete -> {
          from.add(complete);
          then.add(Arrays.stream(gradients).map(float[]::clone).toArray(float[][]::new));
        });
    assertEquals(0, from.get(from.size() - 1));
    for (int i = 0; i < from.size(); i++) {
      for (int lane = 0; lane < 3; lane++) {
        int at = from.get(i);
        assertArrayEquals(
            Arrays.copyOfRange(gradients[lane], at, batch.w.length),
            Arrays.copyOfRange(then.get(i)[lane], at, batch.w.length),
            "lane " + lane + " from " + at);
      }
    }
    assertTrue(from.size() > 5, from.toString());
  }
}
