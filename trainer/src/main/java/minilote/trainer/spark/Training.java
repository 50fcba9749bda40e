package minilote.trainer.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.trainer.run.Checkpoint;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.Lease;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingInterrupted;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * One run, from its first step to its model: epochs of steps ({@link EpochSteps}), a validation and
 * a checkpoint after each ({@link Records}), figures at the end. What a step does is in {@link
 * TreeAggregate} and {@link TrainingState#update}.
 */
public final class Training {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final RunFolder folder;
  private final TrainingSetup setup;
  private final Progress progress;
  private final @Nullable Checkpoint continued;
  private final List<String> warnings = new ArrayList<>();
  private final @Nullable Profiler profiler;
  private @Nullable TrainingState state;
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
    this.continued = continued;
    this.profiler = options.profile() ? new Profiler(spark) : null;
    this.progress =
        new Progress(continued == null ? Position.START : continued.position(), metrics);
  }

  /** How many tasks the cluster computes at once. */
  public static int slots(JavaSparkContext spark) {
    return Slots.of(spark);
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
    try (Lease lease = folder.lease(warnings::add);
        Records records = new Records(folder, lease, setup, options, listener, progress)) {
      return trainOrSave(records);
    }
  }

  private Optional<TrainingResult> trainOrSave(Records records) throws IOException {
    try {
      Optional<TrainingResult> result = trainAndFinish(records);
      records.settle();
      return result;
    } catch (TrainingFailed | UserError e) {
      settle(records, e);
      throw e;
    } catch (Exception e) { // Scala does not declare what it throws.
      if (state == null) {
        throw e;
      }
      Thread.interrupted(); // Where that has ended the wait, it must not end the writing too.
      saveSteps(state, records, e);
      throw new TrainingInterrupted(
          folder.path(), records.saved(), setup.course().stepsPerEpoch(), e);
    }
  }

  private static void settle(Records records, Exception cause) {
    try {
      records.settle();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e); // Then the checkpoint before it has to do.
    }
  }

  /**
   * Where steps were taken since the newest checkpoint, leaves one that has them: the driver holds
   * all that it needs.
   */
  private void saveSteps(TrainingState state, Records records, Exception cause) {
    settle(records, cause);
    if (state.step() < progress.steps() && state.step() == progress.consistent().step()) {
      progress.goBack(); // Of later steps it was told, but has not their weights.
    }
    boolean whole = state.step() == progress.steps(); // else it broke off within a step's end
    if (whole && state.step() > records.saved().step()) {
      try {
        records.checkpoint(state);
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
      settle(records, cause);
    }
  }

  private Optional<TrainingResult> trainAndFinish(Records records) throws IOException {
    Cluster cluster =
        Cluster.probe(
            spark,
            continued == null ? setup.settings().engine() : RunJson.engine(folder.readRun()));
    DataCheck.verify(spark, setup);
    Synchronizers synchronizers = Synchronizers.choose(spark, options.synchronization());
    synchronizers.check(setup);
    int partitions = synchronizers.partitions(setup, options, cluster.slots());
    int dataPartitions = options.partitions() > 0 ? options.partitions() : cluster.slots();
    if (continued == null) {
      folder.writeRun(
          RunJson.of(
              setup,
              spark.version(),
              cluster.numerics(),
              cluster.toJson().put("synchronizer", synchronizers.word())));
    } else {
      warnings.addAll(RunJson.differences(folder.readRun(), spark.version(), cluster.numerics()));
    }
    warnings.addAll(cluster.warnings());
    warnings.addAll(Advice.of(setup, cluster.slots(), partitions, options.partitions() > 0));
    listener.started(
        description(cluster, partitions, synchronizers.describe()), List.copyOf(warnings));

    TrainingState state = beginning();
    this.state = state;
    LearnerSpec spec =
        new LearnerSpec(
            setup.network(),
            setup.loss(),
            setup.dataset().format(),
            setup.normalization(),
            setup.settings().augmentation(),
            setup.largestLane(),
            cluster.numerics().engine());
    try (Examples examples =
        new Examples(
            spark,
            setup.settings().data(),
            setup.dataset(),
            Dataset.TRAIN,
            setup.validation(),
            setup.settings().randomLabels(),
            dataPartitions,
            options.placement())) {
      Judge judge = new Judge(spark, setup, spec, examples, dataPartitions, listener);
      if (!progress.finished()) {
        // With the first step, which may wait for it a good while.
        listener.doing(
            "reading %,d examples (--placement %s)"
                .formatted(examples.count(), examples.placement().name().toLowerCase(Locale.ROOT)));
        EpochSteps steps =
            new EpochSteps(
                spark,
                setup,
                options,
                listener,
                synchronizers.of(spark, spec, profiler),
                examples,
                partitions,
                progress,
                records,
                () -> stopRequested,
                profiler);
        if (!train(steps, judge, state, records)) {
          return Optional.empty();
        }
        records.settle(); // Nothing is to be evaluated that is not worth keeping.
      }
      if (profiler != null && profiler.profile() != null) {
        listener.profiled(profiler.profile());
      }
      return Optional.of(finish(judge, state, records));
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
        setup.course().stepsPerEpoch(),
        cluster.numerics().describe(),
        progress.steps());
  }

  private TrainingState beginning() {
    TrainingState state =
        new TrainingState(
            setup.network(), setup.settings(), setup.course(), setup.initialParameters());
    if (continued != null) {
      state.restore(continued);
    }
    return state;
  }

  /** All epochs that are left; false where a stop was asked for. */
  private boolean train(EpochSteps steps, Judge judge, TrainingState state, Records records)
      throws IOException {
    TrainingSettings settings = setup.settings();
    while (progress.epoch() < settings.epochs()) {
      if (!steps.take(state)) {
        return false;
      }
      Evaluation validated = judge.validation(state);
      progress.epochEnded(state, validated);
      records.measureEpoch(state, validated);
      boolean enough =
          settings.patience() > 0 && progress.epoch() - progress.bestEpoch() >= settings.patience();
      progress.setFinished(enough || progress.epoch() == settings.epochs());
      records.checkpoint(state);
      if (progress.finished()) {
        break;
      }
      if (stopRequested) {
        return false;
      }
    }
    return true;
  }

  /** Figures of the final weights, the model, and the result. */
  private TrainingResult finish(Judge judge, TrainingState state, Records records)
      throws IOException {
    Integer best = null;
    if (setup.settings().patience() > 0) {
      best = progress.bestEpoch();
      if (best != progress.epoch()) {
        state.restore(records.best());
      }
    }
    TrainingResult result = judge.result(progress, best, state);
    records.finish(state, result);
    return result;
  }
}
