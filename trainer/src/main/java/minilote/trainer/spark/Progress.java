package minilote.trainer.spark;

import java.util.List;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.GradientNoise;
import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * How far a training has come, and what its current epoch amounts to. What a checkpoint keeps
 * beside weights and optimizer.
 */
final class Progress {
  private final List<Metrics> metrics;
  private int epoch;
  private long stepOfEpoch;
  private long steps;
  private long examples;
  private double lossSum;
  private long correct;
  private long count;
  private GradientNoise noise = GradientNoise.NONE;
  private int bestEpoch;
  private long bestStep;
  private @Nullable Double bestLoss;
  private boolean finished;
  private Position consistent;

  private final double secondsBefore;
  private final long began = System.nanoTime();
  private long sittingBegan = System.nanoTime();
  private long sittingExamples;

  Progress(Position from, List<Metrics> metrics) {
    this.metrics = metrics;
    this.secondsBefore = from.seconds();
    this.consistent = from;
    goBack();
  }

  /** Here weights and optimizer are up to date; of the steps that follow it will be told first. */
  void consistentWith(TrainingState state) {
    consistent = position(state);
  }

  /** How far training had come when weights and optimizer were last brought up to date. */
  Position consistent() {
    return consistent;
  }

  /** Stands where weights and optimizer do; time goes on, and lines stay. */
  void goBack() {
    Position position = consistent;
    epoch = position.epoch();
    stepOfEpoch = position.stepOfEpoch();
    steps = position.step();
    examples = position.examples();
    lossSum = position.lossSum();
    correct = position.correct();
    count = position.count();
    noise = position.noise();
    bestEpoch = position.bestEpoch();
    bestStep = position.bestStep();
    bestLoss = position.bestLoss();
    finished = position.finished();
  }

  Position position(TrainingState state) {
    return new Position(
        epoch,
        stepOfEpoch,
        state.step(),
        state.examples(),
        lossSum,
        correct,
        count,
        bestEpoch,
        bestStep,
        bestLoss,
        metrics.size(),
        seconds(),
        finished,
        noise);
  }

  /** The steps of an epoch begin, or go on after an interruption. */
  void sittingBegins() {
    sittingBegan = System.nanoTime();
    sittingExamples = 0;
    if (stepOfEpoch == 0) {
      lossSum = 0;
      correct = 0;
      count = 0;
    }
  }

  void stepped(double batchLoss, long batchCorrect, long batchCount) {
    stepOfEpoch++;
    steps++;
    examples += batchCount;
    lossSum += batchLoss;
    correct += batchCorrect;
    count += batchCount;
    sittingExamples += batchCount;
  }

  /** Of the step that {@link #stepped} is told of next, if it is measured. */
  void measured(NoiseSampling sampling, double laneSquares, double squares) {
    noise = sampling.add(noise, laneSquares, squares);
  }

  /** All steps of the epoch are done; {@code validated} is null without validation examples. */
  void epochEnded(TrainingState state, @Nullable Evaluation validated) {
    epoch++;
    stepOfEpoch = 0;
    Double best = bestLoss;
    if (validated != null && (best == null || validated.loss() < best)) {
      bestLoss = validated.loss();
      bestEpoch = epoch;
      bestStep = state.step();
    }
  }

  void setFinished(boolean finished) {
    this.finished = finished;
  }

  /** Lines so far. */
  List<Metrics> metrics() {
    return metrics;
  }

  /** Epochs finished. */
  int epoch() {
    return epoch;
  }

  /** Steps taken of the epoch that is under way. */
  long stepOfEpoch() {
    return stepOfEpoch;
  }

  /** Updates over all epochs. */
  long steps() {
    return steps;
  }

  /** Examples that they used. */
  long examples() {
    return examples;
  }

  /** The epoch with the lowest validation loss; 0 before there is one. */
  int bestEpoch() {
    return bestEpoch;
  }

  long bestStep() {
    return bestStep;
  }

  /** Whether training is over. */
  boolean finished() {
    return finished;
  }

  /** Mean loss over the epoch so far, or over the one that has just ended. */
  double meanLoss() {
    return lossSum / count;
  }

  /** Of the gradients up to here. */
  GradientNoise noise() {
    return noise;
  }

  double accuracy() {
    return (double) correct / count;
  }

  /** Examples a second since this epoch began, or was continued. */
  double examplesPerSecond() {
    return sittingExamples / ((System.nanoTime() - sittingBegan) * 1e-9);
  }

  /** Training time, over all sittings. */
  double seconds() {
    return secondsBefore + (System.nanoTime() - began) * 1e-9;
  }
}
