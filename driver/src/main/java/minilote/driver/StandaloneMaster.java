package minilote.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether anybody listens where a standalone master is said to be, before Spark is
 * started: it tries for a minute, and then ends without saying that nobody did.
 */
final class StandaloneMaster {
  private static final String SCHEME = "spark://";

  /** A master that is just being started is there by then. */
  private static final int MOST_SECONDS = 20;

  private static final int CONNECT_MILLIS = 2_000;
  private static final int POLL_MILLIS = 250;

  private StandaloneMaster() {}

  /**
   * Waits until one of the masters of a URL, such as {@code spark://a:7077,b:7077}, can be reached;
   * not at all for masters of other kinds.
   *
   * @param seconds to wait at most
   * @param output is told that something is waited for
   * @throws ClusterLost where none can be reached
   */
  static void await(String master, int seconds, Output output) {
    if (!master.startsWith(SCHEME)) {
      return;
    }
    int limit = Math.min(seconds, MOST_SECONDS);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limit);
    boolean said = false;
    IOException reason = tryAll(master);
    while (reason != null) {
      if (System.nanoTime() > end) {
        throw new ClusterLost(
            "%s does not answer: is a master running there?".formatted(master), reason);
      }
      if (!said) {
        said = true;
        output.say("waiting for %s to answer, for %d s at most".formatted(master, limit));
      }
      pause();
      reason = tryAll(master);
    }
  }

  /** Null where one answers; else why the last one does not. */
  private static @Nullable IOException tryAll(String master) {
    IOException reason = null;
    for (String address : master.substring(SCHEME.length()).split(",", -1)) {
      URI uri;
      try {
        uri = URI.create(SCHEME + address);
      } catch (IllegalArgumentException e) {
        return null; // Spark says what is wrong with it.
      }
      if (uri.getHost() == null || uri.getPort() < 0) {
        return null;
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
        return null;
      } catch (IOException e) {
        reason = e;
      }
    }
    return reason;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a master", e);
    }
  }
}
