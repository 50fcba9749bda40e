package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import minilote.trainer.network.BackPropagation;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * Synchronous SGD as one Spark job a step: broadcast {@code W}, compute {@code Σ x^(ℓ-1) (δ^(ℓ))ᵀ}
 * over each lane where its rows are, add the sums up in a tree, update on the driver. The
 * definition, and it works on every cluster.
 *
 * <p>Partitions hold consecutive lanes and are added in consecutive groups, so that siblings of
 * {@link LaneSum}'s tree meet early and the driver receives about {@code √P} sums instead of {@code
 * P}. (Spark's own {@code treeAggregate} groups partitions by their remainder, which never brings
 * neighbours together.)
 */
final class TreeAggregate implements Synchronizer {
  /**
   * With so few partitions the driver adds their sums itself: a level more would cost a shuffle and
   * save nothing.
   */
  private static final int FEW_PARTITIONS = 8;

  private final JavaSparkContext spark;
  private final LearnerSpec spec;
  private final boolean sameJvm;
  private final CommonSum common = new CommonSum();

  TreeAggregate(JavaSparkContext spark, LearnerSpec spec) {
    this(spark, spec, spark.isLocal());
  }

  /**
   * @param sameJvm whether all tasks run in this JVM, so that weights and sums go by reference
   */
  TreeAggregate(JavaSparkContext spark, LearnerSpec spec, boolean sameJvm) {
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
      state.update(sum, lanes); // W^(ℓ) ← W^(ℓ) − η G^(ℓ)
      if (!listener.stepped(step, sum.loss(lanes), sum.correct(lanes), sum.count(lanes))) {
        return step + 1;
      }
    }
    return to;
  }

  /** The sum over all lanes of batch {@code step}; until the next one is asked for. */
  LaneSum gradient(EpochData epoch, long step, Weights weights) {
    return sameJvm ? gathered(epoch, step, weights) : collected(epoch, step, weights);
  }

  /** Every task adds its sum to the common one. */
  private LaneSum gathered(EpochData epoch, long step, Weights weights) {
    long round = common.begin();
    try (Lent<CommonSum> lent = Lent.of(common)) {
      LaneTask task = new LaneTask(spec, epoch, step, weights.source());
      new Adding(task, lent, round).over(epoch.held(), Boolean.class);
      return common.end(round);
    }
  }

  /** Every task sends its sum. */
  private LaneSum collected(EpochData epoch, long step, Weights weights) {
    LaneSum whole = new LaneSum();
    JavaRDD<LaneSum> sums = sums(epoch, step, weights);
    try {
      for (LaneSum part : sums.collect()) {
        whole.merge(part);
      }
    } finally {
      // The files of this step's shuffle; the epoch's, behind what is persisted, stay.
      sums.rdd().cleanShuffleDependencies(false);
    }
    return whole;
  }

  /** What reaches the driver when tasks send their sums. */
  JavaRDD<LaneSum> sums(EpochData epoch, long step, Weights weights) {
    LaneTask task = new LaneTask(spec, epoch, step, weights.source());
    JavaRDD<LaneSum> sums = epoch.held().mapPartitions(task::run, true);
    int partitions = epoch.shape().partitions();
    if (partitions <= FEW_PARTITIONS) {
      return sums;
    }
    int groups = (int) Math.ceil(Math.sqrt(partitions));
    return sums.mapPartitionsToPair(new Grouping(partitions, groups)::key)
        .partitionBy(new EpochData.ByNumber(groups))
        .mapPartitions(TreeAggregate::merge);
  }

  private static Iterator<LaneSum> merge(Iterator<Tuple2<Integer, LaneSum>> sums) {
    LaneSum merged = new LaneSum();
    while (sums.hasNext()) {
      merged.merge(sums.next()._2());
    }
    return List.of(merged).iterator();
  }

  /** Consecutive partitions in groups of nearly equal size. */
  private static final class Grouping implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int partitions;
    private final int groups;

    Grouping(int partitions, int groups) {
      this.partitions = partitions;
      this.groups = groups;
    }

    Iterator<Tuple2<Integer, LaneSum>> key(Iterator<LaneSum> sums) {
      int group = (int) ((TaskContext.getPartitionId() + 1L) * groups - 1) / partitions;
      return List.of(new Tuple2<>(group, sums.next())).iterator();
    }
  }

  /** The lanes of one partition, in one step. */
  private static final class LaneTask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LearnerSpec spec;
    private final EpochShape shape;
    private final Rows.Source source;
    private final long step;
    private final Weights.Source weights;

    LaneTask(LearnerSpec spec, EpochData epoch, long step, Weights.Source weights) {
      this.spec = spec;
      this.shape = epoch.shape();
      this.source = epoch.rows();
      this.step = step;
      this.weights = weights;
    }

    Iterator<LaneSum> run(Iterator<byte[]> held) {
      // Spark serializes the result in this thread, before the thread takes another task and so
      // before this memory is used again.
      return List.of(sum(held)).iterator();
    }

    /** The sum over the partition's lanes, in memory of this thread's. */
    LaneSum sum(Iterator<byte[]> held) {
      int partition = TaskContext.getPartitionId();
      int batch = shape.order().batchSize(step);
      Learner learner = spec.learner();
      BackPropagation backPropagation = learner.backPropagation();
      backPropagation.setParameters(weights.get());
      LaneSum sum = learner.laneSum();
      sum.clear();
      Rows rows = source.open(held, partition, step);
      for (int lane = shape.firstLane(partition); lane < shape.firstLane(partition + 1); lane++) {
        int count = shape.lanes().first(lane + 1, batch) - shape.lanes().first(lane, batch);
        learner.learn(rows, count);
        sum.add(
            lane,
            backPropagation.gradient(),
            backPropagation.loss(),
            backPropagation.correct(),
            count);
      }
      return sum;
    }
  }

  /** A task that adds its sum to the one that is common to this JVM. */
  private static final class Adding extends PartitionTask<byte[], Boolean> {
    private static final long serialVersionUID = 1L;

    private final LaneTask task;
    private final Lent<CommonSum> common;
    private final long round;

    Adding(LaneTask task, Lent<CommonSum> common, long round) {
      this.task = task;
      this.common = common;
      this.round = round;
    }

    @Override
    Boolean run(int partition, Iterator<byte[]> held) {
      return common.get().add(round, partition, task.sum(held));
    }
  }
}
