package minilote.trainer.spark;

import java.util.Iterator;
import java.util.List;
import minilote.trainer.math.Phase;
import minilote.trainer.math.PhaseClock;
import minilote.trainer.network.BackPropagation;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * Synchronous SGD as one Spark job a step: broadcast {@code W}, compute {@code Σ x^(ℓ-1) (δ^(ℓ))ᵀ}
 * over each lane where its rows are, add the sums up in a tree, update on the driver. The
 * definition, and it works on every cluster.
 *
 * <p>Where all tasks are in the driver's JVM, in Spark's local mode, they take the weights by
 * reference and add their sums to a {@link CommonSum}. Elsewhere weights are broadcast and sums
 * sent. Partitions hold consecutive lanes; many of them are added in consecutive groups first, so
 * that siblings of {@link LaneSum}'s tree meet early and the driver receives about {@code √P} sums
 * instead of {@code P}. (Spark's own {@code treeAggregate} groups partitions by their remainder,
 * which never brings neighbours together.)
 */
final class TreeAggregate implements Synchronizer {
  /**
   * So many partitions' sums the driver adds up itself. A level more costs a shuffle through disks
   * and pays when the driver's network is what holds a step up: 16 sums of 1.8 million floats took
   * 0.4 of the time without it on one machine, and would take 90 ms to arrive at 10 Gbit/s.
   */
  private static final int FEW_PARTITIONS = 16;

  private final JavaSparkContext spark;
  private final LearnerSpec spec;
  private final boolean sameJvm;
  private final @Nullable Profiler profiler;
  private final CommonSum common = new CommonSum();

  /**
   * For a run.
   *
   * @param profiler told where time goes, or null
   */
  TreeAggregate(JavaSparkContext spark, LearnerSpec spec, @Nullable Profiler profiler) {
    this(spark, spec, spark.isLocal(), profiler);
  }

  /**
   * For a run, or a test.
   *
   * @param sameJvm whether all tasks run in this JVM, so that weights and sums go by reference
   */
  TreeAggregate(
      JavaSparkContext spark, LearnerSpec spec, boolean sameJvm, @Nullable Profiler profiler) {
    this.profiler = profiler;
    this.spark = spark;
    this.spec = spec;
    this.sameJvm = sameJvm;
  }

  @Override
  public long advance(
      EpochData epoch, long from, long to, TrainingState state, StepListener listener) {
    int lanes = epoch.shape().lanes().count();
    for (long step = from; step < to; step++) {
      LaneSum sum;
      try (Weights W = Weights.broadcast(spark, state.parameters(), sameJvm)) {
        sum = gradient(epoch, step, W); // Σ_n x_n^(ℓ-1) (δ_n^(ℓ))ᵀ, the sum of losses, the count
      }
      long began = System.nanoTime();
      boolean measured = epoch.shape().measures(step);
      double squares = state.update(sum, lanes, measured); // W^(ℓ) ← W^(ℓ) − η G^(ℓ)
      Profiler.add(
          profiler, Phase.OPTIMIZER, epoch.shape().partitions(), System.nanoTime() - began);
      if (measured) {
        listener.measured(sum.squares(lanes), squares);
      }
      if (!listener.stepped(step, sum.loss(lanes), sum.correct(lanes), sum.count(lanes))) {
        return step + 1;
      }
    }
    return to;
  }

  /** The sum over all lanes of batch {@code step}; until the next one is asked for. */
  LaneSum gradient(EpochData epoch, long step, Weights weights) {
    if (sameJvm) {
      return common.over(epoch.held().rdd(), new LaneTask(spec, epoch, step, weights, profiler));
    }
    LaneSum whole = new LaneSum();
    sums(epoch, step, weights).forEach(whole::merge);
    return whole;
  }

  /** Every task sends its sum, and those of neighbours are added on the way: what arrives here. */
  List<LaneSum> sums(EpochData epoch, long step, Weights weights) {
    LaneTask task = new LaneTask(spec, epoch, step, weights, profiler);
    int partitions = epoch.shape().partitions();
    if (partitions <= FEW_PARTITIONS) {
      return task.over(epoch.held().rdd(), LaneSum.class);
    }
    int groups = (int) Math.ceil(Math.sqrt(partitions));
    RDD<Tuple2<Integer, LaneSum>> grouped =
        new JavaPairRDD<>(
                new Grouping(task, partitions, groups).on(epoch.held().rdd()),
                ClassTag.apply(Integer.class),
                ClassTag.apply(LaneSum.class))
            .partitionBy(new EpochData.ByNumber(groups))
            .rdd();
    try {
      return new Merging().over(grouped, LaneSum.class);
    } finally {
      // The files of this step's shuffle; the epoch's, behind what is persisted, stay.
      grouped.cleanShuffleDependencies(false);
    }
  }

  /** The lanes of one partition, in one step. */
  private static final class LaneTask extends PartitionTask<byte[], LaneSum> {
    private static final long serialVersionUID = 1L;

    private final LearnerSpec spec;
    private final EpochShape shape;
    private final Rows.Source source;
    private final RowKeys.Source rowKeys;
    private final long step;
    private final Weights.Source weights;
    private final @Nullable Profiler profiler;

    LaneTask(
        LearnerSpec spec,
        EpochData epoch,
        long step,
        Weights weights,
        @Nullable Profiler profiler) {
      this.profiler = profiler;
      this.spec = spec;
      this.shape = epoch.shape();
      this.source = epoch.rows();
      this.rowKeys = epoch.keys();
      this.step = step;
      this.weights = weights.source();
    }

    /**
     * The sum over the partition's lanes, in this thread's memory. Spark serializes a result in the
     * thread that has computed it, before the thread takes another task and so before this memory
     * is used again.
     */
    @Override
    LaneSum run(int partition, Iterator<byte[]> held) {
      try (KeptLearner kept = spec.take()) {
        return sum(kept.learner(), partition, held);
      }
    }

    private LaneSum sum(Learner learner, int partition, Iterator<byte[]> held) {
      int batch = shape.order().batchSize(step);
      BackPropagation backPropagation = learner.backPropagation();
      backPropagation.setParameters(weights.get());
      PhaseClock clock = Profiler.start(profiler, learner);
      LaneSum sum = learner.laneSum();
      sum.clear();
      clock.to(Phase.DATA);
      Rows rows = source.open(held, partition, step, step + 1);
      RowKeys keys = rowKeys.open(partition, step, step + 1);
      clock.to(Phase.SUMS); // But for what learning tells by itself.
      int end = shape.firstLane(partition + 1);
      boolean measured = shape.measures(step);
      for (int lane = shape.firstLane(partition); lane < end; lane++) {
        int count = shape.lanes().size(lane, batch);
        learner.learn(rows, keys, count);
        float[] gradient = backPropagation.gradient();
        double loss = backPropagation.loss();
        long correct = backPropagation.correct();
        double squares =
            measured && count > 0
                ? LaneSquares.of(gradient, backPropagation.trainedCount(), count)
                : 0;
        if (lane < end - 1) {
          sum.add(lane, gradient, loss, correct, count, squares);
        } else {
          sum.lend(lane, gradient, loss, correct, count, squares);
        }
      }
      Profiler.end(profiler, clock, learner);
      return sum;
    }
  }

  /** A partition's sum, with the number of its group: of consecutive ones, of nearly equal size. */
  private static final class Grouping extends PartitionTask<byte[], Tuple2<Integer, LaneSum>> {
    private static final long serialVersionUID = 1L;

    private final LaneTask task;
    private final int partitions;
    private final int groups;

    Grouping(LaneTask task, int partitions, int groups) {
      this.task = task;
      this.partitions = partitions;
      this.groups = groups;
    }

    @Override
    Tuple2<Integer, LaneSum> run(int partition, Iterator<byte[]> held) {
      int group = (int) ((partition + 1L) * groups - 1) / partitions;
      return new Tuple2<>(group, task.run(partition, held));
    }
  }

  /** The sum over a group. */
  private static final class Merging extends PartitionTask<Tuple2<Integer, LaneSum>, LaneSum> {
    private static final long serialVersionUID = 1L;

    @Override
    LaneSum run(int group, Iterator<Tuple2<Integer, LaneSum>> sums) {
      LaneSum merged = new LaneSum();
      sums.forEachRemaining(sum -> merged.merge(sum._2()));
      return merged;
    }
  }
}
