package minilote.trainer.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkException;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.Range$;
import scala.concurrent.ExecutionContext$;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * A job whose tasks all run at once. It is handed to Spark in named functions: the fields of an
 * anonymous one Spark looks for in its byte code, job after job.
 */
final class BarrierJob {
  private final JavaSparkContext spark;
  private final int tasks;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;
  private final SimpleFutureAction<BoxedUnit> job;

  private BarrierJob(JavaSparkContext spark, RDD<byte[]> data, AllReduceTask task) {
    this.spark = spark;
    this.tasks = data.getNumPartitions();
    ClassTag<Outcome> tag = ClassTag$.MODULE$.apply(Outcome.class);
    RDD<Outcome> together = data.barrier().mapPartitions(new Run(task), true, tag);
    this.job =
        spark
            .sc()
            .submitJob(
                together,
                new All(),
                Range$.MODULE$.apply(0, tasks),
                new Take(outcomes),
                new Nothing());
    job.onComplete(new End(this), ExecutionContext$.MODULE$.fromExecutor(Runnable::run));
  }

  /** Begins a job: a task for each partition of {@code data}. */
  static BarrierJob submit(JavaSparkContext spark, RDD<byte[]> data, AllReduceTask task) {
    return new BarrierJob(spark, data, task);
  }

  int tasks() {
    return tasks;
  }

  /** Waits a while; whether the job has ended. */
  boolean awaitEnd(long millis) {
    try {
      return ended.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tasks train", e);
    }
  }

  /**
   * What the tasks of a job that has ended have said, in any order.
   *
   * @throws AttemptFailed where Spark has ended it
   */
  List<Outcome> outcomes() {
    Throwable reason = failure;
    if (reason instanceof SparkException lost) {
      throw new AttemptFailed(lost);
    }
    if (reason != null) {
      throw new IllegalStateException(reason);
    }
    return outcomes;
  }

  /** Whether a task of it runs. */
  boolean runs() {
    for (Object id : CollectionConverters.asJava(job.jobIds())) {
      SparkJobInfo info = spark.statusTracker().getJobInfo((Integer) id);
      for (int stage : info == null ? new int[0] : info.stageIds()) {
        SparkStageInfo stageInfo = spark.statusTracker().getStageInfo(stage);
        if (stageInfo != null && stageInfo.numActiveTasks() > 0) {
          return true;
        }
      }
    }
    return false;
  }

  void cancel() {
    job.cancel();
  }

  private void end(Try<BoxedUnit> result) {
    if (result.isFailure()) {
      failure = result.failed().get();
    }
    ended.countDown();
  }

  /** Barrier stages are offered to Scala's functions only. */
  private static final class Run
      extends AbstractFunction1<
          scala.collection.Iterator<byte[]>, scala.collection.Iterator<Outcome>>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    private final AllReduceTask task;

    Run(AllReduceTask task) {
      this.task = task;
    }

    @Override
    public scala.collection.Iterator<Outcome> apply(scala.collection.Iterator<byte[]> held) {
      Iterator<byte[]> iterator = CollectionConverters.asJava(held);
      return CollectionConverters.asScala(task.run(iterator));
    }
  }

  /** A task's result: all that {@link Run} gives. */
  private static final class All
      extends AbstractFunction1<scala.collection.Iterator<Outcome>, Outcome[]>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Outcome[] apply(scala.collection.Iterator<Outcome> outcomes) {
      List<Outcome> all = new ArrayList<>();
      CollectionConverters.asJava(outcomes).forEachRemaining(all::add);
      return all.toArray(new Outcome[0]);
    }
  }

  /** Called for one task after another. */
  private static final class Take extends AbstractFunction2<Object, Outcome[], BoxedUnit> {
    private final List<Outcome> all;

    Take(List<Outcome> all) {
      this.all = all;
    }

    @Override
    public BoxedUnit apply(Object partition, Outcome[] outcomes) {
      all.addAll(List.of(outcomes));
      return BoxedUnit.UNIT;
    }
  }

  private static final class Nothing extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }

  private static final class End extends AbstractFunction1<Try<BoxedUnit>, BoxedUnit> {
    private final BarrierJob job;

    End(BarrierJob job) {
      this.job = job;
    }

    @Override
    public BoxedUnit apply(Try<BoxedUnit> result) {
      job.end(result);
      return BoxedUnit.UNIT;
    }
  }
}
