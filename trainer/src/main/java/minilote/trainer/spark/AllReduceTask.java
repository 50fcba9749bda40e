package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.LanesSideBySide;
import org.apache.spark.BarrierTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * One task of a job of {@link AllReduce}: its lanes of every step, and its share of adding them up
 * and of updating the weights.
 */
final class AllReduceTask implements Serializable {
  private static final long serialVersionUID = 1L;

  /** For examples that are read from afar; a task that fails at it ends the job at once. */
  private static final double READING_SECONDS = 3600;

  private final LearnerSpec spec;
  private final EpochShape shape;
  private final Rows.Source source;
  private final RowKeys.Source rowKeys;
  private final Attempt attempt;
  private final @Nullable Profiler profiler;

  AllReduceTask(LearnerSpec spec, EpochData epoch, Attempt attempt, @Nullable Profiler profiler) {
    this.profiler = profiler;
    this.spec = spec;
    this.shape = epoch.shape();
    this.source = epoch.rows();
    this.rowKeys = epoch.keys();
    this.attempt = attempt;
  }

  /** The steps of the job. */
  Iterator<Outcome> run(Iterator<byte[]> held) {
    BarrierTaskContext context = BarrierTaskContext.get();
    Patience patience = new Patience(context, attempt.timeoutSeconds());
    Muster muster = muster(context.partitionId(), patience);
    Group group = Group.join(attempt, muster, shape);
    try {
      // The first time, it may take a JVM long to read them, and another one longer.
      Rows rows = source.open(held, muster.part(), attempt.from(), attempt.to());
      if (muster.addresses().size() > 1) {
        // All are ready for messages.
        gather(1, context.partitionId(), "", new Patience(context, READING_SECONDS));
        group.start();
      }
      try (KeptLearner kept = spec.take()) {
        steps(kept.learner(), group, muster, rows, patience);
      }
    } catch (RuntimeException | Error e) {
      group.fail(e);
      throw e;
    } finally {
      group.leave();
    }
    return attempt.outcome(group, muster, patience).iterator();
  }

  private Muster muster(int partition, Patience patience) {
    if (attempt.inDriver()) {
      return Muster.here(partition, shape.partitions());
    }
    String address = Exchange.get(attempt.exchangePort()).address();
    List<String> answers = gather(0, partition, Muster.answer(partition, address), patience);
    return Muster.of(answers, partition, source.anywhere());
  }

  private List<String> gather(int round, int partition, String text, Patience patience) {
    Exchange exchange = Exchange.get(attempt.exchangePort());
    return Assembly.gather(
        exchange,
        exchange.connect(attempt.driver()),
        DriverLink.gathering(attempt.id()),
        round,
        partition,
        text,
        patience);
  }

  private void steps(Learner learner, Group group, Muster muster, Rows rows, Patience patience) {
    int part = muster.part();
    BackPropagation backPropagation = learner.backPropagation();
    backPropagation.setParameters(group.state().parameters()); // W, which all tasks here share
    PhaseClock clock = Profiler.start(profiler, learner);
    BatchStatistics.Member statistics = group.statistics(muster, clock, patience);
    if (statistics != null) {
      lanesOf(part, learner).setParameters(group.state().parameters());
    }
    RowKeys keys = rowKeys.open(part, attempt.from(), attempt.to());
    LaneSquares squares =
        new LaneSquares(
            shape.firstLane(part + 1) - shape.firstLane(part), group.state().trained(), clock);
    IntConsumer complete =
        from -> {
          squares.complete(from); // Before others add to them.
          group.complete(muster.member(), from, clock);
        };
    for (long step = attempt.from(); step < attempt.to() && group.goesOn(); step++) {
      if (statistics == null) {
        gradients(learner, rows, keys, group.tree(), part, step, squares, complete);
      } else {
        gradientsTogether(
            learner, rows, keys, group.tree(), part, step, statistics, squares, complete);
      }
      group.addAndUpdate(muster.member(), clock, patience); // G = Σ lanes, W ← W − η G
    }
    Profiler.end(profiler, clock, learner);
  }

  /** Σ x^(ℓ-1) (δ^(ℓ))ᵀ of each of this task's lanes, into the tree. */
  private void gradients(
      Learner learner,
      Rows rows,
      RowKeys keys,
      LaneTree tree,
      int part,
      long step,
      LaneSquares squares,
      IntConsumer complete) {
    BackPropagation backPropagation = learner.backPropagation();
    TaskLanes lanes = learner.lanes();
    lanes.begin(tree);
    int batch = shape.order().batchSize(step);
    boolean measured = shape.measures(step);
    int first = shape.firstLane(part);
    int last = lastLane(part, batch);
    for (int lane = first; lane < shape.firstLane(part + 1); lane++) {
      int count = shape.lanes().size(lane, batch);
      if (count == 0) {
        tree.putNothing(tree.leaf(lane));
      } else {
        float[] gradient = lanes.next(tree, backPropagation.parameterCount());
        backPropagation.setGradient(gradient);
        if (measured) {
          squares.begin(lane - first, gradient);
        }
        if (lane == last) {
          // Added up from its end on, while the rest is computed.
          tree.putUnfinished(tree.leaf(lane), gradient);
          learner.learn(rows, keys, count, complete);
        } else {
          learner.learn(rows, keys, count);
        }
        tree.put(
            tree.leaf(lane),
            gradient,
            0,
            backPropagation.loss(),
            backPropagation.correct(),
            measured ? squares.end(lane - first, count) : 0);
      }
      lanes.held(tree, lane);
    }
  }

  private LanesSideBySide lanesOf(int part, Learner learner) {
    return learner.sideBySide(shape.firstLane(part + 1) - shape.firstLane(part));
  }

  /**
   * The same where layers exchange what they have measured in all lanes of the batch: all lanes are
   * in the tree before any of them is complete.
   */
  private void gradientsTogether(
      Learner learner,
      Rows rows,
      RowKeys keys,
      LaneTree tree,
      int part,
      long step,
      BatchStatistics.Member statistics,
      LaneSquares squares,
      IntConsumer complete) {
    TaskLanes lanes = learner.lanes();
    int first = shape.firstLane(part);
    LanesSideBySide together = lanesOf(part, learner);
    int[] counts = statistics.begin(shape.order().batchSize(step));
    boolean measured = shape.measures(step);
    lanes.begin(tree);
    for (int i = 0; i < together.size(); i++) {
      BackPropagation lane = together.lane(i);
      int node = tree.leaf(first + i);
      if (counts[i] == 0) {
        tree.putNothing(node);
      } else {
        float[] gradient = lanes.another(lane.parameterCount());
        lane.setGradient(gradient);
        tree.putUnfinished(node, gradient);
        if (measured) {
          squares.begin(i, gradient);
        }
      }
      lanes.held(tree, first + i);
    }
    learner.learn(rows, keys, together, counts, statistics, complete);
    for (int i = 0; i < together.size(); i++) {
      BackPropagation lane = together.lane(i);
      if (counts[i] > 0) {
        int node = tree.leaf(first + i);
        double ofLane = measured ? squares.end(i, counts[i]) : 0;
        tree.put(node, tree.array(node), 0, lane.loss(), lane.correct(), ofLane);
      }
    }
  }

  /** The last lane of a part, if it has examples: only then are all others in the tree before. */
  private int lastLane(int part, int batch) {
    int last = shape.firstLane(part + 1) - 1;
    return shape.lanes().size(last, batch) > 0 ? last : -1;
  }
}
