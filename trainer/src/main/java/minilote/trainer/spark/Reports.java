package minilote.trainer.spark;

import java.nio.ByteBuffer;
import org.apache.spark.network.client.TransportClient;

/**
 * How the driver hears of a job's steps from another JVM while they are taken: for people to look
 * at, and to be asked whether to stop. What counts comes with the job's result.
 */
final class Reports {
  private static final int STEP = Double.BYTES + Long.BYTES + 2 * Double.BYTES;
  private static final long EVERY_NANOS = 50_000_000;
  private static final int MOST = 1024;

  private final StepLog log;
  private final ByteBuffer header;
  private final TransportClient driver;
  private int reported;
  private long last = System.nanoTime();

  /**
   * The side that reports.
   *
   * @param log what is reported
   * @param header what a message to the driver begins with
   * @param driver the connection to the driver's exchange
   */
  Reports(StepLog log, ByteBuffer header, TransportClient driver) {
    this.log = log;
    this.header = header;
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
        ByteBuffer.allocate(header.remaining() + 2 * Integer.BYTES + count * STEP)
            .put(header.duplicate())
            .putInt(reported)
            .putInt(count);
    for (int i = 0; i < count; i++) {
      int step = reported + i;
      message
          .putDouble(log.loss(step))
          .putLong(log.correct(step))
          .putDouble(log.laneSquares(step))
          .putDouble(log.squares(step));
    }
    reported += count;
    driver.send(message.flip());
  }

  /** The driver's side: takes the rest of a message that {@link #report} sent. */
  static void received(ByteBuffer message, StepLog log) {
    int first = message.getInt();
    for (int step = first, end = first + message.getInt(); step < end; step++) {
      log.add(
          step, message.getDouble(), message.getLong(), message.getDouble(), message.getDouble());
    }
  }
}
