package minilote.driver.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;

/**
 * The way of a linear neuron's weights, update by update, from where it began.
 *
 * @param excess how far the loss is above its least
 */
@SuppressWarnings("ArrayRecordComponent") // Paths are not compared.
record WeightPath(double[] w, double[] b, double[] excess) {
  /** Below it, single precision is all that there is to see. */
  private static final double LEAST_EXCESS = 1e-8;

  /** The way of so many epochs. */
  static WeightPath of(
      LinearNeuron neuron, double[] start, int batch, double rate, long seed, int epochs) {
    double least = neuron.least();
    List<double[]> points = new ArrayList<>();
    try (SmallTraining training = neuron.training(start[0], start[1], batch, rate, seed)) {
      Runnable look =
          () ->
              points.add(
                  new double[] {
                    training.parameters()[0], training.parameters()[1], training.loss() - least
                  });
      look.run();
      for (int epoch = 0; epoch < epochs; epoch++) {
        training.epoch(look);
      }
    }
    return new WeightPath(column(points, 0), column(points, 1), column(points, 2));
  }

  private static double[] column(List<double[]> points, int index) {
    return points.stream().mapToDouble(point -> point[index]).toArray();
  }

  int updates() {
    return w.length - 1;
  }

  /** How far the weights are from the minimum after an update. */
  double distance(LinearNeuron neuron, int update) {
    double[] minimum = neuron.minimum();
    return StrictMath.hypot(w[update] - minimum[0], b[update] - minimum[1]);
  }

  /** The first updates, over the plane of w and b. */
  Series over(String name, String style, Mark mark, int updates) {
    return Series.line(
        name, style, mark, Arrays.copyOf(w, updates + 1), Arrays.copyOf(b, updates + 1));
  }

  /**
   * The excess of the loss, every {@code stride} updates.
   *
   * @param unit how many updates are one on the horizontal axis
   */
  Series excess(String name, String style, Mark mark, int stride, double unit, int updates) {
    int points = updates / stride + 1;
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = i * stride / unit;
      y[i] = excess[i * stride] < LEAST_EXCESS ? Double.NaN : excess[i * stride];
    }
    return Series.line(name, style, mark, x, y);
  }
}
