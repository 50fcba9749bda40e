package minilote.trainer.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.trainer.optimizer.Course;
import minilote.trainer.run.Checkpoint;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.Lease;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Model;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingInterrupted;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSettings.LastBatch;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * One run, from its first step to its model: epochs of steps, a validation and a checkpoint after
 * each, figures at the end. What a step does is in {@link TreeAggregate} and {@link
 * TrainingState#update}.
 */
public final class Training {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final RunFolder folder;
  private final TrainingSetup setup;
  private final String settingsSha256; // over a model's weights too, so not at every checkpoint
  private final Progress progress;
  private final @Nullable Checkpoint continued;
  private final List<String> warnings = new ArrayList<>();

  /** How far training had come when weights and optimizer were last brought up to date. */
  private Position consistent;

  private @Nullable Lease lease;
  private @Nullable TrainingState state;
  private Position saved;
  private volatile boolean stopRequested;

  private Training(
      JavaSparkContext spark,
      TrainingOptions options,
      TrainingListener listener,
      RunFolder folder,
      TrainingSetup setup,
      @Nullable Checkpoint continued,
      List<Metrics> metrics) {
    this.spark = spark;
    this.options = options;
    this.listener = listener;
    this.folder = folder;
    this.setup = setup;
    this.settingsSha256 = setup.sha256();
    this.continued = continued;
    this.saved = continued == null ? Position.START : continued.position();
    this.progress = new Progress(saved, metrics);
    this.consistent = saved;
  }

  /**
   * A new run.
   *
   * @param out its folder, any Hadoop URI, in which there must be no run yet
   * @throws UserError where settings, data and folder do not fit together
   */
  public static Training start(
      JavaSparkContext spark,
      TrainingSettings settings,
      TrainingOptions options,
      Path out,
      TrainingListener listener)
      throws IOException {
    RunFolder folder = new RunFolder(out, spark.hadoopConfiguration());
    folder.requireNew();
    TrainingSetup setup = TrainingSetup.of(settings, folder.configuration());
    return new Training(spark, options, listener, folder, setup, null, new ArrayList<>());
  }

  /**
   * A run that was stopped, or whose driver was lost, from its newest whole checkpoint, or from the
   * beginning where there is none. Its settings are those of its {@code run.json}.
   *
   * @throws UserError where there is no such run, or its data has changed
   */
  public static Training resume(
      JavaSparkContext spark, TrainingOptions options, Path out, TrainingListener listener)
      throws IOException {
    RunFolder folder = new RunFolder(out, spark.hadoopConfiguration());
    ObjectNode run = folder.readRun();
    TrainingSetup setup = RunJson.setup(folder, run);
    List<String> warnings = new ArrayList<>();
    Checkpoint checkpoint = folder.newestCheckpoint(setup.network(), setup.sha256(), warnings::add);
    List<Metrics> metrics = folder.readMetrics();
    int lines = checkpoint == null ? 0 : checkpoint.position().metricsLines();
    if (lines > metrics.size()) {
      throw new UserError(
          "%s has %d lines, the checkpoint was written after %d: the folder's files are not of one run"
              .formatted(new Path(out, RunFolder.METRICS), metrics.size(), lines));
    }
    Training training =
        new Training(
            spark,
            options,
            listener,
            folder,
            setup,
            checkpoint,
            new ArrayList<>(metrics.subList(0, lines)));
    training.warnings.addAll(warnings);
    return training;
  }

  /**
   * Asks the training to stop after the step that is under way and to leave a checkpoint; from any
   * thread.
   */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains.
   *
   * @return how it ended; empty when it was stopped on request, with a checkpoint to resume from
   * @throws UserError where another process trains in the folder
   * @throws TrainingFailed when the loss is no longer a number
   * @throws TrainingInterrupted when something else went wrong after training had begun: a
   *     checkpoint has all steps that were taken, if it could still be written
   */
  public Optional<TrainingResult> run() throws IOException {
    try (Lease held = folder.lease(warnings::add)) {
      lease = held;
      return trainOrSave();
    }
  }

  private Optional<TrainingResult> trainOrSave() throws IOException {
    try {
      return trainAndFinish();
    } catch (TrainingFailed | UserError e) {
      throw e;
    } catch (Exception e) { // Scala does not declare what it throws.
      if (state == null) {
        throw e;
      }
      Thread.interrupted(); // Where that has ended the wait, it must not end the writing too.
      saveSteps(state, e);
      throw new TrainingInterrupted(folder.path(), saved, setup.stepsPerEpoch(), e);
    }
  }

  /**
   * Where steps were taken since the newest checkpoint, leaves one that has them: the driver holds
   * all that it needs.
   */
  private void saveSteps(TrainingState state, Exception cause) {
    if (state.step() < progress.steps() && state.step() == consistent.step()) {
      progress.goBackTo(consistent); // Of later steps it was told, but has not their weights.
    }
    boolean whole = state.step() == progress.steps(); // else it broke off within a step's end
    if (whole && state.step() > saved.step()) {
      try {
        checkpoint(state);
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e); // Then the one before it has to do.
      }
    }
  }

  private Optional<TrainingResult> trainAndFinish() throws IOException {
    Cluster cluster = Cluster.probe(spark);
    DataCheck.verify(spark, setup);
    Synchronizers synchronizers = Synchronizers.choose(spark, options.synchronization());
    int partitions = synchronizers.partitions(setup, options, cluster.slots());
    int dataPartitions = options.partitions() > 0 ? options.partitions() : cluster.slots();
    if (continued == null) {
      folder.writeRun(
          RunJson.of(
              setup,
              spark.version(),
              cluster.blas(),
              cluster.toJson().put("synchronizer", synchronizers.word())));
    } else {
      warnings.addAll(RunJson.differences(folder.readRun(), spark.version(), cluster.blas()));
    }
    warnings.addAll(cluster.warnings());
    warnings.addAll(Advice.of(setup, cluster.slots(), partitions, options.partitions() > 0));
    listener.started(
        description(cluster, partitions, synchronizers.describe()), List.copyOf(warnings));

    TrainingState state = beginning();
    this.state = state;
    LearnerSpec spec =
        new LearnerSpec(
            setup.network(), setup.loss(), setup.dataset().format(), setup.normalization());
    try (Examples examples =
        new Examples(
            spark,
            setup.settings().data(),
            setup.dataset(),
            Dataset.TRAIN,
            setup.validation(),
            dataPartitions,
            options.placement())) {
      Judge judge = new Judge(spark, setup, spec, examples, dataPartitions, listener);
      if (!progress.finished()) {
        if (!train(synchronizers.of(spark, spec), examples, judge, state, partitions)) {
          return Optional.empty();
        }
      }
      return Optional.of(finish(judge, state));
    }
  }

  private RunDescription description(Cluster cluster, int partitions, String synchronizer) {
    return new RunDescription(
        setup.network(),
        setup.dataset().name(),
        setup.validation().trainingExamples(),
        setup.validation().validationExamples(),
        setup.testExamples(),
        setup.settings().batch(),
        setup.lanes(),
        partitions,
        cluster.slots(),
        synchronizer,
        setup.stepsPerEpoch(),
        cluster.blas().describe(),
        progress.epoch());
  }

  private TrainingState beginning() {
    TrainingSettings settings = setup.settings();
    Course course = new Course(setup.examplesPerEpoch(), settings.batch(), settings.epochs());
    TrainingState state =
        new TrainingState(setup.network(), settings, course, setup.initialParameters());
    if (continued != null) {
      Position position = continued.position();
      state.restore(
          position.step(), position.examples(), continued.parameters(), continued.optimizer());
    }
    return state;
  }

  /** All epochs that are left; false where a stop was asked for. */
  private boolean train(
      Synchronizer synchronizer,
      Examples examples,
      Judge judge,
      TrainingState state,
      int partitions)
      throws IOException {
    TrainingSettings settings = setup.settings();
    // With the first step, which may wait for it a good while.
    listener.doing(
        "reading %,d examples (--placement %s)"
            .formatted(examples.count(), examples.placement().name().toLowerCase(Locale.ROOT)));
    while (progress.epoch() < settings.epochs()) {
      if (!trainEpoch(synchronizer, examples, state, partitions)) {
        return false;
      }
      Evaluation validated = judge.validation(state);
      progress.epochEnded(state, validated);
      measure(state, true, validated);
      boolean enough =
          settings.patience() > 0 && progress.epoch() - progress.bestEpoch() >= settings.patience();
      progress.setFinished(enough || progress.epoch() == settings.epochs());
      checkpoint(state);
      if (progress.finished()) {
        break;
      }
      if (stopRequested) {
        return false;
      }
    }
    return true;
  }

  /**
   * The steps of an epoch that are left, tried again where tasks are lost; false where a stop was
   * asked for.
   */
  private boolean trainEpoch(
      Synchronizer synchronizer, Examples examples, TrainingState state, int partitions)
      throws IOException {
    int failures = 0;
    long failedAt = -1;
    int parts = partitions;
    while (true) {
      try (EpochData data = EpochData.of(examples, shape(parts))) {
        return trainEpoch(synchronizer, data, state);
      } catch (AttemptFailed e) {
        progress.goBackTo(consistent);
        failures = state.step() > failedAt ? 1 : failures + 1;
        failedAt = state.step();
        if (failures > options.synchronization().retries() || stopRequested) {
          throw e;
        }
        parts = Math.min(partitions, Cluster.awaitSlots(spark, partitions));
        listener.doing(
            "a task was lost; going on from update %,d with %d %s (%s)"
                .formatted(state.step(), parts, parts == 1 ? "task" : "tasks", e.getMessage()));
      }
    }
  }

  private EpochShape shape(int partitions) {
    TrainingSettings settings = setup.settings();
    return new EpochShape(
        settings.seed(),
        progress.epoch(),
        setup.validation().trainingExamples(),
        settings.batch(),
        settings.lastBatch() == LastBatch.DROP,
        setup.lanes(),
        partitions);
  }

  /** The steps of an epoch that are left; false where a stop was asked for. */
  private boolean trainEpoch(Synchronizer synchronizer, EpochData data, TrainingState state)
      throws IOException {
    long steps = data.shape().order().steps();
    progress.sittingBegins();
    while (progress.stepOfEpoch() < steps) {
      long from = progress.stepOfEpoch();
      long to = Math.min(steps, from + stepsToPause(state.step()));
      consistent = progress.position(state);
      synchronizer.advance(
          data,
          from,
          to,
          state,
          (step, loss, correct, count) -> {
            progress.stepped(loss, correct, count);
            listener.stepped(
                progress.epoch() + 1,
                step + 1,
                steps,
                progress.examples(),
                progress.meanLoss(),
                setup.classified() ? progress.accuracy() : Double.NaN);
            return !stopRequested;
          });
      if (progress.stepOfEpoch() == steps) {
        break; // What is due here is due at the epoch's end in any case.
      }
      if (isDue(options.metricsSteps(), state.step())) {
        measure(state, false, null);
      }
      if (stopRequested || isDue(options.checkpointSteps(), state.step())) {
        checkpoint(state);
      }
      if (stopRequested) {
        return false;
      }
    }
    return true;
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

  private void measure(TrainingState state, boolean epochEnd, @Nullable Evaluation validated)
      throws IOException {
    Metrics line =
        new Metrics(
            epochEnd ? progress.epoch() : progress.epoch() + 1,
            state.step(),
            state.examples(),
            epochEnd,
            progress.meanLoss(),
            setup.classified() ? (Double) progress.accuracy() : null,
            validated == null ? null : (Double) validated.loss(),
            validated == null || !setup.classified() ? null : (Double) validated.accuracy(),
            state.lastLearningRate(),
            progress.examplesPerSecond(),
            progress.seconds());
    progress.metrics().add(line);
    listener.measured(line);
  }

  private void checkpoint(TrainingState state) throws IOException {
    if (lease != null && lease.isLost()) {
      throw new TrainingFailed(
          "another process has taken over the run in %s: this one ends, and leaves it alone"
              .formatted(folder.path()));
    }
    state.requireFinite(); // Nothing can be continued from numbers that are none.
    // The lines first: those after a checkpoint are cut off when it is continued from, missing ones
    // could not be found again.
    folder.writeMetrics(progress.metrics());
    Position position = progress.position(state);
    Checkpoint checkpoint = new Checkpoint(position, state.parameters(), state.optimizer().state());
    Path path = folder.writeCheckpoint(checkpoint, setup.network(), settingsSha256);
    saved = position;
    folder.prune(options.keep(), progress.bestStep());
    listener.checkpointed(path);
  }

  /** Figures of the final weights, the model, and the result. */
  private TrainingResult finish(Judge judge, TrainingState state) throws IOException {
    Integer best = null;
    if (setup.settings().patience() > 0 && progress.bestEpoch() != progress.epoch()) {
      best = progress.bestEpoch();
      Checkpoint kept = folder.checkpoint(progress.bestStep(), setup.network(), settingsSha256);
      state.restore(
          kept.position().step(), kept.position().examples(), kept.parameters(), kept.optimizer());
    } else if (setup.settings().patience() > 0) {
      best = progress.epoch();
    }
    TrainingResult result = judge.result(progress, best, state);
    folder.writeModel(
        new Model(
            setup.network(),
            setup.loss(),
            setup.dataset().format(),
            setup.normalization(),
            setup.dataset().classNames(),
            state.parameters()));
    folder.writeMetrics(progress.metrics());
    folder.writeResult(result);
    return result;
  }
}
