package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import minilote.trainer.run.Synchronization;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Synchronous SGD as one barrier job for many steps. Its tasks hold the weights and their lanes of
 * every batch; in each step they add up their gradients and take the step themselves, so that a
 * step costs what it computes and no job. The sums are those of {@link TreeAggregate}, to the last
 * bit.
 *
 * <p>A job runs as a whole or not at all: Spark does not repeat single tasks of it. When one is
 * lost, this state stays what it was before the job, and the caller may try again.
 */
final class AllReduce implements Synchronizer {
  private static final long LISTENING_MILLIS = 20;
  private static final long LOOKING_NANOS = 1_000_000_000;

  /** How long slots may be missing that were there. */
  private static final long LACKING_NANOS = 10_000_000_000L;

  private final JavaSparkContext spark;
  private final LearnerSpec spec;
  private final Synchronization synchronization;
  private final @Nullable Profiler profiler;

  /** Given up; Spark may have held them back, which cannot be cancelled, and begin them later. */
  private final List<BarrierJob> abandoned = new ArrayList<>();

  // The last attempt on executors that has ended well, and where it led.
  private @Nullable UUID last;
  private @Nullable TrainingState lastState;
  private long lastStep;
  private List<float[]> staged = List.of();

  /**
   * For a run.
   *
   * @param profiler told where time goes, or null
   */
  AllReduce(
      JavaSparkContext spark,
      LearnerSpec spec,
      Synchronization synchronization,
      @Nullable Profiler profiler) {
    this.profiler = profiler;
    this.spark = spark;
    this.spec = spec;
    this.synchronization = synchronization;
  }

  @Override
  public EpochData epoch(Examples examples, EpochShape shape) {
    return EpochData.fetched(examples, shape, synchronization);
  }

  @Override
  public long advance(
      EpochData epoch, long from, long to, TrainingState state, StepListener listener) {
    Attempt.Held held = new Attempt.Held(state, new StepLog((int) (to - from)));
    return spark.isLocal()
        ? inThisJvm(epoch, from, to, held, listener)
        : onExecutors(epoch, from, to, held, listener);
  }

  private long inThisJvm(
      EpochData epoch, long from, long to, Attempt.Held held, StepListener listener) {
    try (Lent<Attempt.Held> lent = Lent.of(held)) {
      UUID id = UUID.randomUUID();
      Attempt attempt =
          new Attempt(id, from, to, synchronization, held.before, "", null, null, lent);
      return run(epoch, attempt, held, null, listener);
    }
  }

  private long onExecutors(
      EpochData epoch, long from, long to, Attempt.Held held, StepListener listener) {
    UUID id = UUID.randomUUID();
    TrainingState state = held.before;
    Exchange exchange = Exchange.get(synchronization.exchangePort());
    StateTransfer transfer = new StateTransfer(staged(state), "the executors");
    UUID previous = state == lastState && state.step() == lastStep ? last : null;
    // To all at once, who pass it on to each other; later, most executors have it.
    Broadcast<byte[]> numbers =
        previous == null ? spark.broadcast(state.numbers(0, state.parameters().length)) : null;
    exchange.register(
        id,
        new DriverLink(
            id,
            epoch.shape().partitions(),
            held.log,
            state,
            transfer,
            new Patience(null, synchronization.timeoutSeconds())));
    lastState = null; // Unless this one ends well: what it has sent so far may yet come.
    try {
      Attempt attempt =
          new Attempt(
              id, from, to, synchronization, state, exchange.address(), previous, numbers, null);
      long reached = run(epoch, attempt, held, transfer, listener);
      last = id;
      lastState = state;
      lastStep = state.step();
      return reached;
    } finally {
      exchange.unregister(id);
      if (numbers != null) {
        Released.broadcast(numbers);
      }
    }
  }

  /** Where executors hand over what they end with, so that a failure changes nothing. */
  private List<float[]> staged(TrainingState state) {
    if (state != lastState) {
      staged = state.arrays().stream().map(array -> new float[array.length]).toList();
    }
    return staged;
  }

  /** The job, and what it leaves. */
  private long run(
      EpochData epoch,
      Attempt attempt,
      Attempt.Held held,
      @Nullable StateTransfer transfer,
      StepListener listener) {
    TrainingState state = held.before;
    StepLog log = held.log;
    long from = attempt.from();
    BarrierJob job =
        BarrierJob.submit(
            spark, epoch.held().rdd(), new AllReduceTask(spec, epoch, attempt, profiler));
    int told = 0;
    try {
      long lookedAt = System.nanoTime();
      long lackingSince = lookedAt;
      while (!job.awaitEnd(LISTENING_MILLIS)) {
        told = tell(listener, epoch, from, told, log);
        long now = System.nanoTime();
        if (now - lookedAt > LOOKING_NANOS) {
          lookedAt = now;
          abandoned.forEach(BarrierJob::cancel);
          lackingSince = lacksSlots(job) ? lackingSince : now;
          if (now - lackingSince > LACKING_NANOS) {
            throw new AttemptFailed(
                new IllegalStateException(
                    "%d tasks are to begin at once, and there is room for %d"
                        .formatted(job.tasks(), Slots.of(spark))));
          }
        }
      }
    } catch (RuntimeException | Error e) {
      job.cancel();
      abandoned.add(job);
      throw e;
    }
    List<Outcome> outcomes = job.outcomes();
    if (held.after != null) {
      state.follow(held.after);
    } else if (transfer != null) {
      transfer.await(attempt.timeoutSeconds());
      transfer.copyTo(state.arrays());
      complete(log, outcomes);
      for (int i = 0; i < log.steps(); i++) {
        state.beginUpdate();
        state.endUpdate(epoch.shape().order().batchSize(from + i));
      }
    }
    tell(listener, epoch, from, told, log);
    long reached = from + log.steps();
    if (outcomes.get(0).diverged) {
      if (lanesExchange(epoch, state)) {
        throw state.diverged(outcomes.get(0).loss);
      }
      // Computed again, by the definition, which knows how to say what has happened.
      new TreeAggregate(spark, spec, null).advance(epoch, reached, reached + 1, state, listener);
      throw new IllegalStateException(
          "step %d has a finite loss after all".formatted(state.step()));
    }
    return reached;
  }

  /** Whether the definition cannot compute a step, since the layers of its lanes exchange. */
  private static boolean lanesExchange(EpochData epoch, TrainingState state) {
    return epoch.shape().lanes().count() > 1 && state.network().exchangedChannels() > 0;
  }

  /**
   * Whether the job waits for slots that an executor took with it when it was lost. (Without any
   * executor there is nothing to be tried again.)
   */
  private boolean lacksSlots(BarrierJob job) {
    int slots = Slots.of(spark);
    return slots > 0 && slots < job.tasks() && !job.runs();
  }

  /** Tells the listener of the steps that it does not know yet, until it says to stop. */
  private static int tell(
      StepListener listener, EpochData epoch, long from, int told, StepLog log) {
    int steps = log.steps();
    for (int i = told; i < steps; i++) {
      if (epoch.shape().measures(from + i)) {
        listener.measured(log.laneSquares(i), log.squares(i));
      }
      if (!listener.stepped(
          from + i, log.loss(i), log.correct(i), epoch.shape().order().batchSize(from + i))) {
        log.requestStop();
      }
    }
    return steps;
  }

  /** Adds the steps that tasks in other JVMs have not reported. */
  private static void complete(StepLog log, List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.leads) {
        for (int i = log.steps(); i < outcome.steps; i++) {
          log.add(
              i, outcome.losses[i], outcome.correct[i], outcome.laneSquares[i], outcome.squares[i]);
        }
      }
    }
  }
}
