package minilote.driver.lesson;

import java.util.List;
import minilote.datasets.KeyedRandom;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/**
 * A toy problem on which the gradient's noise can be computed whole: points of a square, of class 1
 * where x₁x₂ is above 0, some labels flipped; and a network of 2-100-1 units.
 */
final class FlippedLabels {
  static final int EXAMPLES = 200;
  static final int NEW_POINTS = 2000;
  static final double FLIPPED = 0.1;
  static final String WORDS = "dense 100 relu, dense 1 sigmoid";
  static final Loss LOSS = Loss.BINARY_CROSS_ENTROPY;
  static final OptimizerSettings SGD = OptimizerSettings.of(UpdateRule.SGD);
  static final double LEARNING_RATE = 0.2;

  /** Full-batch steps after which gradient descent has come to where the loss is bent sharply. */
  static final int STEPS = 5000;

  private FlippedLabels() {}

  static Network network() {
    return Network.of(NetworkDescription.parse(WORDS), List.of(2));
  }

  /** What is learned from. */
  static SmallData data(long seed) {
    return points(seed, "points", EXAMPLES, FLIPPED);
  }

  /** Others, all labels of them right. */
  static SmallData newPoints(long seed) {
    return points(seed, "new points", NEW_POINTS, 0);
  }

  private static SmallData points(long seed, String purpose, int count, double flipped) {
    float[][] x = new float[count][2];
    float[][] y = new float[count][1];
    for (int i = 0; i < count; i++) {
      KeyedRandom random = KeyedRandom.of(seed, purpose, i);
      x[i][0] = 2 * random.nextFloat() - 1;
      x[i][1] = 2 * random.nextFloat() - 1;
      boolean one = x[i][0] * x[i][1] > 0;
      y[i][0] = one != random.nextDouble() < flipped ? 1 : 0;
    }
    return new SmallData(x, y);
  }

  static float[] start(Network network, long seed) {
    return network.initialize(Initialization.AUTO, seed);
  }

  /**
   * @param w the first weights; changed by each step
   */
  static SmallTraining training(SmallData data, float[] w, int batch, long seed) {
    return new SmallTraining(network(), LOSS, data, w, SGD, batch, LEARNING_RATE, seed);
  }
}
