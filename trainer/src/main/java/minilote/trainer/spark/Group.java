package minilote.trainer.spark;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import minilote.trainer.math.Norms;
import minilote.trainer.math.PairwiseSum;
import minilote.trainer.optimizer.ParameterRange;

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

  private static final ConcurrentMap<String, Group> GROUPS = new ConcurrentHashMap<>();

  private final String attempt;
  private final AtomicInteger members;
  private final EpochShape shape;
  private final TrainingState state;
  private final StepLog log;
  private final LaneTree tree;
  private final Rendezvous rendezvous;
  private final int blocks;
  private final AtomicInteger nextBlock = new AtomicInteger();
  private final double[] squares;
  private final int[] sums; // the node that holds a block's sum

  private long step;
  private int count;
  private double norm;
  private boolean diverged;
  private boolean stopped;

  // Allocated once, not at every step.
  private final Runnable beginUpdate = this::beginUpdate;
  private final Runnable takeNorm = this::takeNorm;
  private final Runnable endUpdate = this::endUpdate;

  private Group(
      String attempt, int members, EpochShape shape, long step, TrainingState state, StepLog log) {
    this.attempt = attempt;
    this.members = new AtomicInteger(members);
    this.shape = shape;
    this.step = step;
    this.state = state;
    this.log = log;
    this.tree = new LaneTree(shape.lanes().count());
    this.rendezvous = new Rendezvous(members);
    this.blocks = Norms.blocks(state.parameters().length);
    this.squares = new double[blocks];
    this.sums = new int[blocks];
  }

  /**
   * This JVM's group of an attempt, made by whoever comes first.
   *
   * @param attempt identifies the attempt of the job
   * @param members tasks that will join, and leave
   * @param step the first step
   */
  static Group join(
      String attempt,
      int members,
      EpochShape shape,
      long step,
      Supplier<TrainingState> state,
      Supplier<StepLog> log) {
    return GROUPS.computeIfAbsent(
        attempt, name -> new Group(name, members, shape, step, state.get(), log.get()));
  }

  /** When a task ends; the last one forgets the group. */
  void leave() {
    if (members.decrementAndGet() == 0) {
      GROUPS.remove(attempt, this);
    }
  }

  /** Groups of this JVM that have not been left by all. */
  static int open() {
    return GROUPS.size();
  }

  /** Lets all tasks of the group fail for this reason. */
  void fail(Throwable reason) {
    rendezvous.fail(reason);
  }

  /** The parameters that this JVM updates. */
  ParameterRange slice() {
    return new ParameterRange(0, state.parameters().length);
  }

  LaneTree tree() {
    return tree;
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

  /** Whether to go on with the next step. */
  boolean goesOn() {
    return !diverged && !stopped;
  }

  /**
   * {@code G = Σ} over all lanes, {@code W ← W − η G}: the second half of a step, after the caller
   * has put its lanes into the tree. Returns when all is done, by all.
   *
   * @param member the caller's number in the group
   */
  void addAndUpdate(int member, Patience patience) {
    rendezvous.meet(member, beginUpdate, patience); // All lanes are in the tree.
    if (diverged) {
      return;
    }
    if (state.needsNorm()) {
      for (int block = nextBlock(); block < blocks; block = nextBlock()) {
        sums[block] = average(from(block), to(block));
        squares[block] =
            Norms.squaresOfBlock(tree.array(sums[block]), 0, state.parameters().length, block);
      }
      rendezvous.meet(member, takeNorm, patience);
      for (int block = nextBlock(); block < blocks; block = nextBlock()) {
        state.update(tree.array(sums[block]), from(block), to(block), norm);
      }
    } else {
      for (int block = nextBlock(); block < blocks; block = nextBlock()) {
        for (int from = from(block); from < to(block); from += TILE) {
          int to = Math.min(from + TILE, to(block));
          int sum = average(from, to);
          state.update(tree.array(sum), from, to, norm);
        }
      }
    }
    rendezvous.meet(member, endUpdate, patience); // All weights are new.
  }

  /** The mean gradient of some parameters; returns the node of the tree whose array has it. */
  private int average(int from, int to) {
    int sum = tree.add(LaneTree.ROOT, from, to);
    state.average(tree.array(sum), from, to, count);
    return sum;
  }

  private int nextBlock() {
    return nextBlock.getAndIncrement();
  }

  private static int from(int block) {
    return block * Norms.BLOCK;
  }

  private int to(int block) {
    return Math.min(from(block) + Norms.BLOCK, state.parameters().length);
  }

  private void beginUpdate() {
    nextBlock.set(0);
    count = shape.order().batchSize(step);
    diverged = !Double.isFinite(tree.loss(LaneTree.ROOT));
    stopped = log.stopRequested();
    if (!diverged) {
      state.beginUpdate();
    }
  }

  private void takeNorm() {
    nextBlock.set(0);
    norm = Math.sqrt(PairwiseSum.of(squares, blocks));
  }

  private void endUpdate() {
    state.endUpdate(count);
    log.add(tree.loss(LaneTree.ROOT), tree.correct(LaneTree.ROOT));
    step++;
  }
}
