package minilote.trainer.spark;

import java.util.Map;
import minilote.trainer.math.Norms;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.Reduction;

/** What a step changes: the weights, the optimizer's arrays, and how far training has come. */
final class TrainingState {
  private final Network network;
  private final TrainingSettings settings;
  private final Course course;
  private final Optimizer optimizer;
  private final float[] parameters;
  private long step;
  private long examples;
  private float lastLearningRate;

  TrainingState(
      Network network,
      TrainingSettings settings,
      Course course,
      Optimizer optimizer,
      float[] parameters) {
    this.network = network;
    this.settings = settings;
    this.course = course;
    this.optimizer = optimizer;
    this.parameters = parameters;
  }

  /** Goes to where a checkpoint was written. */
  void restore(long step, long examples, float[] parameters, Map<String, float[]> optimizer) {
    this.step = step;
    this.examples = examples;
    System.arraycopy(parameters, 0, this.parameters, 0, parameters.length);
    this.optimizer.restore(optimizer);
    if (examples > 0) {
      // Of the last step, which began with its batch.
      long last = examples - 1;
      lastLearningRate = learningRate(last - last % course.examplesPerEpoch() % course.batch());
    }
  }

  /**
   * One synchronous step of SGD: {@code G^(ℓ)} is the lanes' sum over the count, and {@code W^(ℓ) ←
   * W^(ℓ) − η G^(ℓ)} as the optimizer has it.
   *
   * @param sum over all lanes of the batch; its gradient is used up
   * @param lanes the number of lanes
   */
  void update(LaneSum sum, int lanes) {
    float[] G = sum.gradient(lanes);
    if (!Double.isFinite(sum.loss(lanes))) {
      throw new TrainingFailed(
          "the loss is %s in epoch %d, step %d: %s; a smaller --learning-rate, a --warmup or --clip-norm may help"
              .formatted(notFinite(sum.loss(lanes)), epochOf(examples), step + 1, culprit(G)));
    }
    if (settings.reduction() == Reduction.MEAN) {
      divide(G, sum.count(lanes));
    }
    if (!settings.clipping().isNone()) {
      settings.clipping().apply(G);
    }
    lastLearningRate = learningRate(examples);
    optimizer.update(parameters, G, 0, G.length, lastLearningRate, step + 1);
    step++;
    examples += sum.count(lanes);
  }

  /**
   * Makes sure that the weights are numbers. The loss may not tell: a batch's loss can be finite
   * while its gradient is not, and the next batch, or a maximum that swallows what is no number,
   * comes too late for a checkpoint.
   */
  void requireFinite() {
    for (ParameterTensor tensor : network.tensors()) {
      if (!isFinite(parameters, tensor)) {
        throw new TrainingFailed(
            "after epoch %d, step %d training has diverged, %s is no longer finite: a smaller --learning-rate, a --warmup or --clip-norm may help"
                .formatted(epochOf(examples - 1), step, tensor.name()));
      }
    }
  }

  private float learningRate(long examples) {
    return settings.schedule().learningRate(settings.learningRate(), course, examples);
  }

  /** The epoch, from 1, of the example that was the {@code n}-th to be used, from 0. */
  private long epochOf(long n) {
    return n / course.examplesPerEpoch() + 1;
  }

  private static void divide(float[] numbers, long count) {
    float n = count;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] /= n;
    }
  }

  private static String notFinite(double value) {
    return Double.isNaN(value) ? "not a number" : "infinite";
  }

  /** The first tensor, from the inputs on, that holds a number which is none. */
  private String culprit(float[] gradient) {
    for (ParameterTensor tensor : network.tensors()) {
      if (!isFinite(parameters, tensor)) {
        return "training has diverged, %s is no longer finite".formatted(tensor.name());
      }
    }
    for (ParameterTensor tensor : network.tensors()) {
      if (!isFinite(gradient, tensor)) {
        return "the gradient of %s is not finite".formatted(tensor.name());
      }
    }
    return "the weights are still finite";
  }

  private static boolean isFinite(float[] numbers, ParameterTensor tensor) {
    return Norms.firstNonFinite(numbers, tensor.offset(), tensor.offset() + tensor.length()) < 0;
  }

  /** The weights; they change with every step. */
  float[] parameters() {
    return parameters;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** Updates so far. */
  long step() {
    return step;
  }

  /** Examples that they used. */
  long examples() {
    return examples;
  }

  /** The learning rate of the last step. */
  float lastLearningRate() {
    return lastLearningRate;
  }
}
