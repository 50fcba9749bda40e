package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.network.client.TransportClient;

/** What the tasks of a job in other JVMs say to the driver, and its answers. */
final class DriverLink implements Exchange.Receiver {
  private static final byte GATHER = 1;
  private static final byte REPORT = 2;

  private final UUID attempt;
  private final Assembly assembly;
  private final StepLog log;

  /**
   * The driver's side.
   *
   * @param tasks how many tasks the job has
   * @param log where reported steps go
   */
  DriverLink(UUID attempt, int tasks, StepLog log) {
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

  private static ByteBuffer header(UUID attempt, byte kind) {
    return ByteBuffer.allocate(2 * Long.BYTES + 1)
        .putLong(attempt.getMostSignificantBits())
        .putLong(attempt.getLeastSignificantBits())
        .put(kind)
        .flip();
  }

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    if (message.get() == GATHER) {
      assembly.received(message, from);
      return;
    }
    Reports.received(message, log);
    if (log.stopRequested()) {
      from.send(Peers.stopMessage(attempt));
    }
  }

  @Override
  public void lost(TransportClient connection) {
    // Spark tells that an executor is gone.
  }
}
