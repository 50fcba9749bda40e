package minilote.trainer.spark;

import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import minilote.datasets.Json;
import minilote.trainer.network.Network;
import minilote.trainer.optimizer.Course;
import minilote.trainer.optimizer.ParameterRange;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.network.client.TransportClient;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one job of {@link AllReduce}: what its tasks need to begin with, and how they hand
 * over what they have at the end. Tasks in the driver's own JVM are given the driver's objects,
 * others get copies.
 */
final class Attempt implements Serializable {
  private static final long serialVersionUID = 1L;

  private final UUID id;
  private final long from;
  private final long to;
  private final double timeoutSeconds;
  private final int exchangePort;
  private final long step;
  private final long examples;
  private final String network;
  private final String settings;
  private final long examplesPerEpoch;
  private final int batch;
  private final int epochs;
  private final int parameters;
  private final String driver;
  private final @Nullable UUID previous;
  private final @Nullable Broadcast<byte[]> numbers;
  private final @Nullable Lent<Held> held;

  /** What the driver has of an attempt, and shares with tasks in its own JVM. */
  static final class Held {
    final TrainingState before;
    final StepLog log;
    volatile @Nullable TrainingState after;

    Held(TrainingState before, StepLog log) {
      this.before = before;
      this.log = log;
    }
  }

  /**
   * An attempt.
   *
   * @param from the first step, within the epoch
   * @param to one past the last step
   * @param state where training stands; it stays as it is
   * @param driver where the driver's exchange listens; "" where all tasks are in this JVM
   * @param previous the attempt after which training stands here, whose executors may still have
   *     the state; null where there is none
   * @param numbers what {@link TrainingState#numbers} of it gave; null where all tasks are in this
   *     JVM, or executors that lack it are to ask for it
   * @param held lent to tasks in this JVM; null where they are in others
   */
  Attempt(
      UUID id,
      long from,
      long to,
      Synchronization synchronization,
      TrainingState state,
      String driver,
      @Nullable UUID previous,
      @Nullable Broadcast<byte[]> numbers,
      @Nullable Lent<Held> held) {
    this.driver = driver;
    this.previous = previous;
    this.id = id;
    this.from = from;
    this.to = to;
    this.timeoutSeconds = synchronization.timeoutSeconds();
    this.exchangePort = synchronization.exchangePort();
    this.step = state.step();
    this.examples = state.examples();
    this.network = state.network().toJson().toString();
    this.settings = state.settings().toJson().toString();
    this.examplesPerEpoch = state.course().examplesPerEpoch();
    this.batch = state.course().batch();
    this.epochs = state.course().epochs();
    this.parameters = state.parameters().length;
    this.numbers = numbers;
    this.held = held;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  double timeoutSeconds() {
    return timeoutSeconds;
  }

  int exchangePort() {
    return exchangePort;
  }

  /** How many parameters the network has. */
  int parameters() {
    return parameters;
  }

  UUID id() {
    return id;
  }

  /** Where the driver's exchange listens; "" where all tasks are in its JVM. */
  String driver() {
    return driver;
  }

  /** Whether this is the driver's JVM. */
  boolean inDriver() {
    return held != null;
  }

  /** Where the steps of a group are written down. */
  StepLog log() {
    return held != null ? held.get().log : new StepLog((int) (to - from));
  }

  /**
   * A state of this JVM's tasks' own.
   *
   * @param slice the parameters that they update
   */
  TrainingState state(ParameterRange slice) {
    if (held != null) {
      return held.get().before.copy();
    }
    TrainingState kept = KeptState.take(previous, slice);
    if (kept != null) {
      return kept;
    }
    TrainingState state =
        new TrainingState(
            Network.fromJson(Json.parse(network)),
            TrainingSettings.fromJson(Json.parse(settings)),
            new Course(examplesPerEpoch, batch, epochs),
            new float[parameters]);
    if (driver.isEmpty()) {
      throw new IllegalStateException(
          "attempt %s was to run in the driver's JVM, and runs in another".formatted(id));
    }
    state.restore(step, examples);
    if (numbers != null) {
      state.setNumbers(numbers.value(), 0, parameters);
    } else {
      TransportClient alone = Exchange.get(exchangePort).connectAlone(driver);
      StateTransfer.ask(alone, id, state, timeoutSeconds);
    }
    return state;
  }

  /** What a task has to say when all steps are done; nothing where another one says it. */
  List<Outcome> outcome(Group group, Muster muster, Patience patience) {
    if (muster.member() != 0) { // For each executor its first task.
      return List.of();
    }
    Outcome outcome = new Outcome();
    outcome.steps = group.log().steps();
    outcome.diverged = group.diverged();
    outcome.loss = group.loss();
    outcome.leads = muster.leads();
    if (held != null) {
      held.get().after = group.state();
    } else {
      if (muster.leads()) {
        outcome.losses = group.log().losses();
        outcome.correct = group.log().correct();
        outcome.laneSquares = group.log().laneSquares();
        outcome.squares = group.log().squares();
      }
      TransportClient alone = Exchange.get(exchangePort).connectAlone(driver);
      alone.send(DriverLink.handingOver(id));
      StateTransfer.send(alone, group.state().arrays(), group.slice(), patience);
      KeptState.keep(id, group.slice(), group.state());
    }
    return List.of(outcome);
  }
}
