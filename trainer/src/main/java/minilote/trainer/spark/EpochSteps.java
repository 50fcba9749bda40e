package minilote.trainer.spark;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.LastBatch;
import minilote.trainer.run.TrainingSetup;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a training, an epoch at a time: as many together as nothing is to be written in
 * between, and again from where the weights stand when tasks were lost.
 */
final class EpochSteps {
  private final JavaSparkContext spark;
  private final TrainingSetup setup;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Synchronizer synchronizer;
  private final Examples examples;
  private final int partitions;
  private final Progress progress;
  private final Records records;
  private final BooleanSupplier stopRequested;
  private final @Nullable Profiler profiler;

  /**
   * For a training.
   *
   * @param partitions how many partitions hold the lanes
   * @param progress told of every step
   * @param records of what is due between steps
   * @param stopRequested whether to stop after the step that is under way
   * @param profiler told where time goes, or null
   */
  EpochSteps(
      JavaSparkContext spark,
      TrainingSetup setup,
      TrainingOptions options,
      TrainingListener listener,
      Synchronizer synchronizer,
      Examples examples,
      int partitions,
      Progress progress,
      Records records,
      BooleanSupplier stopRequested,
      @Nullable Profiler profiler) {
    this.spark = spark;
    this.setup = setup;
    this.options = options;
    this.listener = listener;
    this.synchronizer = synchronizer;
    this.examples = examples;
    this.partitions = partitions;
    this.progress = progress;
    this.records = records;
    this.stopRequested = stopRequested;
    this.profiler = profiler;
  }

  /**
   * Takes the steps of the epoch under way that are left.
   *
   * @return whether to go on; false where a stop was asked for within the epoch
   * @throws AttemptFailed where tasks are lost again and again
   */
  boolean take(TrainingState state) throws IOException {
    int failures = 0;
    long failedAt = -1;
    int parts = partitions;
    while (true) {
      try {
        return take(state, parts);
      } catch (AttemptFailed e) {
        progress.goBack();
        examples.unsettle();
        failures = state.step() > failedAt ? 1 : failures + 1;
        failedAt = state.step();
        if (failures > options.synchronization().retries() || stopRequested.getAsBoolean()) {
          throw e;
        }
        parts = Math.min(partitions, Cluster.awaitSlots(spark, partitions));
        listener.doing(
            "a task was lost (%s); going on from update %,d with %d %s"
                .formatted(e.reason(), state.step(), parts, parts == 1 ? "task" : "tasks"));
      }
    }
  }

  private boolean take(TrainingState state, int parts) throws IOException {
    long began = System.nanoTime();
    long step = state.step();
    try (EpochData data = synchronizer.epoch(examples, shape(parts))) {
      boolean goesOn = take(data, state);
      if (profiler != null) {
        profiler.ran(parts, state.step() - step, System.nanoTime() - began);
      }
      return goesOn;
    }
  }

  private EpochShape shape(int parts) {
    TrainingSettings settings = setup.settings();
    return new EpochShape(
        settings.seed(),
        progress.epoch(),
        setup.validation().trainingExamples(),
        settings.batch(),
        settings.lastBatch() == LastBatch.DROP,
        setup.lanes(),
        setup.network().laneGhost(),
        parts);
  }

  private boolean take(EpochData data, TrainingState state) throws IOException {
    long steps = data.shape().order().steps();
    progress.sittingBegins();
    while (progress.stepOfEpoch() < steps) {
      long from = progress.stepOfEpoch();
      long to = Math.min(steps, from + stepsToPause(state.step()));
      progress.consistentWith(state);
      synchronizer.advance(data, from, to, state, new Told(data.shape()));
      if (progress.stepOfEpoch() == steps) {
        break; // What is due here is due at the epoch's end in any case.
      }
      boolean stops = stopRequested.getAsBoolean();
      if (isDue(options.metricsSteps(), state.step())) {
        records.measure(state);
      }
      if (stops || isDue(options.checkpointSteps(), state.step())) {
        records.checkpoint(state);
      }
      if (stops) {
        return false;
      }
    }
    return true;
  }

  /** What a synchronizer finds in its steps, for those who keep it and those who look at it. */
  private final class Told implements Synchronizer.StepListener {
    private final EpochShape shape;
    private final long steps;

    Told(EpochShape shape) {
      this.shape = shape;
      this.steps = shape.order().steps();
    }

    @Override
    public void measured(double laneSquares, double squares) {
      progress.measured(shape.sampling(), laneSquares, squares);
    }

    @Override
    public boolean stepped(long step, double loss, long correct, long count) {
      progress.stepped(loss, correct, count);
      listener.stepped(
          progress.epoch() + 1,
          step + 1,
          steps,
          progress.examples(),
          progress.meanLoss(),
          setup.classified() ? progress.accuracy() : Double.NaN);
      records.look();
      return !stopRequested.getAsBoolean();
    }
  }

  private static boolean isDue(int every, long step) {
    return every > 0 && step % every == 0;
  }

  /** Steps until the next one after which something is to be written. */
  private long stepsToPause(long step) {
    long pause = Synchronizer.MOST_STEPS;
    for (int every : new int[] {options.metricsSteps(), options.checkpointSteps()}) {
      if (every > 0) {
        pause = Math.min(pause, every - step % every);
      }
    }
    return pause;
  }
}
