package minilote.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads what a process says on standard error, while it runs. */
final class LineReader {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final List<String> lines = new ArrayList<>();
  private final Thread thread;

  LineReader(Process process) {
    thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(
                      new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  synchronized (lines) {
                    lines.add(line);
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "line-reader");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for a line that begins so. */
  void await(String begin) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      synchronized (lines) {
        if (lines.stream().anyMatch(line -> line.startsWith(begin))) {
          return;
        }
      }
      assertTrue(thread.isAlive() && System.nanoTime() < end, () -> begin + " in\n" + text());
      Thread.sleep(20);
    }
  }

  String text() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** The last line of a process that has ended. */
  String last() throws InterruptedException {
    thread.join(LIMIT.toMillis());
    synchronized (lines) {
      return lines.get(lines.size() - 1);
    }
  }
}
