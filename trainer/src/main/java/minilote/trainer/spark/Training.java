package minilote.trainer.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import minilote.datasets.Dataset;
import minilote.datasets.TargetKind;
import minilote.datasets.UserError;
import minilote.datasets.ValidationSplit;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.ParameterRange;
import minilote.trainer.run.Checkpoint;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Model;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.RunJson;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
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
  private final Progress progress;
  private final @Nullable Checkpoint continued;
  private final List<String> warnings = new ArrayList<>();
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
    this.progress =
        new Progress(continued == null ? Position.START : continued.position(), metrics);
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
   * @throws TrainingFailed when the loss is no longer a number
   */
  public Optional<TrainingResult> run() throws IOException {
    Cluster cluster = Cluster.probe(spark);
    DataCheck.verify(spark, setup);
    int partitions =
        Math.min(setup.lanes(), options.partitions() > 0 ? options.partitions() : cluster.slots());
    int dataPartitions = options.partitions() > 0 ? options.partitions() : cluster.slots();
    if (continued == null) {
      folder.writeRun(RunJson.of(setup, spark.version(), cluster.blas(), cluster.toJson()));
    } else {
      warnings.addAll(RunJson.differences(folder.readRun(), spark.version(), cluster.blas()));
    }
    announce(cluster, partitions);

    TrainingState state = state();
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
            dataPartitions)) {
      if (!progress.finished()) {
        Synchronizer synchronizer = new TreeAggregate(spark, spec);
        if (!train(synchronizer, examples, spec, state, partitions)) {
          return Optional.empty();
        }
      }
      return Optional.of(finish(spec, examples, state, dataPartitions));
    }
  }

  private TrainingState state() {
    TrainingSettings settings = setup.settings();
    Course course = new Course(setup.examplesPerEpoch(), settings.batch(), settings.epochs());
    List<ParameterRange> decaying =
        setup.network().tensors().stream()
            .filter(ParameterTensor::weight)
            .map(tensor -> new ParameterRange(tensor.offset(), tensor.offset() + tensor.length()))
            .toList();
    TrainingState state =
        new TrainingState(
            setup.network(),
            settings,
            course,
            Optimizer.of(settings.optimizer(), setup.network().parameterCount(), decaying),
            setup.initialParameters());
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
      LearnerSpec spec,
      TrainingState state,
      int partitions)
      throws IOException {
    TrainingSettings settings = setup.settings();
    while (progress.epoch() < settings.epochs()) {
      EpochShape shape =
          new EpochShape(
              settings.seed(),
              progress.epoch(),
              setup.validation().trainingExamples(),
              settings.batch(),
              settings.lastBatch() == LastBatch.DROP,
              setup.lanes(),
              partitions);
      try (EpochData data =
          EpochData.shuffle(examples, setup.dataset().format().recordBytes(), shape)) {
        if (!trainEpoch(synchronizer, data, state)) {
          return false;
        }
      }
      Evaluation validated = validate(spec, examples, state);
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

  /** The steps of an epoch that are left; false where a stop was asked for. */
  private boolean trainEpoch(Synchronizer synchronizer, EpochData data, TrainingState state)
      throws IOException {
    long steps = data.shape().order().steps();
    progress.sittingBegins();
    while (progress.stepOfEpoch() < steps) {
      long from = progress.stepOfEpoch();
      long to = Math.min(steps, from + stepsToPause(state.step()));
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
                state.examples(),
                progress.meanLoss(),
                classified() ? progress.accuracy() : Double.NaN);
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
    long pause = Long.MAX_VALUE / 2;
    for (int every : new int[] {options.metricsSteps(), options.checkpointSteps()}) {
      if (every > 0) {
        pause = Math.min(pause, every - step % every);
      }
    }
    return pause;
  }

  private boolean classified() {
    return setup.dataset().format().targetKind() != TargetKind.NUMBERS;
  }

  private @Nullable Evaluation validate(LearnerSpec spec, Examples examples, TrainingState state) {
    if (setup.validation().validationExamples() == 0) {
      return null;
    }
    return evaluate(spec, examples, Evaluation.Subset.VALIDATION, state);
  }

  private Evaluation evaluate(
      LearnerSpec spec, Examples examples, Evaluation.Subset subset, TrainingState state) {
    Evaluation evaluation;
    try (Weights W = Weights.broadcast(spark, state.parameters())) {
      evaluation = Evaluation.of(spec, examples, subset, W);
    }
    if (!Double.isFinite(evaluation.loss())) {
      throw new TrainingFailed(
          "after step %d the loss is no longer a finite number: training has diverged; a smaller --learning-rate, a --warmup or --clip-norm may help"
              .formatted(state.step()));
    }
    return evaluation;
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
            classified() ? (Double) progress.accuracy() : null,
            validated == null ? null : (Double) validated.loss(),
            validated == null || !classified() ? null : (Double) validated.accuracy(),
            state.lastLearningRate(),
            progress.examplesPerSecond(),
            progress.seconds());
    progress.metrics().add(line);
    listener.measured(line);
  }

  private void checkpoint(TrainingState state) throws IOException {
    // The lines first: those after a checkpoint are cut off when it is continued from, missing ones
    // could not be found again.
    folder.writeMetrics(progress.metrics());
    Checkpoint checkpoint =
        new Checkpoint(progress.position(state), state.parameters(), state.optimizer().state());
    Path path = folder.writeCheckpoint(checkpoint, setup.network(), setup.sha256());
    folder.prune(options.keep(), progress.bestStep());
    listener.checkpointed(path);
  }

  /** Figures of the final weights, the model, and the result. */
  private TrainingResult finish(
      LearnerSpec spec, Examples examples, TrainingState state, int partitions) throws IOException {
    Integer best = null;
    if (setup.settings().patience() > 0 && progress.bestEpoch() != progress.epoch()) {
      best = progress.bestEpoch();
      Checkpoint kept = folder.checkpoint(progress.bestStep(), setup.network(), setup.sha256());
      state.restore(
          kept.position().step(), kept.position().examples(), kept.parameters(), kept.optimizer());
    } else if (setup.settings().patience() > 0) {
      best = progress.epoch();
    }
    listener.doing(
        "evaluating on %,d training examples".formatted(setup.validation().trainingExamples()));
    Figures train = figures(evaluate(spec, examples, Evaluation.Subset.TRAINING, state));
    Evaluation validated = validate(spec, examples, state);
    TrainingResult result =
        new TrainingResult(
            progress.epoch(),
            best,
            progress.steps(),
            train,
            validated == null ? null : figures(validated),
            test(spec, state, partitions),
            progress.seconds(),
            Model.weightsSha256(state.parameters()));
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

  private @Nullable Figures test(LearnerSpec spec, TrainingState state, int partitions) {
    Dataset.Split split = setup.dataset().splits().get(Dataset.TEST);
    if (split == null) {
      return null;
    }
    listener.doing("evaluating on %,d test examples".formatted(split.examples()));
    try (Examples examples =
        new Examples(
            spark,
            setup.settings().data(),
            setup.dataset(),
            Dataset.TEST,
            new ValidationSplit(split.examples(), 0, 0),
            partitions)) {
      return figures(evaluate(spec, examples, Evaluation.Subset.ALL, state));
    }
  }

  private Figures figures(Evaluation evaluation) {
    return new Figures(evaluation.loss(), classified() ? (Double) evaluation.accuracy() : null);
  }

  private void announce(Cluster cluster, int partitions) {
    warnings.addAll(cluster.warnings());
    if (partitions < cluster.slots() && options.partitions() == 0) {
      int enough = Integer.highestOneBit(cluster.slots());
      if (enough < cluster.slots()) {
        enough *= 2;
      }
      int most = Integer.highestOneBit(setup.settings().batch());
      warnings.add(
          "%d of %d slots stay idle: a batch has %d lanes%s"
              .formatted(
                  cluster.slots() - partitions,
                  cluster.slots(),
                  setup.lanes(),
                  setup.lanes() < most
                      ? ", and --lanes %d would use more of them (with other bits)"
                          .formatted(Math.min(enough, most))
                      : " and is too small for more"));
    }
    long used = setup.examplesPerEpoch();
    long left = setup.validation().trainingExamples() - used;
    if (left > 0) {
      warnings.add(
          "each epoch leaves out %d of %d training examples, other ones each time (--last-batch drop)"
              .formatted(left, used + left));
    }
    Dataset dataset = setup.dataset();
    listener.started(
        new RunDescription(
            setup.network(),
            dataset.name(),
            setup.validation().trainingExamples(),
            setup.validation().validationExamples(),
            dataset.splits().containsKey(Dataset.TEST) ? dataset.split(Dataset.TEST).examples() : 0,
            setup.settings().batch(),
            setup.lanes(),
            partitions,
            cluster.slots(),
            setup.stepsPerEpoch(),
            cluster.blas().describe(),
            progress.epoch()),
        List.copyOf(warnings));
  }
}
