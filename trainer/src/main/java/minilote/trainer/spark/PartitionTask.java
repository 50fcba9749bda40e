package minilote.trainer.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * What a job does with each partition: a class with a name, as Spark's own kind of function.
 *
 * <p>Spark searches a lambda, its own around a Java function included, for what it captures without
 * need, and reads the class files of all that surrounds it to do so: milliseconds at every job,
 * more than all else that the driver does for one. A function that is no lambda it takes as it is.
 *
 * @param <T> what a partition holds
 * @param <U> what the task gives
 */
abstract class PartitionTask<T, U>
    extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, U>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What the task gives for partition {@code partition}, which holds {@code held}. */
  abstract U run(int partition, Iterator<T> held);

  @Override
  public final U apply(TaskContext context, scala.collection.Iterator<T> held) {
    return run(context.partitionId(), CollectionConverters.asJava(held));
  }

  /** Runs a job over all partitions and gives its results in their order. */
  @SuppressWarnings("unchecked") // Spark makes an array of the class that it is told.
  final List<U> over(RDD<T> partitions, Class<U> results) {
    return Arrays.asList(
        (U[]) partitions.context().runJob(partitions, this, ClassTag.apply(results)));
  }

  /** Runs a job over all partitions and gives each result as it arrives, one at a time. */
  final void over(RDD<T> partitions, Class<U> results, Consumer<U> arrived) {
    List<Object> numbers = new ArrayList<>();
    for (int partition = 0; partition < partitions.getNumPartitions(); partition++) {
      numbers.add(partition);
    }
    partitions
        .context()
        .runJob(
            partitions,
            this,
            CollectionConverters.asScala(numbers).toSeq(),
            new AbstractFunction2<Object, U, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object partition, U result) {
                arrived.accept(result);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag.apply(results));
  }

  /** The results as partitions of their own, for a job to compute. */
  final RDD<U> on(RDD<T> partitions) {
    return new Results<>(partitions, this);
  }

  /** One result a partition. */
  private static final class Results<T, U> extends RDD<U> {
    private static final long serialVersionUID = 1L;

    private final PartitionTask<T, U> task;

    Results(RDD<T> held, PartitionTask<T, U> task) {
      super(held, ClassTag.apply(Object.class));
      this.task = task;
    }

    @Override
    public Partition[] getPartitions() {
      return held().partitions();
    }

    @Override
    public scala.collection.Iterator<U> compute(Partition partition, TaskContext context) {
      Iterator<T> held = CollectionConverters.asJava(held().iterator(partition, context));
      return CollectionConverters.asScala(List.of(task.run(partition.index(), held)).iterator());
    }

    @SuppressWarnings("unchecked") // It is the constructor's.
    private RDD<T> held() {
      return (RDD<T>) dependencies().head().rdd();
    }
  }
}
