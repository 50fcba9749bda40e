package minilote.trainer.spark;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import minilote.trainer.math.Norms;
import minilote.trainer.math.PairwiseSum;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.optimizer.ParameterRange;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one all-reduce job in one JVM: they share the weights, the optimizer's state and the
 * tree of lane sums, and each adds and updates some blocks of the parameters.
 *
 * <p>A group belongs to one attempt of one job. A left-over task of an earlier attempt knows
 * another group, and lanes are added in arrays that belong to the task's thread: it can disturb
 * nothing.
 */
final class Group {
  /** Parameters that are added and updated while the first-level cache holds them. */
  private static final int TILE = 4096;

  /** Into how many pieces, a task, an update is cut where pieces may be small. */
  private static final int PIECES = 4;

  private static final ConcurrentMap<UUID, Group> GROUPS = new ConcurrentHashMap<>();

  private final Attempt attempt;
  private final AtomicInteger members;
  private final EpochShape shape;
  private final TrainingState state;
  private final StepLog log;
  private final LaneTree tree;
  private final Waiters waiters;
  private final Rendezvous rendezvous;
  private final Slices slices;
  private final int me;
  private final ParameterRange own; // the slice
  private final int smallPiece; // parameters of it that a task takes at a time
  private final double[] squares;
  private final int[] sums; // the node that holds a block's sum
  private final int[] foreign; // blocks that others reduce, the last ones first
  private final AtomicInteger nextForeign = new AtomicInteger();
  private final AtomicIntegerArray complete; // by member, from which parameter on its lanes are
  private final AtomicInteger nextOwn = new AtomicInteger();
  private final @Nullable Peers peers; // none in the driver's own JVM
  private final @Nullable BatchStatistics statistics; // where lanes exchange some
  private final @Nullable Reports reports;

  private long step;
  private int count;
  private boolean measured; // see NoiseSampling
  private boolean withNorm;
  private int piece; // parameters of the slice that a task takes at a time
  private double squaresOfAll; // ‖G‖², where it is added up
  private double loss;
  private long correct;
  private double laneSquares;
  private boolean diverged;
  private boolean stopped;

  // Allocated once, not at every step.
  private final Runnable begin = this::begin;
  private final Runnable takeFigures = this::takeFigures;
  private final Runnable takeSquares = this::takeSquares;
  private final Runnable takeNorm = this::takeNorm;
  private final Runnable end = this::end;

  private Group(Attempt attempt, Muster muster, EpochShape shape) {
    this.attempt = attempt;
    this.members = new AtomicInteger(muster.members());
    this.shape = shape;
    this.step = attempt.from();
    this.log = attempt.log();
    this.tree = new LaneTree(shape.lanes().count());
    this.waiters = new Waiters(muster.members());
    this.rendezvous = new Rendezvous(waiters);
    int parameters = attempt.parameters();
    this.slices = new Slices(parameters, muster.addresses().size());
    this.me = muster.executor();
    this.own = slices.slice(me);
    this.state = attempt.state(own);
    this.squares = new double[slices.blocks()];
    this.sums = new int[slices.blocks()];
    this.foreign = foreign(slices, me);
    this.complete = new AtomicIntegerArray(muster.members());
    nothingIsComplete();
    // Norms and messages are of whole blocks; else tasks share the work more evenly.
    boolean messages = muster.addresses().size() > 1;
    this.smallPiece = messages ? Norms.BLOCK : piece(parameters, muster.members());
    int channels = shape.lanes().count() > 1 ? state.network().exchangedChannels() : 0;
    if (attempt.inDriver()) {
      this.peers = null;
      this.reports = null;
      this.statistics =
          channels == 0 ? null : new BatchStatistics(shape.lanes(), channels, rendezvous);
      return;
    }
    Exchange exchange = Exchange.get(attempt.exchangePort());
    this.reports =
        me == 0
            ? new Reports(
                log, DriverLink.reporting(attempt.id()), exchange.connect(attempt.driver()))
            : null;
    this.peers =
        new Peers(
            attempt.id(),
            muster,
            muster.executorOfLane(shape),
            slices,
            tree,
            state.parameters(),
            squares,
            channels,
            log,
            waiters,
            exchange);
    this.statistics =
        channels == 0 ? null : new BatchStatistics(shape.lanes(), channels, rendezvous, peers);
  }

  private static int[] foreign(Slices slices, int me) {
    return IntStream.range(0, slices.blocks())
        .map(i -> slices.blocks() - 1 - i)
        .filter(block -> slices.owner(block) != me)
        .toArray();
  }

  private static int piece(int parameters, int members) {
    int tiles = parameters / (TILE * PIECES * members);
    return Math.min(Norms.BLOCK, TILE * Math.max(1, tiles));
  }

  /** This JVM's group of an attempt, made by whoever comes first. */
  static Group join(Attempt attempt, Muster muster, EpochShape shape) {
    return GROUPS.computeIfAbsent(attempt.id(), id -> new Group(attempt, muster, shape));
  }

  /** When a task ends; the last one forgets the group. */
  void leave() {
    if (members.decrementAndGet() == 0) {
      GROUPS.remove(attempt.id(), this);
      if (peers != null) {
        peers.close();
      }
    }
  }

  /** Groups of this JVM that have not been left by all. */
  static int open() {
    return GROUPS.size();
  }

  /** Lets all tasks of the group fail for this reason. */
  void fail(Throwable reason) {
    waiters.fail(reason);
  }

  /** Before the first step, when all other executors are ready. */
  void start() {
    if (peers != null) {
      peers.start();
    }
  }

  /** The parameters that this JVM updates. */
  ParameterRange slice() {
    return own;
  }

  LaneTree tree() {
    return tree;
  }

  /**
   * What the layers of a task's lanes exchange statistics by; null where they exchange none.
   *
   * @param clock of the caller's thread
   */
  BatchStatistics.@Nullable Member statistics(Muster muster, PhaseClock clock, Patience patience) {
    return statistics == null
        ? null
        : statistics.member(
            muster.member(),
            shape.firstLane(muster.part()),
            shape.firstLane(muster.part() + 1),
            clock,
            patience);
  }

  TrainingState state() {
    return state;
  }

  StepLog log() {
    return log;
  }

  /** Whether the loss was no finite number in the step after the last one taken. */
  boolean diverged() {
    return diverged;
  }

  /** The loss of the last step, also of one that was not taken. */
  double loss() {
    return loss;
  }

  /** Whether to go on with the next step. */
  boolean goesOn() {
    return !diverged && !stopped;
  }

  /**
   * Of a task's lanes, all of which are in the tree, the sums are complete from a parameter on:
   * what is complete in all tasks is sent while the rest is computed.
   *
   * @param member the caller's number in the group
   * @param clock of the caller's thread
   */
  void complete(int member, int from, PhaseClock clock) {
    if (peers == null) {
      return;
    }
    complete.set(member, from);
    int inAll = from;
    for (int i = 0; i < complete.length(); i++) {
      inAll = Math.max(inAll, complete.get(i));
    }
    Phase before = clock.to(Phase.EXCHANGE);
    sendSums(peers, inAll);
    clock.to(before);
  }

  /**
   * {@code G = Σ} over all lanes, {@code W ← W − η G}: the second half of a step, after the caller
   * has put its lanes into the tree. Returns when all is done, by all.
   *
   * @param member the caller's number in the group
   * @param clock of the caller's thread
   */
  void addAndUpdate(int member, PhaseClock clock, Patience patience) {
    clock.to(Phase.WAITING);
    rendezvous.meet(member, begin, patience); // This JVM's lanes are in the tree.
    if (peers != null) {
      clock.to(Phase.EXCHANGE);
      sendSums(peers, 0);
      clock.to(Phase.WAITING);
      peers.awaitFigures(member, patience);
    }
    rendezvous.meet(member, takeFigures, patience); // The losses of all lanes are.
    if (diverged) {
      return;
    }
    if (withNorm) {
      addWithNorm(member, clock, patience);
    }
    for (int from = nextOwn(); from >= own.from(); from = nextOwn()) {
      int to = Math.min(from + piece, own.to());
      if (withNorm) {
        clock.to(Phase.OPTIMIZER);
        state.update(tree.array(sums[from / Norms.BLOCK]), from, to, Math.sqrt(squaresOfAll));
      } else {
        addAndUpdate(from, to, member, clock, patience);
      }
      if (peers != null) {
        clock.to(Phase.EXCHANGE);
        peers.sendWeights(from / Norms.BLOCK);
      }
    }
    clock.to(Phase.WAITING);
    if (peers != null) {
      peers.awaitWeights(member, patience);
    }
    rendezvous.meet(member, end, patience); // All weights are new.
    clock.to(Phase.OTHER);
  }

  /** Sends the blocks of other slices that begin at {@code from} or later. */
  private void sendSums(Peers others, int from) {
    int i = nextForeign.get();
    while (i < foreign.length && slices.from(foreign[i]) >= from) {
      if (nextForeign.compareAndSet(i, i + 1)) {
        others.sendSums(foreign[i]);
      }
      i = nextForeign.get();
    }
  }

  private void addAndUpdate(
      int first, int behind, int member, PhaseClock clock, Patience patience) {
    awaitSums(first, member, clock, patience);
    for (int from = first; from < behind; from += TILE) {
      int to = Math.min(from + TILE, behind);
      clock.to(Phase.SUMS);
      float[] G = tree.array(average(from, to));
      clock.to(Phase.OPTIMIZER);
      state.update(G, from, to, 0);
    }
  }

  /**
   * Adds up all blocks, because the norm of all must be known before any is used; in steps that are
   * measured, because it is to be known.
   */
  private void addWithNorm(int member, PhaseClock clock, Patience patience) {
    for (int from = nextOwn(); from >= own.from(); from = nextOwn()) {
      int block = from / Norms.BLOCK;
      awaitSums(from, member, clock, patience);
      clock.to(Phase.SUMS);
      sums[block] = average(from, slices.to(block));
      squares[block] = Norms.squaresOfBlock(tree.array(sums[block]), 0, state.trained(), block);
    }
    clock.to(Phase.WAITING);
    rendezvous.meet(member, takeSquares, patience);
    if (peers != null) {
      peers.awaitSquares(member, patience);
    }
    rendezvous.meet(member, takeNorm, patience);
  }

  /** Until the tree has the sums of other executors for the block that begins there. */
  private void awaitSums(int from, int member, PhaseClock clock, Patience patience) {
    if (peers != null) {
      clock.to(Phase.WAITING);
      peers.awaitSums(member, from / Norms.BLOCK, patience);
    }
  }

  /** The mean gradient of some parameters; returns the node of the tree whose array has it. */
  private int average(int from, int to) {
    int sum = tree.add(LaneTree.ROOT, from, to);
    state.average(tree.array(sum), from, to, count);
    return sum;
  }

  /** Where the last piece of the slice begins that nobody has taken: sums come in that order. */
  private int nextOwn() {
    return nextOwn.addAndGet(-piece);
  }

  private void takeOwnFromTheEnd() {
    int pieces = (own.to() - own.from() + piece - 1) / piece;
    nextOwn.set(own.from() + pieces * piece);
  }

  private void nothingIsComplete() {
    nextForeign.set(0);
    for (int i = 0; i < complete.length(); i++) {
      complete.set(i, Integer.MAX_VALUE);
    }
  }

  // ---- what the last one to come does at a meeting, for all

  private void begin() {
    count = shape.order().batchSize(step);
    measured = shape.measures(step);
    withNorm = measured || state.needsNorm();
    piece = withNorm ? Norms.BLOCK : smallPiece;
    takeOwnFromTheEnd();
    if (peers != null) {
      peers.begin(shape, count, withNorm);
      peers.sendFigures();
    }
  }

  private void takeFigures() {
    if (peers != null) {
      peers.takeFigures();
    }
    loss = tree.loss(LaneTree.ROOT);
    correct = tree.correct(LaneTree.ROOT);
    laneSquares = tree.squares(LaneTree.ROOT);
    diverged = !Double.isFinite(loss);
    stopped = peers == null ? log.stopRequested() : peers.stops();
    if (!diverged) {
      state.beginUpdate();
    }
  }

  private void takeSquares() {
    if (peers != null) {
      peers.sendSquares();
    }
  }

  private void takeNorm() {
    takeOwnFromTheEnd();
    squaresOfAll = PairwiseSum.of(squares, squares.length);
  }

  private void end() {
    nothingIsComplete();
    state.endUpdate(count);
    double squaresOfMean = measured ? state.squaresOfMean(squaresOfAll, count) : 0;
    log.add(log.steps(), loss, correct, laneSquares, squaresOfMean);
    step++;
    if (reports != null) {
      reports.report();
    }
  }
}
