package minilote.trainer.spark;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import minilote.trainer.math.Norms;
import minilote.trainer.optimizer.ParameterRange;
import org.apache.spark.network.client.TransportClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights and the optimizer's arrays between the driver and the executors of an all-reduce job,
 * in frames, straight into the other side's arrays: at its end each executor hands over its slice
 * (a result of Spark's would be copied five times on its way); and an executor that has not kept
 * the state that a job begins with asks for it.
 */
final class StateTransfer implements FrameReader.Receiver {
  private static final long LISTENING_MILLIS = 10;

  /** On their way at a time, so that memory off the heap does not grow with the weights. */
  private static final int FRAMES = 16;

  private static final Logger LOG = LoggerFactory.getLogger(StateTransfer.class);

  private final List<float[]> arrays;
  private final String fromWhom;
  private long missing; // numbers of all arrays
  private @Nullable Throwable failure;

  /**
   * The receiving side, before anything comes.
   *
   * @param arrays take the numbers
   * @param fromWhom they come, for messages
   */
  StateTransfer(List<float[]> arrays, String fromWhom) {
    this.arrays = arrays;
    this.fromWhom = fromWhom;
    for (float[] array : arrays) {
      missing += array.length;
    }
  }

  /**
   * An executor's question for the state of the driver; returns when it has it.
   *
   * @param driver a connection for this alone; closed
   * @param attempt whose job is to begin with the state
   */
  static void ask(TransportClient driver, UUID attempt, TrainingState state, double seconds) {
    StateTransfer answer = new StateTransfer(state.arrays(), "the driver");
    Exchange.readFrames(driver, new FrameReader(answer, 0));
    driver
        .getChannel()
        .closeFuture()
        .addListener(closed -> answer.failed(new IOException("the driver sends no more")));
    driver.send(DriverLink.asking(attempt));
    answer.await(seconds);
  }

  /** The driver's answer. */
  static void answer(TransportClient executor, TrainingState state, Patience patience) {
    try {
      send(executor, state.arrays(), new ParameterRange(0, state.parameters().length), patience);
    } catch (RuntimeException e) {
      LOG.warn("an executor does not get the weights that it has asked for", e);
      executor.close(); // So that it knows.
    }
  }

  /**
   * Sends a range of each array. Returns when all has been sent; it need not have been read.
   *
   * @param receiver a connection for this alone, on which frames are expected; closed
   * @throws UncheckedIOException where the other side cannot be reached
   */
  static void send(
      TransportClient receiver, List<float[]> arrays, ParameterRange range, Patience patience) {
    Channel channel = receiver.getChannel();
    FrameWriter writer = new FrameWriter(Float.BYTES * Norms.BLOCK, (failed, cause) -> {});
    int frames = 0;
    for (int array = 0; array < arrays.size(); array++) {
      for (int from = range.from(); from < range.to(); from += Norms.BLOCK) {
        int to = Math.min(range.to(), from + Norms.BLOCK);
        writer.frame(array, from, to - from).put(arrays.get(array), from, to).send(channel);
        if (++frames % FRAMES == 0) {
          await(channel.writeAndFlush(Unpooled.EMPTY_BUFFER), patience);
        }
      }
    }
    ChannelFuture sent = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    sent.addListener(ChannelFutureListener.CLOSE);
    await(sent, patience);
  }

  private static void await(ChannelFuture sent, Patience patience) {
    long began = System.nanoTime();
    try {
      while (!sent.await(LISTENING_MILLIS)) {
        patience.check(System.nanoTime() - began, "weights to be taken");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending weights", e);
    }
    if (!sent.isSuccess()) {
      throw new UncheckedIOException(new IOException("weights are not taken", sent.cause()));
    }
  }

  /**
   * Waits until all numbers of all arrays are here.
   *
   * @throws AttemptFailed when they do not come
   */
  synchronized void await(double seconds) {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    try {
      while (missing > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (failure != null || left <= 0) {
          throw new AttemptFailed(
              new IOException(
                  "%,d numbers of the weights and the optimizer did not come from %s"
                      .formatted(missing, fromWhom),
                  failure));
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while weights come", e);
    }
  }

  /** What has come, once all has. */
  void copyTo(List<float[]> targets) {
    for (int i = 0; i < arrays.size(); i++) {
      System.arraycopy(arrays.get(i), 0, targets.get(i), 0, arrays.get(i).length);
    }
  }

  @Override
  public float[] numbers(int array, int from, int count) {
    return arrays.get(array);
  }

  @Override
  public int at(int array, int from, int count) {
    return from;
  }

  @Override
  public synchronized void arrived(int array, int from, int count, ByteBuffer bytes) {
    missing -= count;
    notifyAll();
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }
}
