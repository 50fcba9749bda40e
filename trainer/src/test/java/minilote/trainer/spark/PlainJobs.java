package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import minilote.trainer.network.BackPropagation;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Synchronous SGD on Spark as everybody would write it first: the weights broadcast as {@code
 * float[]}, the sums of partitions added by Spark's own {@code treeReduce}, {@code w ← w − η g / n}
 * on the driver. For comparison in benchmarks: with one lane a partition, two partitions and plain
 * SGD it gives the bits that every synchronizer gives.
 */
final class PlainJobs implements Synchronizer {
  private final JavaSparkContext spark;
  private final LearnerSpec spec;
  private final float learningRate;

  PlainJobs(JavaSparkContext spark, LearnerSpec spec, float learningRate) {
    this.spark = spark;
    this.spec = spec;
    this.learningRate = learningRate;
  }

  @Override
  public long advance(
      EpochData epoch, long from, long to, TrainingState state, StepListener listener) {
    float[] w = state.parameters();
    for (long step = from; step < to; step++) {
      Broadcast<float[]> weights = spark.broadcast(w);
      Task task = new Task(spec, epoch, step, weights);
      float[] sum = epoch.held().mapPartitions(task::run).treeReduce(PlainJobs::add);
      weights.destroy();
      float n = epoch.shape().order().batchSize(step);
      for (int i = 0; i < w.length; i++) {
        w[i] -= learningRate * (sum[i] / n);
      }
    }
    return to;
  }

  private static float[] add(float[] sum, float[] term) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += term[i];
    }
    return sum;
  }

  /** The lanes of one partition, in one step. */
  private static final class Task implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LearnerSpec spec;
    private final EpochShape shape;
    private final Rows.Source source;
    private final RowKeys.Source keys;
    private final long step;
    private final Broadcast<float[]> weights;

    Task(LearnerSpec spec, EpochData epoch, long step, Broadcast<float[]> weights) {
      this.spec = spec;
      this.shape = epoch.shape();
      this.source = epoch.rows();
      this.keys = epoch.keys();
      this.step = step;
      this.weights = weights;
    }

    Iterator<float[]> run(Iterator<byte[]> held) {
      int partition = TaskContext.getPartitionId();
      int batch = shape.order().batchSize(step);
      try (KeptLearner kept = spec.take()) {
        Learner learner = kept.learner();
        BackPropagation backPropagation = learner.backPropagation();
        backPropagation.setParameters(weights.value());
        learner.learn(
            source.open(held, partition, step, step + 1),
            keys.open(partition, step, step + 1),
            shape.rowsOfBatch(partition, batch));
        return List.of(backPropagation.gradient()).iterator();
      }
    }
  }
}
