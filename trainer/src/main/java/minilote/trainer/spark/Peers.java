package minilote.trainer.spark;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import minilote.trainer.math.Norms;
import minilote.trainer.network.StatisticsTree;
import minilote.trainer.optimizer.ParameterRange;
import org.apache.spark.network.client.TransportClient;
import org.jspecify.annotations.Nullable;

/**
 * The other executors of an all-reduce job, as one of them sees them. In each step it sends to each
 * the figures of its lanes, and the sums of its lanes for the slice that the other one reduces;
 * gets the same of all others for its own slice; and sends the new weights of its slice to all.
 *
 * <p>Nobody can be a step ahead with what goes to whom reduces a slice: an executor sends sums
 * after all weights of the step before have come, and those are sent after the sums of that step
 * have been used. So every buffer serves once a step, and what arrives is only counted, over all
 * steps. Only figures may be a step ahead, of one who waits for nothing from an executor without a
 * slice (there are some where executors are more than blocks), and {@link ComingFigures} keeps them
 * apart.
 */
final class Peers implements Exchange.Receiver, FrameReader.Receiver, AutoCloseable {
  // Frames.
  private static final int FIGURES = 1;
  private static final int SUM = 2;
  private static final int SQUARES = 3;
  private static final int WEIGHTS = 4;
  private static final int STATISTICS = 5;

  // Messages: from now on frames follow; the driver asks to stop.
  private static final byte FRAMES = 1;
  private static final byte STOP = 2;

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
  private final Channel[] others; // of all connections
  private final float[][] sums; // of others' roots, by node, for my slice
  private final int base;

  private final FrameWriter writer;
  private final int mostBytes; // of a frame without numbers

  // What has come, over all steps, and what must have come by now.
  private final AtomicIntegerArray sumsCome; // by block of mine
  private final AtomicLong squaresCome = new AtomicLong();
  private final AtomicLong weightsCome = new AtomicLong();
  private final ComingFigures figures;
  private final ComingStatistics statistics;
  private boolean begun;
  private long step; // since the job began, from 1
  private int sumsDue;
  private long squaresDue;
  private long weightsDue;
  private boolean stop;
  private long exchanges; // of statistics, since the job began

  private final Waiters.Condition figuresAreHere;
  private final Waiters.Condition squaresAreHere = () -> squaresCome.get() >= squaresDue;
  private final Waiters.Condition weightsAreHere = () -> weightsCome.get() >= weightsDue;
  private final Waiters.Condition[] sumsAreHere;
  private final Waiters.Condition statisticsAreHere;

  /**
   * Connects to all others.
   *
   * @param executorOfLane the executor that holds each lane
   * @param squares where the sums of squares of all blocks go
   * @param channels the most of which lanes exchange statistics; 0 where they exchange none
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
      int channels,
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
    this.connections = connect(exchange, muster.addresses(), me);
    this.roots = new int[executors][];
    this.sums = new float[2 * executorOfLane.length][];
    ParameterRange slice = slices.slice(me);
    this.base = slice.from();
    for (int executor = 0; executor < executors; executor++) {
      roots[executor] = Slices.roots(executorOfLane, executor);
      if (executor != me) {
        for (int root : roots[executor]) {
          sums[root] = new float[slice.to() - slice.from()];
        }
      }
    }
    this.figures = new ComingFigures(roots, me);
    this.figuresAreHere = () -> figures.haveAllCome(step);
    this.statistics = new ComingStatistics(roots, me, channels);
    this.statisticsAreHere = () -> statistics.haveAllCome(exchanges);
    this.others =
        Arrays.stream(connections)
            .filter(Objects::nonNull)
            .map(TransportClient::getChannel)
            .toArray(Channel[]::new);
    int figureBytes = 1 + executorOfLane.length * (1 + Double.BYTES + Long.BYTES + Double.BYTES);
    this.mostBytes =
        Math.max(Math.max(figureBytes, slices.blocks() * Double.BYTES), statistics.mostBytes());
    this.writer =
        new FrameWriter(
            Math.max(mostBytes, Float.BYTES * Math.min(parameters.length, Norms.BLOCK)),
            this::notSent);
    this.sumsCome = new AtomicIntegerArray(slices.blocks());
    this.sumsAreHere = new Waiters.Condition[slices.blocks()];
    for (int block = 0; block < slices.blocks(); block++) {
      int number = block;
      sumsAreHere[block] = () -> sumsCome.get(number) >= sumsDue;
    }
    exchange.register(attempt, this);
  }

  /** To all but one; to nobody where one cannot be reached. */
  private static TransportClient[] connect(Exchange exchange, List<String> addresses, int me) {
    TransportClient[] connections = new TransportClient[addresses.size()];
    try {
      for (int executor = 0; executor < connections.length; executor++) {
        if (executor != me) {
          connections[executor] = exchange.connectAlone(addresses.get(executor));
        }
      }
      return connections;
    } catch (RuntimeException e) {
      Arrays.stream(connections).filter(Objects::nonNull).forEach(TransportClient::close);
      throw e;
    }
  }

  /** Before the first step, by each task, when all other executors are ready. */
  synchronized void start() {
    if (!begun) {
      begun = true;
      for (TransportClient connection : connections) {
        if (connection != null) {
          connection.send(message(attempt, FRAMES));
        }
      }
    }
  }

  // ---- a step; those that send may be called for different blocks side by side, sums even before

  /**
   * Counts what will come in this step; by one thread, before all else.
   *
   * @param batch how many examples the batch has
   * @param norm whether the executors tell each other squares for the gradient's norm
   */
  void begin(EpochShape shape, int batch, boolean norm) {
    step++;
    int peers = connections.length - 1;
    for (int executor = 0; executor < roots.length; executor++) {
      for (int root : roots[executor]) {
        sumsDue += executor != me && hasExamples(root, shape.lanes(), batch) ? 1 : 0;
      }
    }
    squaresDue += norm ? peers : 0;
    weightsDue += slices.blocks() - (slices.firstBlock(me + 1) - slices.firstBlock(me));
  }

  private static boolean hasExamples(int root, Lanes lanes, int batch) {
    int first = LaneTree.firstLane(root, lanes.count());
    int behind = first + LaneTree.width(root, lanes.count());
    return lanes.first(behind, batch) > lanes.first(first, batch);
  }

  /** Sends what this executor's lanes found besides gradients, and whether all should stop. */
  void sendFigures() {
    stop = me == 0 && log.stopRequested();
    if (others.length == 0) {
      return;
    }
    FrameWriter.Frame frame = writer.frame(FIGURES, me, 0);
    frame.content().put((byte) (stop ? 1 : 0));
    for (int root : roots[me]) {
      frame.content().put((byte) (tree.hasExamples(root) ? 1 : 0));
      frame
          .content()
          .putDouble(tree.loss(root))
          .putLong(tree.correct(root))
          .putDouble(tree.squares(root));
    }
    frame.send(others);
  }

  /**
   * Sends what this executor's lanes have measured in the middle of a step, by one thread; all
   * executors do so equally often.
   *
   * @param channels of each node, a pair of numbers each
   */
  void sendStatistics(StatisticsTree measured, int channels) {
    exchanges++;
    if (others.length == 0) {
      return;
    }
    FrameWriter.Frame frame = writer.frame(STATISTICS, me, (int) exchanges);
    for (int root : roots[me]) {
      if (measured.rows(root) > 0) {
        double[] values = measured.values(root);
        for (int i = 0; i < 2 * channels; i++) {
          frame.content().putDouble(values[i]);
        }
      }
    }
    frame.send(others);
  }

  void awaitStatistics(int member, Patience patience) {
    waiters.await(member, statisticsAreHere, patience, "the statistics of other executors");
  }

  /** Puts what others have measured, all of which has come, into the tree; by one thread. */
  void takeStatistics(StatisticsTree measured, int channels) {
    for (int executor = 0; executor < roots.length; executor++) {
      if (executor != me) {
        statistics.take(executor, exchanges, measured, channels);
      }
    }
  }

  /** By node, whether it is one of the largest subtrees that an executor holds. */
  boolean[] rootsOfAll() {
    boolean[] all = new boolean[sums.length];
    for (int[] ofOne : roots) {
      for (int root : ofOne) {
        all[root] = true;
      }
    }
    return all;
  }

  /** The largest subtrees that this executor holds. */
  int[] ownRoots() {
    return roots[me];
  }

  /** Adds up this executor's lanes for a block of another one's slice, and sends the sums. */
  void sendSums(int block) {
    int from = slices.from(block);
    int to = slices.to(block);
    Channel owner = Objects.requireNonNull(connections[slices.owner(block)]).getChannel();
    for (int root : roots[me]) {
      int sum = tree.add(root, from, to);
      if (sum != 0) {
        writer.frame(SUM, root, block).put(tree.array(sum), from, to).send(owner);
      }
    }
  }

  void awaitFigures(int member, Patience patience) {
    waiters.await(member, figuresAreHere, patience, "the figures of other executors");
  }

  /** Puts the figures of others, all of which have come, into the tree; by one thread. */
  void takeFigures() {
    for (int executor = 0; executor < roots.length; executor++) {
      if (executor != me) {
        figures.take(executor, step, tree, sums, base);
        stop |= figures.stops(executor, step);
      }
    }
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
    if (others.length == 0) {
      return;
    }
    int first = slices.firstBlock(me);
    int behind = slices.firstBlock(me + 1);
    FrameWriter.Frame frame = writer.frame(SQUARES, first, behind - first);
    for (int block = first; block < behind; block++) {
      frame.content().putDouble(squares[block]);
    }
    frame.send(others);
  }

  void awaitSquares(int member, Patience patience) {
    waiters.await(member, squaresAreHere, patience, "the norms of other executors");
  }

  /** Sends the new weights of a block of this executor's slice to all. */
  void sendWeights(int block) {
    if (others.length == 0) {
      return;
    }
    writer
        .frame(WEIGHTS, block, 0)
        .put(parameters, slices.from(block), slices.to(block))
        .send(others);
  }

  void awaitWeights(int member, Patience patience) {
    waiters.await(member, weightsAreHere, patience, "the weights of other executors");
  }

  private void notSent(Channel channel, Throwable cause) {
    waiters.fail(
        new IOException(
            "nothing can be sent to the executor at %s: %s"
                .formatted(channel.remoteAddress(), cause),
            cause));
  }

  // ---- on the transport's threads

  @Override
  public void received(ByteBuffer message, TransportClient from) {
    if (message.get() == FRAMES) {
      Exchange.readFrames(from, new FrameReader(this, mostBytes));
    } else {
      log.requestStop();
    }
  }

  @Override
  public float @Nullable [] numbers(int kind, int first, int second) {
    return switch (kind) {
      case SUM -> sums[first];
      case WEIGHTS -> parameters;
      default -> null;
    };
  }

  @Override
  public int at(int kind, int first, int second) {
    return kind == SUM ? slices.from(second) - base : slices.from(first);
  }

  @Override
  public void arrived(int kind, int first, int second, ByteBuffer bytes) {
    switch (kind) {
      case FIGURES -> figures.arrived(first, bytes);
      case SUM -> sumsCome.incrementAndGet(second);
      case SQUARES -> {
        for (int block = first; block < first + second; block++) {
          squares[block] = bytes.getDouble();
        }
        squaresCome.incrementAndGet();
      }
      case WEIGHTS -> weightsCome.incrementAndGet();
      case STATISTICS -> {
        if (!statistics.arrived(first, second, bytes)) {
          waiters.fail(
              new IllegalStateException(
                  "executor %d has sent statistics of exchange %d too early or late"
                      .formatted(first, second)));
        }
      }
      default -> waiters.fail(new IllegalStateException("a frame of an unknown kind: " + kind));
    }
    waiters.wake();
  }

  @Override
  public void failed(Throwable cause) {
    waiters.fail(new IOException("nothing can be read from another executor: " + cause, cause));
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
    for (Channel channel : others) {
      // Behind what is still on its way.
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  static ByteBuffer stopMessage(UUID attempt) {
    return message(attempt, STOP);
  }

  private static ByteBuffer message(UUID attempt, byte kind) {
    return Identity.put(ByteBuffer.allocate(Identity.BYTES + 1), attempt).put(kind).flip();
  }
}
