package minilote.trainer.spark;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.spark.network.buffer.NettyManagedBuffer;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.OneWayMessage;

/**
 * Gives rows that this JVM holds of a {@link SpreadSplit} to the tasks of other JVMs that ask for
 * them: packed, in the order in which they were asked for, in one message for each that asks.
 *
 * <p>One thread does so for all ({@link Exchange#later}): rows are asked for long before they are
 * needed. Those who ask bound the memory: each has only so much under way.
 */
final class RowServer implements Exchange.Receiver {
  // What a message begins with, behind whom it is for.
  private static final byte QUESTION = 0;
  private static final byte RELEASE = 1;
  static final byte ROWS = 2;

  static final byte TROUBLE = 3;

  private static final int HEADER = Identity.BYTES + Long.BYTES + 1 + 2 * Integer.BYTES;

  private final SpreadSplit split;
  private final Exchange exchange;

  private RowServer(SpreadSplit split, Exchange exchange) {
    this.split = split;
    this.exchange = exchange;
  }

  /** From now on gives rows of what this JVM holds to those who ask its exchange for them. */
  static void serve(SpreadSplit split, Exchange exchange) {
    exchange.register(split.id(), new RowServer(split, exchange));
  }

  /** Tells another JVM that nobody will ask any more, for it to hold the examples no longer. */
  static void release(UUID split, TransportClient other) {
    other.send(Identity.put(ByteBuffer.allocate(Identity.BYTES + 1), split).put(RELEASE).flip());
  }

  /** A task's question, for {@code count} of {@code rows} from {@code from} on. */
  static ByteBuffer question(
      UUID split, UUID answerTo, int owner, long piece, int first, long[] rows, int count) {
    ByteBuffer question =
        ByteBuffer.allocate(2 * Identity.BYTES + 1 + 3 * Integer.BYTES + (1 + count) * Long.BYTES);
    Identity.put(question, split).put(QUESTION);
    Identity.put(question, answerTo).putInt(owner).putLong(piece).putInt(first).putInt(count);
    for (int i = 0; i < count; i++) {
      question.putLong(rows[first + i]);
    }
    return question.flip();
  }

  /** A row, as a question names it. */
  static long row(int partition, int index) {
    return (long) partition << Integer.SIZE | index;
  }

  private record Question(UUID answerTo, int owner, long piece, int first, long[] rows) {
    static Question of(ByteBuffer message) {
      UUID answerTo = Identity.get(message);
      int owner = message.getInt();
      long piece = message.getLong();
      int first = message.getInt();
      long[] rows = new long[message.getInt()];
      message.asLongBuffer().get(rows);
      return new Question(answerTo, owner, piece, first, rows);
    }
  }

  static int partition(long row) {
    return (int) (row >>> Integer.SIZE);
  }

  static int index(long row) {
    return (int) row;
  }

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    if (message.get() == RELEASE) {
      exchange.unregister(split.id());
      SpreadSplit.release(split.id());
      return;
    }
    Question question = Question.of(message);
    Exchange.later(() -> answer(from.getChannel(), question));
  }

  private void answer(Channel channel, Question question) {
    ByteBuf answer;
    try {
      answer = rows(channel, question);
    } catch (RuntimeException | Error e) {
      byte[] reason = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
      answer = begin(channel, question, TROUBLE, reason.length).writeBytes(reason);
    }
    channel
        .writeAndFlush(new OneWayMessage(new NettyManagedBuffer(answer)))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE); // So that the other side knows.
  }

  private ByteBuf rows(Channel channel, Question question) {
    int recordBytes = split.files().recordBytes();
    int bytes = question.rows().length * recordBytes;
    ByteBuf answer = begin(channel, question, ROWS, bytes);
    boolean packed = false;
    try {
      ByteBuffer to = answer.nioBuffer(answer.writerIndex(), bytes);
      int at = 0;
      for (long row : question.rows()) {
        int partition = partition(row);
        HeldPartition held = split.held(partition);
        if (held == null) {
          throw new IllegalStateException(
              "partition %d of the examples is not held there".formatted(partition));
        }
        held.copy(index(row), to, at);
        at += recordBytes;
      }
      packed = true;
      return answer.writerIndex(answer.writerIndex() + bytes);
    } finally {
      if (!packed) {
        answer.release();
      }
    }
  }

  /** The transport's own memory, which it uses again and again. */
  private static ByteBuf begin(Channel channel, Question question, byte kind, int bytes) {
    return channel
        .alloc()
        .ioBuffer(HEADER + bytes)
        .writeLong(question.answerTo().getMostSignificantBits())
        .writeLong(question.answerTo().getLeastSignificantBits())
        .writeByte(kind)
        .writeInt(question.owner())
        .writeLong(question.piece())
        .writeInt(question.first());
  }

  @Override
  public void lost(TransportClient connection) {
    // Nobody waits here.
  }
}
