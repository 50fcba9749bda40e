package minilote.trainer.spark;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Frames for other executors, written to connections as they are: a header of four words (kind, two
 * numbers that the kind gives a meaning to, and the bytes that follow), then the content, all
 * little-endian. {@link FrameReader} reads them.
 *
 * <p>A frame's memory is used again as soon as the transport has written it, the last one first,
 * since the caches hold it still. There are as many as were ever on their way at a time.
 */
final class FrameWriter {
  /** Kind, two numbers, bytes. */
  static final int HEADER = 4 * Integer.BYTES;

  private final int most;
  private final BiConsumer<Channel, Throwable> failed;
  private final Deque<Frame> free = new ArrayDeque<>();

  /**
   * A writer of frames.
   *
   * @param most the most bytes of a frame, without its header
   * @param failed is told that nothing can be written to a channel, and why
   */
  FrameWriter(int most, BiConsumer<Channel, Throwable> failed) {
    this.most = most;
    this.failed = failed;
  }

  /** A frame to be filled and sent. */
  Frame frame(int kind, int first, int second) {
    Frame frame;
    synchronized (free) {
      frame = free.poll();
    }
    if (frame == null) {
      frame = new Frame();
    }
    frame.buffer.clear().putInt(kind).putInt(first).putInt(second).putInt(0);
    return frame;
  }

  /** One frame, from when it is taken until it is written. */
  final class Frame implements ChannelFutureListener {
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(HEADER + most).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuf bytes = Unpooled.wrappedBuffer(buffer);
    private final AtomicInteger writes = new AtomicInteger();

    private Frame() {}

    /** The content, behind what has been put into it so far. */
    ByteBuffer content() {
      return buffer;
    }

    /** Adds numbers {@code from} to {@code to − 1} of an array to the content. */
    Frame put(float[] array, int from, int to) {
      buffer.asFloatBuffer().put(array, from, to - from);
      buffer.position(buffer.position() + Float.BYTES * (to - from));
      return this;
    }

    /** Sends it to at least one; it belongs to the writer again. */
    void send(Channel... channels) {
      buffer.putInt(HEADER - Integer.BYTES, buffer.position() - HEADER);
      bytes.setIndex(0, buffer.position());
      writes.set(channels.length);
      for (Channel channel : channels) {
        channel.writeAndFlush(bytes.retainedDuplicate()).addListener(this);
      }
    }

    @Override
    public void operationComplete(ChannelFuture written) {
      if (!written.isSuccess()) {
        failed.accept(written.channel(), written.cause());
      }
      if (writes.decrementAndGet() == 0) {
        synchronized (free) {
          free.push(this);
        }
      }
    }
  }
}
