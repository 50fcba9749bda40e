package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import minilote.trainer.math.Norms;
import minilote.trainer.math.PairwiseSum;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.network.RunningStatistic;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.ParameterRange;
import minilote.trainer.run.Checkpoint;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.TrainingDiverged;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.Reduction;

/** What a step changes: the weights, the optimizer's arrays, and how far training has come. */
final class TrainingState {
  private final Network network;
  private final TrainingSettings settings;
  private final Course course;
  private final Optimizer optimizer;
  private final float[] parameters;
  private final int trained; // of the parameters; behind them are the statistics
  private final List<RunningStatistic> statistics;
  private long step;
  private long examples;
  private float lastLearningRate;

  /**
   * At the beginning of a run.
   *
   * @param parameters the first weights, which become this state's
   */
  TrainingState(Network network, TrainingSettings settings, Course course, float[] parameters) {
    this.network = network;
    this.settings = settings;
    this.course = course;
    List<ParameterRange> decaying =
        network.tensors().stream()
            .filter(ParameterTensor::weight)
            .map(tensor -> new ParameterRange(tensor.offset(), tensor.offset() + tensor.length()))
            .toList();
    this.optimizer = Optimizer.of(settings.optimizer(), parameters.length, decaying);
    this.parameters = parameters;
    this.trained = network.trainedCount();
    this.statistics = network.runningStatistics();
  }

  /** Another state that stands where this one does, and then goes its own way. */
  TrainingState copy() {
    TrainingState copy = new TrainingState(network, settings, course, new float[parameters.length]);
    copy.restore(step, examples, parameters, optimizer.state());
    return copy;
  }

  /** Goes to where another state has come. */
  void follow(TrainingState other) {
    restore(other.step, other.examples, other.parameters, other.optimizer.state());
    lastLearningRate = other.lastLearningRate;
  }

  /** Goes to where a checkpoint was written. */
  void restore(Checkpoint checkpoint) {
    Position position = checkpoint.position();
    restore(position.step(), position.examples(), checkpoint.parameters(), checkpoint.optimizer());
  }

  private void restore(
      long step, long examples, float[] parameters, Map<String, float[]> optimizer) {
    restore(step, examples);
    System.arraycopy(parameters, 0, this.parameters, 0, parameters.length);
    this.optimizer.restore(optimizer);
    if (examples > 0) {
      // Of the last step, which began with its batch.
      long last = examples - 1;
      lastLearningRate = learningRate(last - last % course.examplesPerEpoch() % course.batch());
    }
  }

  /** Says how far training has come; the numbers are {@link #setNumbers}' affair. */
  void restore(long step, long examples) {
    this.step = step;
    this.examples = examples;
  }

  /** Weights and the optimizer's arrays for parameters {@code from} to {@code to − 1}. */
  byte[] numbers(int from, int to) {
    return FloatBytes.of(arrays(), from, to);
  }

  /** Takes over what {@link #numbers} gave. */
  void setNumbers(byte[] numbers, int from, int to) {
    FloatBytes.into(numbers, arrays(), from, to);
  }

  /** The weights, and behind them the optimizer's arrays. */
  List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>();
    arrays.add(parameters);
    arrays.addAll(optimizer.state().values());
    return arrays;
  }

  /**
   * One synchronous step of SGD: {@code G^(ℓ)} is the lanes' sum over the count, and {@code W^(ℓ) ←
   * W^(ℓ) − η G^(ℓ)} as the optimizer has it.
   *
   * @param sum over all lanes of the batch; its gradient is used up
   * @param lanes the number of lanes
   * @param measured whether the gradient's norm is asked for
   * @return {@code ‖g_B‖²} of the batch's mean gradient, before it is limited; 0 where not {@code
   *     measured}
   */
  double update(LaneSum sum, int lanes, boolean measured) {
    float[] G = sum.gradient(lanes);
    if (!Double.isFinite(sum.loss(lanes))) {
      throw diverged(sum.loss(lanes), culprit(G));
    }
    long count = sum.count(lanes);
    int blocks = Norms.blocks(G.length);
    beginUpdate();
    double squaresOfAll = 0;
    if (measured || needsNorm()) {
      double[] squares = new double[blocks];
      sideBySide(
          blocks,
          block -> {
            average(G, start(block, G), start(block + 1, G), count);
            squares[block] = Norms.squaresOfBlock(G, 0, trained, block);
          });
      squaresOfAll = PairwiseSum.of(squares, blocks);
      double norm = Math.sqrt(squaresOfAll);
      sideBySide(blocks, block -> update(G, start(block, G), start(block + 1, G), norm));
    } else {
      sideBySide(
          blocks,
          block -> {
            // One after the other while the block is in the core's cache.
            average(G, start(block, G), start(block + 1, G), count);
            update(G, start(block, G), start(block + 1, G), 0);
          });
    }
    endUpdate(count);
    return measured ? squaresOfMean(squaresOfAll, count) : 0;
  }

  /** What there is to say of a next step whose loss is no finite number, without its gradient. */
  TrainingDiverged diverged(double loss) {
    return diverged(loss, culprit(new float[0]));
  }

  private TrainingDiverged diverged(double loss, String culprit) {
    return new TrainingDiverged(
        "the loss is %s in epoch %d, step %d: %s; a smaller --learning-rate, a --warmup or --clip-norm may help"
            .formatted(notFinite(loss), epochOf(examples), step + 1, culprit));
  }

  /** On the driver's cores, which have nothing else to do at that time. */
  private static void sideBySide(int blocks, IntConsumer work) {
    IntStream.range(0, blocks).parallel().forEach(work);
  }

  private static int start(int block, float[] G) {
    return Math.min(block * Norms.BLOCK, G.length);
  }

  // The parts of an update. Those with a range may be called for all ranges side by side.

  /** Before anything else of a step. */
  void beginUpdate() {
    lastLearningRate = learningRate(examples);
  }

  /**
   * From the sum over a batch's {@code count} examples to what the optimizer is given; of the
   * statistics to the batch's mean, whatever the reduction.
   */
  void average(float[] G, int from, int to, long count) {
    float n = count;
    int first = settings.reduction() == Reduction.MEAN ? from : Math.max(from, trained);
    for (int i = first; i < to; i++) {
      G[i] /= n;
    }
  }

  /**
   * {@code ‖g_B‖²} of the mean gradient, whatever the reduction.
   *
   * @param squares the squares' sum of the trained part of what {@link #average} gives
   */
  double squaresOfMean(double squares, long count) {
    return settings.reduction() == Reduction.MEAN ? squares : squares / ((double) count * count);
  }

  /** Whether {@link #update(float[], int, int, double)} needs the gradient's norm. */
  boolean needsNorm() {
    return settings.clipping().norm() < Double.POSITIVE_INFINITY;
  }

  /**
   * Takes the step for parameters {@code from} to {@code to − 1}: the optimizer's for those that
   * are trained, and for statistics theirs.
   *
   * @param G the averaged gradient; limited in place
   * @param norm the norm of the whole averaged gradient, where {@link #needsNorm}
   */
  void update(float[] G, int from, int to, double norm) {
    int behind = Math.min(to, trained);
    if (from < behind) {
      settings.clipping().apply(G, from, behind, norm);
      optimizer.update(parameters, G, from, behind, lastLearningRate, step + 1);
    }
    for (int i = 0; i < statistics.size() && to > trained; i++) {
      follow(statistics.get(i), G, from, to);
    }
  }

  /** {@code running ← (1 − momentum) running + momentum value}. */
  private void follow(RunningStatistic statistic, float[] G, int from, int to) {
    float momentum = statistic.momentum();
    int behind = Math.min(to, statistic.to());
    for (int i = Math.max(from, statistic.from()); i < behind; i++) {
      parameters[i] = (1 - momentum) * parameters[i] + momentum * G[i];
    }
  }

  /** How many parameters, from the first on, are trained and count in a norm. */
  int trained() {
    return trained;
  }

  /** After all parameters have been updated. */
  void endUpdate(long count) {
    step++;
    examples += count;
  }

  /**
   * Makes sure that the weights are numbers. The loss may not tell: a batch's loss can be finite
   * while its gradient is not, and the next batch, or a maximum that swallows what is no number,
   * comes too late for a checkpoint.
   */
  void requireFinite() {
    for (ParameterTensor tensor : network.tensors()) {
      if (!isFinite(parameters, tensor)) {
        throw new TrainingDiverged(
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

  private static String notFinite(double value) {
    return Double.isNaN(value) ? "not a number" : "infinite";
  }

  /**
   * The first tensor, from the inputs on, that holds a number which is none.
   *
   * @param gradient empty where nobody has it
   */
  private String culprit(float[] gradient) {
    for (ParameterTensor tensor : network.tensors()) {
      if (!isFinite(parameters, tensor)) {
        return "training has diverged, %s is no longer finite".formatted(tensor.name());
      }
    }
    for (ParameterTensor tensor : network.tensors()) {
      if (gradient.length > 0 && !isFinite(gradient, tensor)) {
        return "the gradient of %s is not finite".formatted(tensor.name());
      }
    }
    return "the weights are still finite";
  }

  private static boolean isFinite(float[] numbers, ParameterTensor tensor) {
    return Norms.firstNonFinite(numbers, tensor.offset(), tensor.offset() + tensor.length()) < 0;
  }

  Network network() {
    return network;
  }

  TrainingSettings settings() {
    return settings;
  }

  Course course() {
    return course;
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
