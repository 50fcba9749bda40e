package minilote.driver.lesson;

import java.util.List;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/** XOR over 0 and 1, learned by back-propagation from one seed's weights, all examples a step. */
final class XorRun implements AutoCloseable {
  static final double LEARNING_RATE = 2;
  static final int STEPS = 500;

  private static final double HALF = 0.5;

  private final SmallData data = XorTruth.over(0);
  private final SmallTraining training;

  XorRun(int hidden, long seed) {
    Network network =
        Network.of(
            NetworkDescription.parse("dense %d tanh, dense 1 sigmoid".formatted(hidden)),
            List.of(2));
    this.training =
        new SmallTraining(
            network,
            Loss.BINARY_CROSS_ENTROPY,
            data,
            network.initialize(Initialization.AUTO, seed),
            OptimizerSettings.of(UpdateRule.SGD),
            data.size(),
            LEARNING_RATE,
            seed);
  }

  void steps(int count) {
    for (int i = 0; i < count; i++) {
      training.epoch(); // of one step
    }
  }

  /** Whether each answer is on the right side of ½. */
  boolean isLearned() {
    float[] answers = training.answers();
    for (int i = 0; i < data.size(); i++) {
      if (answers[i] >= HALF != (data.targets()[i][0] == 1)) {
        return false;
      }
    }
    return true;
  }

  double loss() {
    return training.loss();
  }

  /** ‖G‖ of the mean loss. */
  double gradientNorm() {
    return norm(training.gradient());
  }

  /** ‖w‖ of all parameters. */
  double weightNorm() {
    return norm(training.parameters());
  }

  private static double norm(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += (double) number * number;
    }
    return Math.sqrt(sum);
  }

  /** The network as it is now. */
  Answers answers() {
    return new Answers(training.network(), training.parameters().clone());
  }

  @Override
  public void close() {
    training.close();
  }
}
