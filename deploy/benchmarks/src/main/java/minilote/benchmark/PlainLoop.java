package minilote.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minilote.datasets.Normalization;
import minilote.trainer.math.PortableEngine;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.optimizer.Optimizer;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.optimizer.UpdateRule;
import minilote.trainer.run.Model;
import minilote.trainer.spark.EpochOrder;
import minilote.trainer.spark.Lanes;

/**
 * What the machine gives to Minilote's numerics without Spark: a thread a lane in one JVM, weights
 * and gradients in shared memory, each thread updating its share of the weights. Gives Minilote's
 * bits, and the benchmark checks that it does: the work is the same.
 */
final class PlainLoop {
  /** Parameters that are summed and updated at a time, so that sums are still in the cache. */
  private static final int BLOCK = 8192;

  private final Work work;
  private final TrainingExamples examples;
  private final Normalization normalization;
  private final Network network;
  private final float[] weights;
  private final Optimizer optimizer;
  private final List<BackPropagation> lanes = new ArrayList<>();
  private final SpinBarrier barrier;
  private final StepCourse course;

  private PlainLoop(Work work) {
    this.work = work;
    this.examples = TrainingExamples.read(work.data());
    this.normalization = TrainingExamples.normalization(work.data());
    this.network = work.network().network();
    this.weights = network.initialize(Initialization.AUTO, work.seed());
    this.optimizer =
        Optimizer.of(OptimizerSettings.of(UpdateRule.SGD), network.parameterCount(), List.of());
    for (int lane = 0; lane < work.threads(); lane++) {
      BackPropagation backPropagation =
          new BackPropagation(
              network,
              Loss.CATEGORICAL_CROSS_ENTROPY,
              PortableEngine.create(),
              network.blockRows());
      backPropagation.setParameters(weights);
      lanes.add(backPropagation);
    }
    this.barrier = new SpinBarrier(work.threads());
    this.course = new StepCourse(work, examples.count());
  }

  /** Does the work in this process. */
  static Outcome run(Work work) throws InterruptedException, ExecutionException {
    PlainLoop loop = new PlainLoop(work);
    try {
      return loop.run();
    } finally {
      loop.lanes.forEach(BackPropagation::close);
    }
  }

  private Outcome run() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(work.threads());
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int lane = 0; lane < work.threads(); lane++) {
        int number = lane;
        futures.add(threads.submit(() -> train(number)));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return course.outcome(Model.weightsSha256(weights));
  }

  /** One thread's part of every step. */
  private void train(int lane) {
    Lanes cut = new Lanes(work.threads(), work.batch());
    BackPropagation mine = lanes.get(lane);
    int from = share(lane);
    int to = share(lane + 1);
    while (course.goesOn()) {
      EpochOrder order = course.order();
      long step = course.stepOfEpoch();
      int n = order.batchSize(step);
      long first = step * work.batch();
      learn(mine, order, first + cut.first(lane, n), first + cut.first(lane + 1, n));
      barrier.await();
      update(from, to, n);
      if (lane == 0) {
        double loss = 0;
        for (BackPropagation each : lanes) {
          loss += each.loss();
        }
        course.stepped(loss / n, n);
      }
      barrier.await();
    }
  }

  private int share(int lane) {
    return (int) ((long) lane * weights.length / work.threads());
  }

  private void learn(BackPropagation mine, EpochOrder order, long from, long to) {
    mine.clear();
    float[] inputs = mine.inputs();
    float[] targets = mine.targets();
    int most = network.blockRows(); // As in Minilote, since it decides how rows are summed.
    for (long at = from; at < to; at += most) {
      int rows = (int) Math.min(most, to - at);
      for (int row = 0; row < rows; row++) {
        examples.stage(normalization, order.rank(at + row), inputs, targets, row);
      }
      mine.errorAndGradient(rows);
    }
  }

  private void update(int from, int to, int count) {
    float[] G = lanes.get(0).gradient();
    float n = count;
    long number = course.steps() + 1L;
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(to, start + BLOCK);
      // Two lanes are one addition; more would need the tree of Minilote's lane sums.
      for (int lane = 1; lane < lanes.size(); lane++) {
        float[] g = lanes.get(lane).gradient();
        for (int i = start; i < end; i++) {
          G[i] += g[i];
        }
      }
      for (int i = start; i < end; i++) {
        G[i] /= n;
      }
      optimizer.update(weights, G, start, end, (float) work.network().learningRate(), number);
    }
  }

  public static void main(String[] args) throws InterruptedException, ExecutionException {
    JavaProcess.answer(run(Work.fromJson(args[0])));
  }
}
