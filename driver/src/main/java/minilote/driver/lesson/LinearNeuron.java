package minilote.driver.lesson;

import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.driver.report.Plane;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/**
 * A linear neuron {@code ŷ = wx + b}, its loss {@code E = (1/2N) Σ (ŷ − y)²}, and points to learn
 * from: the loss is a quadratic function of w and b, so that its minimum and its curvatures are
 * known.
 */
record LinearNeuron(SmallData data) {
  private static final Network NETWORK =
      Network.of(NetworkDescription.parse("dense 1 linear"), List.of(1));

  private static final double SLOPE = 1.5;
  private static final double INTERCEPT = 0.5;
  private static final String POINTS = "points near a line";
  private static final int CELLS = 60;

  /** Of the greatest loss that is seen; dark enough, and lines over it stay visible. */
  private static final double DARKEST = 0.7;

  /** Points near the line y = 1.5 x + 0.5, scattered by a normal distribution. */
  static LinearNeuron near(long seed, int points, Plane.Range x, double deviation) {
    float[][] inputs = new float[points][1];
    float[][] targets = new float[points][1];
    KeyedRandom random = KeyedRandom.of(seed, POINTS, points);
    for (int i = 0; i < points; i++) {
      double at = x.least() + random.nextDouble() * (x.most() - x.least());
      inputs[i][0] = (float) at;
      targets[i][0] = (float) (SLOPE * at + INTERCEPT + deviation * random.nextGaussian());
    }
    return new LinearNeuron(new SmallData(inputs, targets));
  }

  /** Gradient descent from these weights. */
  SmallTraining training(double w, double b, int batch, double rate, long seed) {
    return new SmallTraining(
        NETWORK,
        Loss.HALF_SQUARED_ERROR,
        data,
        new float[] {(float) w, (float) b},
        OptimizerSettings.of(UpdateRule.SGD),
        batch,
        rate,
        seed);
  }

  /** (1/N) Σ x^power y^times. */
  private double mean(int power, int times) {
    double sum = 0;
    for (int i = 0; i < data.size(); i++) {
      sum +=
          StrictMath.pow(data.inputs()[i][0], power) * StrictMath.pow(data.targets()[i][0], times);
    }
    return sum / data.size();
  }

  /** H = (1/N) XᵀX, where a row of X is (x, 1): the second derivatives by w and b. */
  double[][] hessian() {
    double x = mean(1, 0);
    return new double[][] {{mean(2, 0), x}, {x, 1}};
  }

  /** The greatest curvature, λ_max of the Hessian. */
  double steepest() {
    return eigenvalue(1);
  }

  /** The least one. */
  double flattest() {
    return eigenvalue(-1);
  }

  private double eigenvalue(int sign) {
    double[][] h = hessian();
    double half = (h[0][0] - h[1][1]) / 2;
    return (h[0][0] + h[1][1]) / 2 + sign * StrictMath.sqrt(half * half + h[0][1] * h[0][1]);
  }

  /** w and b where the loss is least: H (w, b) = (1/N) Xᵀy. */
  double[] minimum() {
    double[][] h = hessian();
    double determinant = h[0][0] * h[1][1] - h[0][1] * h[0][1];
    double xy = mean(1, 1);
    double y = mean(0, 1);
    return new double[] {
      (h[1][1] * xy - h[0][1] * y) / determinant, (h[0][0] * y - h[0][1] * xy) / determinant
    };
  }

  /** The loss at the minimum. */
  double least() {
    double[] minimum = minimum();
    double sum = 0;
    for (int i = 0; i < data.size(); i++) {
      double error = minimum[0] * data.inputs()[i][0] + minimum[1] - data.targets()[i][0];
      sum += error * error;
    }
    return sum / 2 / data.size();
  }

  /** How far (w, b) is from the minimum in the direction of the greatest curvature. */
  double alongSteepest(double w, double b) {
    double[][] h = hessian();
    double[] minimum = minimum();
    double first = h[0][1];
    double second = steepest() - h[0][0];
    return (first * (w - minimum[0]) + second * (b - minimum[1])) / StrictMath.hypot(first, second);
  }

  /**
   * The loss above the least as shades: its logarithm, from {@code faintest} on, which stays bare.
   */
  Plane.Ground ground(Plane.Range ofW, Plane.Range ofB, double faintest) {
    double[] minimum = minimum();
    double[][] h = hessian();
    Plane.OfTwo excess =
        (w, b) -> {
          double dw = w - minimum[0];
          double db = b - minimum[1];
          return (h[0][0] * dw * dw + 2 * h[0][1] * dw * db + h[1][1] * db * db) / 2;
        };
    double range = StrictMath.log(excess.at(ofW.most(), ofB.most()) / faintest);
    return Plane.Ground.of(
        ofW,
        ofB,
        CELLS,
        false,
        (w, b) -> DARKEST * StrictMath.log(Math.max(excess.at(w, b), faintest) / faintest) / range);
  }
}
