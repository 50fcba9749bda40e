package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import minilote.datasets.Augmentation;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.RandomLabels;
import minilote.datasets.ValidationSplit;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Phase;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.GradientClipping;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.Schedule;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.TrainingProfile;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures steps of training: real ones, by {@link AllReduce} on whatever Spark is given, so that
 * what is measured is what a run does, whoever changes how it does it. Examples are made up, and
 * the learning rate is so small that nothing diverges.
 */
final class StepProbe implements AutoCloseable {
  private static final int FIRST_STEPS = 4;
  private static final int MOST_STEPS = 2000;
  private static final double LEARNING_RATE = 1e-9;

  private final JavaSparkContext spark;
  private final Network network;
  private final Loss loss;
  private final OptimizerSettings optimizer;
  private final ProbeData data;
  private final Examples examples;

  StepProbe(
      JavaSparkContext spark,
      Network network,
      Loss loss,
      OptimizerSettings optimizer,
      ProbeData data,
      int readers) {
    this.spark = spark;
    this.network = network;
    this.optimizer = optimizer;
    this.data = data;
    Dataset dataset = data.dataset();
    this.loss = loss;
    this.examples =
        new Examples(
            spark,
            data.folder(),
            dataset,
            Dataset.TRAIN,
            new ValidationSplit(data.examples(), 0, 0),
            readers,
            Placement.AUTO);
  }

  /**
   * Takes steps.
   *
   * @param tasks tasks side by side; each slot of the cluster takes one
   * @param lanes lanes {@code L} of a batch
   * @param batch examples of a batch
   * @param seconds about how long a measurement takes
   * @param measurements of which the middle one counts, after one that does not
   */
  StepTimes measure(int tasks, int lanes, int batch, double seconds, int measurements) {
    Run run = new Run(tasks, lanes, batch);
    long most = Math.min(MOST_STEPS, data.examples() / batch);
    long steps = Math.min(FIRST_STEPS, most);
    List<StepTimes> times = new ArrayList<>();
    for (int i = 0; i <= measurements; i++) {
      StepTimes time = run.advance(steps);
      steps = Math.max(Math.min(2, most), Math.min(most, Math.round(seconds / time.step())));
      if (i > 0) {
        times.add(time);
      }
    }
    times.sort(Comparator.comparingDouble(StepTimes::step));
    return times.get(times.size() / 2);
  }

  /** One run of jobs, each of which goes on where the last one has ended. */
  private final class Run {
    private final int tasks;
    private final int lanes;
    private final int batch;
    private final Profiler profiler = new Profiler(spark);
    private final AllReduce allReduce;
    private final TrainingState state;
    private StepTimes before = StepTimes.NONE;

    Run(int tasks, int lanes, int batch) {
      this.tasks = tasks;
      this.lanes = lanes;
      this.batch = batch;
      this.state = state(batch, lanes);
      this.allReduce = new AllReduce(spark, spec(batch, lanes), Synchronization.DEFAULT, profiler);
    }

    /** A job of so many steps. */
    StepTimes advance(long steps) {
      EpochShape shape = new EpochShape(0, 0, steps * batch, batch, false, lanes, tasks);
      long began = System.nanoTime();
      try (EpochData epoch = EpochData.of(examples, shape)) {
        allReduce.advance(epoch, 0, steps, state, (step, loss, correct, count) -> true);
      }
      profiler.ran(tasks, steps, System.nanoTime() - began);
      TrainingProfile profile = profiler.profile();
      if (profile == null) {
        throw new IllegalStateException("no step was taken");
      }
      StepTimes all = StepTimes.ofAllSteps(profile);
      StepTimes time = all.since(before, steps);
      before = all;
      return time;
    }
  }

  private LearnerSpec spec(int batch, int lanes) {
    Dataset dataset = data.dataset();
    return new LearnerSpec(
        network,
        loss,
        dataset.format(),
        Normalization.of(Normalization.STANDARDIZE, dataset),
        Augmentation.NONE,
        // So that memory is kept where blocks are the same anyway.
        network.exchangedChannels() > 0 ? (batch - 1 + lanes) / lanes : 0,
        EngineKind.AUTO.here());
  }

  private TrainingState state(int batch, int lanes) {
    TrainingSettings settings =
        new TrainingSettings(
            data.folder(),
            network.description(),
            null,
            TrainingSettings.Reduction.MEAN,
            batch,
            1,
            lanes,
            TrainingSettings.LastBatch.DROP,
            optimizer,
            LEARNING_RATE,
            Schedule.parse("constant", "0"),
            GradientClipping.NONE,
            Initialization.AUTO,
            null,
            Normalization.STANDARDIZE,
            Augmentation.NONE,
            EngineKind.AUTO,
            0,
            0,
            RandomLabels.NONE,
            0,
            0);
    return new TrainingState(
        network,
        settings,
        new Course(data.examples(), batch, 1_000_000),
        network.initialize(Initialization.AUTO, 0));
  }

  /**
   * Where a task's time of a step went, in seconds.
   *
   * @param compute its lanes: examples, products, activations
   * @param sums adding up gradients
   * @param update the optimizer
   * @param exchange sending to other executors
   * @param waiting for other tasks
   * @param job what a job takes beside its steps
   */
  record StepTimes(
      double compute, double sums, double update, double exchange, double waiting, double job) {
    static final StepTimes NONE = new StepTimes(0, 0, 0, 0, 0, 0);

    /** Of all steps together. */
    static StepTimes ofAllSteps(TrainingProfile profile) {
      return new StepTimes(
          of(profile, Phase.DATA)
              + of(profile, Phase.PRODUCTS)
              + of(profile, Phase.ACTIVATIONS)
              + of(profile, Phase.POOLING)
              + of(profile, Phase.OTHER),
          of(profile, Phase.SUMS),
          of(profile, Phase.OPTIMIZER),
          of(profile, Phase.EXCHANGE),
          of(profile, Phase.WAITING),
          share(profile, "spark") * profile.secondsPerStep() * profile.steps());
    }

    private static double of(TrainingProfile profile, Phase phase) {
      return share(profile, phase.name().toLowerCase(Locale.ROOT))
          * profile.secondsPerStep()
          * profile.steps();
    }

    /** Of one of the steps that were taken since then, and of the one job. */
    private StepTimes since(StepTimes before, long steps) {
      double n = steps;
      return new StepTimes(
          (compute - before.compute) / n,
          (sums - before.sums) / n,
          (update - before.update) / n,
          (exchange - before.exchange) / n,
          (waiting - before.waiting) / n,
          Math.max(0, job - before.job));
    }

    private static double share(TrainingProfile profile, String what) {
      Double share = profile.shares().get(what);
      return share == null ? 0 : share;
    }

    /** The whole step. */
    double step() {
      return compute + sums + update + exchange + waiting;
    }
  }

  @Override
  public void close() {
    examples.close();
  }
}
