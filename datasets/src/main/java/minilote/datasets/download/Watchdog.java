package minilote.datasets.download;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes a stream that has been silent for too long. The HTTP client's own time limit ends with the
 * headers of an answer; a server that then falls silent would be waited for without end.
 */
final class Watchdog implements AutoCloseable {
  private final InputStream stream;
  private final Duration silence;
  private final Thread thread;
  private volatile long lastSign = System.nanoTime();
  private volatile boolean barked;

  Watchdog(InputStream stream, Duration silence) {
    this.stream = stream;
    this.silence = silence;
    this.thread = new Thread(this::watch, "download-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (true) {
        long left = silence.toNanos() - (System.nanoTime() - lastSign);
        if (left <= 0) {
          barked = true;
          stream.close();
          return;
        }
        Thread.sleep(left / 1_000_000 + 1);
      }
    } catch (InterruptedException | IOException e) {
      // interrupted: the stream has ended; failed to close: reading will fail as well
    }
  }

  /** Something came. */
  void calm() {
    lastSign = System.nanoTime();
  }

  /** Whether the stream was closed from here. */
  boolean barked() {
    return barked;
  }

  IOException failure() {
    return new IOException("nothing came for " + silence.toMillis() / 1000.0 + " seconds");
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
