package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.network.client.TransportClient;

/**
 * How the tasks of a job get to know each other, with the help of the driver: each tells something,
 * and gets what all have told when the last one has. (A barrier task's own {@code allGather} looks
 * only once a second whether the others have come.)
 */
final class Assembly {
  private static final long LISTENING_MILLIS = 20;

  private final int tasks;
  private final Map<Integer, Map<Integer, Told>> rounds = new HashMap<>(); // by round, by task

  private record Told(String text, UUID answerTo, TransportClient by) {}

  /**
   * The driver's side.
   *
   * @param tasks how many will come
   */
  Assembly(int tasks) {
    this.tasks = tasks;
  }

  /** Takes the rest of a message that {@link #gather} sent. */
  synchronized void received(ByteBuffer message, TransportClient from) {
    UUID answerTo = Identity.get(message);
    int round = message.getInt();
    int task = message.getInt();
    Map<Integer, Told> told = rounds.computeIfAbsent(round, number -> new TreeMap<>());
    told.put(task, new Told(text(message), answerTo, from));
    if (told.size() == tasks) {
      for (Told each : told.values()) {
        each.by().send(answer(each.answerTo(), told));
      }
    }
  }

  private static ByteBuffer answer(UUID to, Map<Integer, Told> told) {
    List<byte[]> texts = new ArrayList<>();
    int bytes = Identity.BYTES + Integer.BYTES;
    for (Told each : told.values()) {
      byte[] text = each.text().getBytes(StandardCharsets.UTF_8);
      texts.add(text);
      bytes += Integer.BYTES + text.length;
    }
    ByteBuffer answer = Identity.put(ByteBuffer.allocate(bytes), to).putInt(texts.size());
    for (byte[] text : texts) {
      answer.putInt(text.length).put(text);
    }
    return answer.flip();
  }

  private static String text(ByteBuffer message) {
    byte[] text = new byte[message.getInt()];
    message.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /**
   * A task's side.
   *
   * @param driver the connection to the driver's exchange
   * @param header what a message to the driver begins with
   * @param round the number of this gathering among those of the job
   * @param task the task's number
   * @param text what it tells
   * @return what all have told, in the order of the tasks
   */
  static List<String> gather(
      Exchange exchange,
      TransportClient driver,
      ByteBuffer header,
      int round,
      int task,
      String text,
      Patience patience) {
    UUID self = UUID.randomUUID();
    CompletableFuture<List<String>> all = new CompletableFuture<>();
    exchange.register(self, new Answer(all, driver));
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int length = header.remaining() + Identity.BYTES + 3 * Integer.BYTES + bytes.length;
      ByteBuffer message = ByteBuffer.allocate(length).put(header.duplicate());
      Identity.put(message, self).putInt(round).putInt(task).putInt(bytes.length).put(bytes);
      driver.send(message.flip());
      return await(all, patience);
    } finally {
      exchange.unregister(self);
    }
  }

  private static List<String> await(CompletableFuture<List<String>> all, Patience patience) {
    long began = System.nanoTime();
    while (true) {
      try {
        return all.get(LISTENING_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        patience.check(System.nanoTime() - began, "the other tasks of the job to begin");
      } catch (ExecutionException e) {
        throw new UncheckedIOException(new IOException("the driver is gone", e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for the other tasks", e);
      }
    }
  }

  private record Answer(CompletableFuture<List<String>> all, TransportClient driver)
      implements Exchange.Receiver {
    @Override
    public void received(ByteBuffer message, TransportClient from) {
      List<String> texts = new ArrayList<>();
      for (int count = message.getInt(); count > 0; count--) {
        texts.add(text(message));
      }
      all.complete(texts);
    }

    @Override
    public void lost(TransportClient connection) {
      if (connection.getChannel() == driver.getChannel()) {
        all.completeExceptionally(new IOException("its connection has ended"));
      }
    }
  }
}
