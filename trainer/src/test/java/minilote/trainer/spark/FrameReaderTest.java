package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private static final int NUMBERS = 1;
  private static final int BYTES = 2;
  private static final int MOST = 4 * 1000;

  private final List<Throwable> failures = new ArrayList<>();
  private final FrameWriter writer = new FrameWriter(MOST, (channel, cause) -> failures.add(cause));
  private final EmbeddedChannel channel = new EmbeddedChannel();

  private static final class Received implements FrameReader.Receiver {
    final float[] numbers = new float[2000];
    final List<String> frames = new ArrayList<>();

    @Override
    public float @Nullable [] numbers(int kind, int first, int second) {
      return kind == NUMBERS ? numbers : null;
    }

    @Override
    public int at(int kind, int first, int second) {
      return first;
    }

    @Override
    public void arrived(int kind, int first, int second, ByteBuffer bytes) {
      StringBuilder frame = new StringBuilder("%d %d %d:".formatted(kind, first, second));
      while (bytes.hasRemaining()) {
        frame.append(' ').append(bytes.getLong());
      }
      frames.add(frame.toString());
    }

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  private ByteBuf sent(Channel over) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part; (part = ((EmbeddedChannel) over).readOutbound()) != null; ) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  @Test
  void handle_piecesOfAnyLength_areTheFramesThatWereSent() {
    Random random = new Random(1);
    float[] numbers = new float[2000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextFloat();
    }
    List<String> expected = new ArrayList<>();
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < 20; i++) {
      writer.frame(NUMBERS, 100 * i, i).put(numbers, 100 * i, 100 * i + 100).send(channel);
      all.writeBytes(sent(channel)); // before its memory serves the next
      expected.add("1 %d %d:".formatted(100 * i, i));
      FrameWriter.Frame frame = writer.frame(BYTES, i, -i);
      frame.content().putLong(i).putLong(7L * i);
      frame.send(channel);
      all.writeBytes(sent(channel));
      expected.add("2 %d %d: %d %d".formatted(i, -i, i, 7L * i));
    }
    byte[] stream = new byte[20 * (16 + 400 + 16 + 16)];
    all.readBytes(stream);

    for (int most : new int[] {1, 3, 7, 50, 1000, stream.length}) {
      Received received = new Received();
      FrameReader reader = new FrameReader(received, MOST);
      for (int at = 0; at < stream.length; ) {
        int count = Math.min(stream.length - at, 1 + random.nextInt(most));
        assertTrue(reader.handle(Unpooled.wrappedBuffer(stream, at, count)));
        at += count;
      }
      assertEquals(expected, received.frames, "pieces of up to " + most);
      assertArrayEquals(numbers, received.numbers);
    }
  }

  @Test
  void frame_afterItWasWritten_isUsedAgain() {
    FrameWriter.Frame first = writer.frame(BYTES, 0, 0);
    first.send(channel, channel);
    assertEquals(first, writer.frame(BYTES, 1, 1));
  }

  @Test
  void send_overAClosedChannel_isAFailure() throws IOException {
    assertTrue(channel.close().isSuccess());
    writer.frame(BYTES, 0, 0).send(channel);
    assertEquals(1, failures.size());
    assertTrue(failures.get(0) instanceof ClosedChannelException);
  }

  @Test
  void handle_aFrameLongerThanAnyMayBe_isRefused() {
    FrameReader reader = new FrameReader(new Received(), 8);
    writer.frame(BYTES, 0, 0).put(new float[10], 0, 10).send(channel);
    ByteBuf stream = sent(channel);
    assertThrows(IllegalStateException.class, () -> reader.handle(stream));
  }
}
