package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.network.client.TransportClient;

/** What the tasks of a job in other JVMs say to the driver, and its answers. */
final class DriverLink implements Exchange.Receiver {
  private static final byte GATHER = 1;
  private static final byte REPORT = 2;
  private static final byte STATE = 3;
  private static final byte QUESTION = 4;

  private final UUID attempt;
  private final Assembly assembly;
  private final StepLog log;
  private final TrainingState before;
  private final StateTransfer transfer;
  private final Patience patience;

  /**
   * The driver's side.
   *
   * @param tasks how many tasks the job has
   * @param log where reported steps go
   * @param before the state that the job begins with, for those who ask for it
   * @param transfer takes the state at the end
   * @param patience with those who ask
   */
  DriverLink(
      UUID attempt,
      int tasks,
      StepLog log,
      TrainingState before,
      StateTransfer transfer,
      Patience patience) {
    this.before = before;
    this.transfer = transfer;
    this.patience = patience;
    this.attempt = attempt;
    this.assembly = new Assembly(tasks);
    this.log = log;
  }

  /** What a message of {@link Assembly} to the driver begins with. */
  static ByteBuffer gathering(UUID attempt) {
    return header(attempt, GATHER);
  }

  /** What a message of {@link Reports} to the driver begins with. */
  static ByteBuffer reporting(UUID attempt) {
    return header(attempt, REPORT);
  }

  /** Says to the driver that frames of {@link StateTransfer} follow. */
  static ByteBuffer handingOver(UUID attempt) {
    return header(attempt, STATE);
  }

  /** Asks the driver for frames of {@link StateTransfer} with the state that a job begins with. */
  static ByteBuffer asking(UUID attempt) {
    return header(attempt, QUESTION);
  }

  private static ByteBuffer header(UUID attempt, byte kind) {
    return Identity.put(ByteBuffer.allocate(Identity.BYTES + 1), attempt).put(kind).flip();
  }

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    switch (message.get()) {
      case GATHER -> assembly.received(message, from);
      case QUESTION -> Exchange.later(() -> StateTransfer.answer(from, before, patience));
      case STATE -> Exchange.readFrames(from, new FrameReader(transfer, 0));
      default -> {
        Reports.received(message, log);
        if (log.stopRequested()) {
          from.send(Peers.stopMessage(attempt));
        }
      }
    }
  }

  @Override
  public void lost(TransportClient connection) {
    // Spark tells that an executor is gone.
  }
}
