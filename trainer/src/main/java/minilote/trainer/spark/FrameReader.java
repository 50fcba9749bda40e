package minilote.trainer.spark;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that a {@link FrameWriter} of another executor writes. What the transport has
 * read from the socket, in pieces of any length, is copied to where it belongs at once: a frame is
 * never gathered in memory of its own, which would cost more than all other work of an exchange.
 */
final class FrameReader implements TransportFrameDecoder.Interceptor {
  private final Receiver receiver;
  private final ByteBuffer header = little(FrameWriter.HEADER);
  private final ByteBuffer bytes; // of a frame without numbers
  private final ByteBuffer torn = little(Float.BYTES); // a number of which a part is here
  private int kind;
  private int first;
  private int second;
  private int missing; // bytes of the frame
  private float @Nullable [] numbers;
  private int at;

  /** Who gets the frames, on a thread of the transport. */
  interface Receiver {
    /** The array that takes the numbers of a frame of this kind; null if it consists of bytes. */
    float @Nullable [] numbers(int kind, int first, int second);

    /** Where in {@link #numbers} they begin. */
    int at(int kind, int first, int second);

    /**
     * All of a frame is here.
     *
     * @param bytes of a frame without numbers; only valid during the call
     */
    void arrived(int kind, int first, int second, ByteBuffer bytes);

    /** Nothing can be read any more. */
    void failed(Throwable cause);
  }

  /**
   * Waits for the first frame.
   *
   * @param most the most bytes of a frame without numbers
   */
  FrameReader(Receiver receiver, int most) {
    this.receiver = receiver;
    this.bytes = little(most);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Takes all of {@code data}; returns true, as more will come. */
  @Override
  public boolean handle(ByteBuf data) {
    while (data.isReadable()) {
      if (header.hasRemaining()) {
        fill(header, data, header.remaining());
        if (!header.hasRemaining()) {
          begin();
        }
      } else if (numbers == null) {
        missing -= fill(bytes, data, missing);
      } else {
        readNumbers(data, numbers);
      }
      if (!header.hasRemaining() && missing == 0) {
        receiver.arrived(kind, first, second, bytes.flip());
        header.clear();
      }
    }
    return true;
  }

  private void begin() {
    kind = header.getInt(0);
    first = header.getInt(Integer.BYTES);
    second = header.getInt(2 * Integer.BYTES);
    missing = header.getInt(3 * Integer.BYTES);
    numbers = receiver.numbers(kind, first, second);
    at = numbers == null ? 0 : receiver.at(kind, first, second);
    bytes.clear();
    if (missing < 0
        || missing > (numbers == null ? bytes.capacity() : Float.BYTES * (numbers.length - at))) {
      throw new IllegalStateException(
          "a frame of %d bytes where none can be so long".formatted(missing));
    }
  }

  private static int fill(ByteBuffer to, ByteBuf data, int most) {
    int count = Math.min(most, data.readableBytes());
    int limit = to.limit();
    data.readBytes(to.limit(to.position() + count));
    to.limit(limit);
    return count;
  }

  private void readNumbers(ByteBuf data, float[] into) {
    if (torn.position() > 0 || data.readableBytes() < Float.BYTES) {
      missing -= fill(torn, data, torn.remaining());
      if (!torn.hasRemaining()) {
        into[at++] = torn.getFloat(0);
        torn.clear();
      }
      return;
    }
    int count = Math.min(missing, data.readableBytes()) / Float.BYTES;
    int read = count * Float.BYTES;
    data.nioBuffer(data.readerIndex(), read)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(into, at, count);
    data.skipBytes(read);
    at += count;
    missing -= read;
  }

  @Override
  public void exceptionCaught(Throwable cause) {
    receiver.failed(cause);
  }

  @Override
  public void channelInactive() {
    // The connection to the same executor ends as well, and is seen to.
  }
}
