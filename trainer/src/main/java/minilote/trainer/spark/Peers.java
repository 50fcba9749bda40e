package minilote.trainer.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import minilote.trainer.optimizer.ParameterRange;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.OneWayMessage;
import org.jspecify.annotations.Nullable;

/**
 * The other executors of an all-reduce job, as one of them sees them. In each step it sends to each
 * the figures of its lanes, and the sums of its lanes for the slice that the other one reduces;
 * gets the same of all others for its own slice; and sends the new weights of its slice to all.
 *
 * <p>Nobody can be a step ahead: an executor sends sums after all weights of the step before have
 * come, and those are sent after the sums of that step have been used. So every buffer serves once
 * a step, and what arrives is only counted, over all steps.
 */
final class Peers implements Exchange.Receiver, AutoCloseable {
  private static final byte FIGURES = 1;
  private static final byte SUM = 2;
  private static final byte SQUARES = 3;
  private static final byte WEIGHTS = 4;
  private static final byte STOP = 5;

  /** Attempt, kind, two numbers. */
  private static final int HEADER = 2 * Long.BYTES + 1 + 2 * Integer.BYTES;

  private final UUID attempt;
  private final int me;
  private final Slices slices;
  private final int[][] roots; // of each executor
  private final LaneTree tree;
  private final float[] parameters;
  private final double[] squares;
  private final StepLog log;
  private final Waiters waiters;
  private final Exchange exchange;
  private final @Nullable TransportClient[] connections; // by executor; none to myself
  private final float[][] sums; // of others' roots, by node, for my slice
  private final int base;

  private final ByteBuffer[][] sumBuffers; // of my roots, by block of others
  private final ByteBuffer[] weightBuffers; // by block of mine
  private final ByteBuffer figureBuffer;
  private final ByteBuffer squaresBuffer;

  // What has come, over all steps, and what must have come by now.
  private final AtomicIntegerArray sumsCome; // by block of mine
  private final AtomicLong figuresCome = new AtomicLong();
  private final AtomicLong squaresCome = new AtomicLong();
  private final AtomicLong weightsCome = new AtomicLong();
  private int sumsDue;
  private long figuresDue;
  private long squaresDue;
  private long weightsDue;
  private volatile boolean stop;

  private final Waiters.Condition figuresAreHere = () -> figuresCome.get() >= figuresDue;
  private final Waiters.Condition squaresAreHere = () -> squaresCome.get() >= squaresDue;
  private final Waiters.Condition weightsAreHere = () -> weightsCome.get() >= weightsDue;
  private final Waiters.Condition[] sumsAreHere;

  /**
   * Connects to all others.
   *
   * @param executorOfLane the executor that holds each lane
   * @param squares where the sums of squares of all blocks go
   * @param log asked, on the executor that leads, whether to stop
   */
  Peers(
      UUID attempt,
      Muster muster,
      int[] executorOfLane,
      Slices slices,
      LaneTree tree,
      float[] parameters,
      double[] squares,
      StepLog log,
      Waiters waiters,
      Exchange exchange) {
    int executors = muster.addresses().size();
    this.attempt = attempt;
    this.me = muster.executor();
    this.slices = slices;
    this.tree = tree;
    this.parameters = parameters;
    this.squares = squares;
    this.log = log;
    this.waiters = waiters;
    this.exchange = exchange;
    this.connections = new TransportClient[executors];
    this.roots = new int[executors][];
    this.sums = new float[2 * executorOfLane.length][];
    ParameterRange slice = slices.slice(me);
    this.base = slice.from();
    for (int executor = 0; executor < executors; executor++) {
      roots[executor] = Slices.roots(executorOfLane, executor);
      if (executor != me) {
        connections[executor] = exchange.connect(muster.addresses().get(executor));
        for (int root : roots[executor]) {
          sums[root] = new float[slice.to() - slice.from()];
        }
      }
    }
    this.sumBuffers = new ByteBuffer[roots[me].length][slices.blocks()];
    this.weightBuffers = new ByteBuffer[slices.blocks()];
    for (int block = 0; block < slices.blocks(); block++) {
      int bytes = Float.BYTES * (slices.to(block) - slices.from(block));
      if (slices.owner(block) == me) {
        weightBuffers[block] = message(WEIGHTS, block, 0, bytes);
      } else {
        for (int root = 0; root < roots[me].length; root++) {
          sumBuffers[root][block] = message(SUM, roots[me][root], block, bytes);
        }
      }
    }
    this.figureBuffer =
        message(FIGURES, me, 0, 1 + roots[me].length * (1 + Double.BYTES + Long.BYTES));
    int own = slices.firstBlock(me + 1) - slices.firstBlock(me);
    this.squaresBuffer = message(SQUARES, slices.firstBlock(me), own, own * Double.BYTES);
    this.sumsCome = new AtomicIntegerArray(slices.blocks());
    this.sumsAreHere = new Waiters.Condition[slices.blocks()];
    for (int block = 0; block < slices.blocks(); block++) {
      int number = block;
      sumsAreHere[block] = () -> sumsCome.get(number) >= sumsDue;
    }
    exchange.register(attempt, this);
  }

  private ByteBuffer message(byte kind, int first, int second, int bytes) {
    return ByteBuffer.allocateDirect(HEADER + bytes)
        .putLong(attempt.getMostSignificantBits())
        .putLong(attempt.getLeastSignificantBits())
        .put(kind)
        .putInt(first)
        .putInt(second)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  // ---- a step, in this order; those that send may be called for different blocks side by side

  /**
   * Counts what will come in this step; by one thread, before all else.
   *
   * @param batch how many examples the batch has
   */
  void begin(EpochShape shape, int batch) {
    int peers = connections.length - 1;
    for (int executor = 0; executor < roots.length; executor++) {
      for (int root : roots[executor]) {
        sumsDue += executor != me && hasExamples(root, shape.lanes(), batch) ? 1 : 0;
      }
    }
    figuresDue += peers;
    squaresDue += peers;
    weightsDue += slices.blocks() - (slices.firstBlock(me + 1) - slices.firstBlock(me));
  }

  private static boolean hasExamples(int root, Lanes lanes, int batch) {
    int first = LaneTree.firstLane(root, lanes.count());
    int behind = first + LaneTree.width(root, lanes.count());
    return lanes.first(behind, batch) > lanes.first(first, batch);
  }

  /** Sends what this executor's lanes found besides gradients, and whether all should stop. */
  void sendFigures() {
    figureBuffer.position(HEADER);
    figureBuffer.put((byte) (me == 0 && log.stopRequested() ? 1 : 0));
    stop = figureBuffer.get(HEADER) != 0;
    for (int root : roots[me]) {
      boolean examples = tree.hasExamples(root);
      figureBuffer.put((byte) (examples ? 1 : 0));
      figureBuffer.putDouble(tree.loss(root)).putLong(tree.correct(root));
    }
    sendToAll(figureBuffer);
  }

  /** Adds up this executor's lanes for a block of another one's slice, and sends the sums. */
  void sendSums(int block) {
    int from = slices.from(block);
    int to = slices.to(block);
    for (int root = 0; root < roots[me].length; root++) {
      int sum = tree.add(roots[me][root], from, to);
      if (sum != 0) {
        ByteBuffer buffer = sumBuffers[root][block];
        buffer.position(HEADER);
        buffer.asFloatBuffer().put(tree.array(sum), from, to - from);
        send(Objects.requireNonNull(connections[slices.owner(block)]), buffer);
      }
    }
  }

  void awaitFigures(int member, Patience patience) {
    waiters.await(member, figuresAreHere, patience, "the figures of other executors");
  }

  /** Whether all stop after this step; the same on all executors. */
  boolean stops() {
    return stop;
  }

  /** Waits until the tree holds all lanes for a block of this executor's slice. */
  void awaitSums(int member, int block, Patience patience) {
    waiters.await(member, sumsAreHere[block], patience, "the sums of other executors");
  }

  /** Sends the sums of squares of this executor's blocks to all. */
  void sendSquares() {
    squaresBuffer.position(HEADER);
    for (int block = slices.firstBlock(me); block < slices.firstBlock(me + 1); block++) {
      squaresBuffer.putDouble(squares[block]);
    }
    sendToAll(squaresBuffer);
  }

  void awaitSquares(int member, Patience patience) {
    waiters.await(member, squaresAreHere, patience, "the norms of other executors");
  }

  /** Sends the new weights of a block of this executor's slice to all. */
  void sendWeights(int block) {
    ByteBuffer buffer = weightBuffers[block];
    buffer.position(HEADER);
    int from = slices.from(block);
    buffer.asFloatBuffer().put(parameters, from, slices.to(block) - from);
    sendToAll(buffer);
  }

  void awaitWeights(int member, Patience patience) {
    waiters.await(member, weightsAreHere, patience, "the weights of other executors");
  }

  private void sendToAll(ByteBuffer message) {
    for (TransportClient connection : connections) {
      if (connection != null) {
        send(connection, message);
      }
    }
  }

  private void send(TransportClient connection, ByteBuffer message) {
    ByteBuffer whole = message.duplicate().position(0).limit(message.capacity());
    connection
        .getChannel()
        .writeAndFlush(new OneWayMessage(new NioManagedBuffer(whole)))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                waiters.fail(
                    new IOException(
                        "nothing can be sent to the executor at %s: %s"
                            .formatted(connection.getSocketAddress(), sent.cause()),
                        sent.cause()));
              }
            });
  }

  // ---- on the transport's threads

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    byte kind = message.get();
    int first = message.getInt();
    int second = message.getInt();
    message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    switch (kind) {
      case FIGURES -> {
        if (message.get() != 0) {
          stop = true;
        }
        for (int root : roots[first]) {
          boolean examples = message.get() != 0;
          tree.put(
              root, examples ? sums[root] : null, base, message.getDouble(), message.getLong());
        }
        figuresCome.incrementAndGet();
      }
      case SUM -> {
        int at = slices.from(second) - base;
        message.asFloatBuffer().get(sums[first], at, slices.to(second) - slices.from(second));
        sumsCome.incrementAndGet(second);
      }
      case SQUARES -> {
        for (int block = first; block < first + second; block++) {
          squares[block] = message.getDouble();
        }
        squaresCome.incrementAndGet();
      }
      case WEIGHTS -> {
        int at = slices.from(first);
        message.asFloatBuffer().get(parameters, at, slices.to(first) - at);
        weightsCome.incrementAndGet();
      }
      case STOP -> log.requestStop();
      default -> waiters.fail(new IllegalStateException("a message of an unknown kind: " + kind));
    }
    waiters.wake();
  }

  @Override
  public void lost(TransportClient connection) {
    for (TransportClient mine : connections) {
      if (mine != null && mine.getChannel() == connection.getChannel()) {
        waiters.fail(
            new IOException("the executor at %s is gone".formatted(mine.getSocketAddress())));
      }
    }
  }

  @Override
  public void close() {
    exchange.unregister(attempt);
  }

  static ByteBuffer stopMessage(UUID attempt) {
    return ByteBuffer.allocate(HEADER)
        .putLong(attempt.getMostSignificantBits())
        .putLong(attempt.getLeastSignificantBits())
        .put(STOP)
        .putInt(0)
        .putInt(0)
        .flip();
  }
}
