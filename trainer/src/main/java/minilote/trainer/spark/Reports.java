package minilote.trainer.spark;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.network.client.TransportClient;

/**
 * How the driver hears of a job's steps from another JVM while they are taken: for people to look
 * at, and to be asked whether to stop. What counts comes with the job's result.
 */
final class Reports {
  private static final int HEADER = 2 * Long.BYTES + 2 * Integer.BYTES;
  private static final int STEP = Double.BYTES + Long.BYTES;
  private static final long EVERY_NANOS = 50_000_000;
  private static final int MOST = 1024;

  private final UUID attempt;
  private final StepLog log;
  private final TransportClient driver;
  private int reported;
  private long last = System.nanoTime();

  /**
   * The side that reports.
   *
   * @param log what is reported
   * @param driver the connection to the driver's exchange
   */
  Reports(UUID attempt, StepLog log, TransportClient driver) {
    this.attempt = attempt;
    this.log = log;
    this.driver = driver;
  }

  /** Reports what is new, some times a second. */
  void report() {
    long now = System.nanoTime();
    if (now - last < EVERY_NANOS) {
      return;
    }
    last = now;
    int count = Math.min(MOST, log.steps() - reported);
    ByteBuffer message =
        ByteBuffer.allocate(HEADER + count * STEP)
            .putLong(attempt.getMostSignificantBits())
            .putLong(attempt.getLeastSignificantBits())
            .putInt(reported)
            .putInt(count);
    for (int i = 0; i < count; i++) {
      message.putDouble(log.loss(reported + i)).putLong(log.correct(reported + i));
    }
    reported += count;
    driver.send(message.flip());
  }

  /** The side that hears: the driver's. */
  static Exchange.Receiver listener(UUID attempt, StepLog log) {
    return new Exchange.Receiver() {
      @Override
      public void received(ByteBuffer message, TransportClient from) {
        int first = message.getInt();
        int count = message.getInt();
        for (int i = 0; i < count; i++) {
          log.add(first + i, message.getDouble(), message.getLong());
        }
        if (log.stopRequested()) {
          from.send(Peers.stopMessage(attempt));
        }
      }

      @Override
      public void lost(TransportClient connection) {
        // The job's result will tell.
      }
    };
  }
}
