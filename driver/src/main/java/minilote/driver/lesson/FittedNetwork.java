package minilote.driver.lesson;

import java.util.List;
import minilote.trainer.math.EngineKind;
import minilote.trainer.network.ForwardPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;

/**
 * A network with what it has learned from few examples by Adam, all of them in each step.
 *
 * @param w its parameters
 */
@SuppressWarnings("ArrayRecordComponent") // Networks are not compared.
record FittedNetwork(Network network, float[] w) {
  /** So many of the steps, the last ones, have a tenth of the rate. */
  private static final double LAST_SHARE = 0.2;

  private static final double LAST_RATE = 0.1;

  /** Biases as well: units whose bends lie all in one place would have to move apart first. */
  private static final Initialization FIRST =
      new Initialization(Initialization.Weights.NORMAL, true);

  private static final int MOST_ROWS = 1024;

  /**
   * Learns.
   *
   * @param words the network
   * @param seed of the first parameters
   */
  static FittedNetwork of(
      String words, Loss loss, SmallData data, int steps, double rate, long seed) {
    Network network = Network.of(NetworkDescription.parse(words), List.of(data.inputs()[0].length));
    float[] w = network.initialize(FIRST, seed);
    int last = (int) (LAST_SHARE * steps);
    learn(network, loss, data, w, steps - last, rate, seed);
    learn(network, loss, data, w, last, LAST_RATE * rate, seed);
    return new FittedNetwork(network, w);
  }

  private static void learn(
      Network network, Loss loss, SmallData data, float[] w, int steps, double rate, long seed) {
    try (SmallTraining training =
        new SmallTraining(
            network,
            loss,
            data,
            w,
            OptimizerSettings.of(UpdateRule.ADAM),
            data.size(),
            rate,
            seed)) {
      for (int step = 0; step < steps; step++) {
        training.epoch();
      }
    }
  }

  /** What it answers to each input, of its first output. */
  double[] answers(float[][] inputs) {
    int rows = Math.min(MOST_ROWS, inputs.length);
    double[] answers = new double[inputs.length];
    try (ForwardPropagation forward =
        new ForwardPropagation(network, EngineKind.PORTABLE.create(), rows)) {
      forward.setParameters(w);
      int width = network.inputs();
      for (int from = 0; from < inputs.length; from += rows) {
        int count = Math.min(rows, inputs.length - from);
        for (int i = 0; i < count; i++) {
          System.arraycopy(inputs[from + i], 0, forward.inputs(), i * width, width);
        }
        forward.forward(count);
        for (int i = 0; i < count; i++) {
          answers[from + i] = forward.outputs()[i * network.outputs()];
        }
      }
    }
    return answers;
  }

  /** The root of the mean squared difference between answers and targets. */
  double error(SmallData data) {
    double[] answers = answers(data.inputs());
    double sum = 0;
    for (int i = 0; i < answers.length; i++) {
      double difference = answers[i] - data.targets()[i][0];
      sum += difference * difference;
    }
    return StrictMath.sqrt(sum / answers.length);
  }
}
