package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minilote.trainer.network.BackPropagation;

/**
 * The same lanes on threads that share memory: what the numerics take without Spark. For comparison
 * in benchmarks.
 */
final class PlainLoop implements Synchronizer, AutoCloseable {
  private final LearnerSpec spec;
  private final ExecutorService threads;

  PlainLoop(LearnerSpec spec, int threads) {
    this.spec = spec;
    this.threads = Executors.newFixedThreadPool(threads);
  }

  @Override
  public long advance(
      EpochData epoch, long from, long to, TrainingState state, StepListener listener) {
    EpochShape shape = epoch.shape();
    int parts = shape.partitions();
    int[] numbers = new int[parts];
    List<LaneSum> sums = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      numbers[part] = part;
      sums.add(new LaneSum());
    }
    List<byte[]>[] held = epoch.held().collectPartitions(numbers);
    LaneSum whole = new LaneSum();
    for (long step = from; step < to; step++) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        Rows rows = epoch.rows().open(held[part].iterator(), part, step, step + 1);
        RowKeys keys = epoch.keys().open(part, step, step + 1);
        LaneSum sum = sums.get(part);
        int number = part;
        int batch = shape.order().batchSize(step);
        work.add(() -> learn(shape, rows, keys, batch, number, sum, state.parameters()));
      }
      run(work);
      whole.clear();
      sums.forEach(whole::merge);
      state.update(whole, shape.lanes().count(), false);
    }
    return to;
  }

  private Void learn(
      EpochShape shape,
      Rows rows,
      RowKeys keys,
      int batch,
      int part,
      LaneSum sum,
      float[] parameters) {
    try (KeptLearner kept = spec.take()) {
      Learner learner = kept.learner();
      BackPropagation backPropagation = learner.backPropagation();
      backPropagation.setParameters(parameters);
      sum.clear();
      for (int lane = shape.firstLane(part); lane < shape.firstLane(part + 1); lane++) {
        int count = shape.lanes().size(lane, batch);
        learner.learn(rows, keys, count);
        sum.add(
            lane,
            backPropagation.gradient(),
            backPropagation.loss(),
            backPropagation.correct(),
            count,
            0);
      }
    }
    return null;
  }

  private void run(List<Callable<Void>> work) {
    try {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
