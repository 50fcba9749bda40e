package minilote.datasets.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers each request as it was told to. */
public final class FileServer implements AutoCloseable {
  /** How one request is answered. */
  public interface Answer {
    void to(HttpExchange exchange, String range) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> ranges = new CopyOnWriteArrayList<>();

  public FileServer(Answer... answers) throws IOException {
    Collections.addAll(this.answers, answers);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "all" : range);
    Answer answer;
    synchronized (answers) {
      // The last answer serves all further requests.
      answer = answers.size() > 1 ? answers.pop() : answers.peek();
    }
    try (exchange) {
      answer.to(exchange, range == null ? "" : range);
    }
  }

  public URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/file.bin");
  }

  /** The Range headers of the requests so far; "all" for none. */
  public List<String> ranges() {
    return ranges;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** The file as a good server gives it: ranges where they are asked for. */
  public static Answer good(byte[] content, String tag) {
    return (exchange, range) -> {
      tag(exchange, tag);
      String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
      if (range.isEmpty() || !tag.equals(ifRange)) {
        send(exchange, 200, content, 0, content.length);
        return;
      }
      int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      if (from >= content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        send(exchange, 416, content, 0, 0);
        return;
      }
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
      send(exchange, 206, content, from, content.length);
    };
  }

  /** Knows nothing of ranges. */
  public static Answer withoutRanges(byte[] content, String tag) {
    return (exchange, range) -> {
      tag(exchange, tag);
      send(exchange, 200, content, 0, content.length);
    };
  }

  /**
   * Promises the whole file, sends its first bytes and closes the connection, a little later: a
   * client that learns of the end at once may throw away what it has not passed on yet.
   */
  public static Answer cut(byte[] content, int after, String tag) {
    return (exchange, range) -> {
      tag(exchange, tag);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, after);
      exchange.getResponseBody().flush();
      pause(300);
    };
  }

  /** Sends the first bytes, then nothing, and does not close the connection either. */
  public static Answer silent(byte[] content, int after, String tag) {
    return (exchange, range) -> {
      cut(content, after, tag).to(exchange, range);
      pause(60_000);
    };
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public static Answer status(int status) {
    return (exchange, range) -> exchange.sendResponseHeaders(status, -1);
  }

  private static void tag(HttpExchange exchange, String tag) {
    if (!tag.isEmpty()) {
      exchange.getResponseHeaders().set(tag.startsWith("\"") ? "ETag" : "Last-Modified", tag);
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] content, int from, int to)
      throws IOException {
    exchange.sendResponseHeaders(status, to == from ? -1 : to - from);
    if (to > from) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(content, from, to - from);
      }
    }
  }
}
