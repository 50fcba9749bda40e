package minilote.trainer.spark;

import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The weights {@code W^(ℓ)} of all layers, within reach of the tasks for as long as this object is
 * open: broadcast to the executors, or lent where the tasks are in this JVM. Closing releases them
 * everywhere; made for try-with-resources, so that a step that fails leaves none behind.
 */
final class Weights implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final @Nullable Broadcast<float[]> broadcast;
  private final @Nullable Lent<float[]> lent;

  private Weights(@Nullable Broadcast<float[]> broadcast, @Nullable Lent<float[]> lent) {
    this.broadcast = broadcast;
    this.lent = lent;
  }

  /**
   * Gives {@code parameters}, the flat array of a network, to the executors as they ask for it.
   *
   * <p>In one JVM tasks get the very array. It changes only after the job that reads it has its
   * result; what a left-over task of that job still computes is thrown away.
   */
  static Weights broadcast(JavaSparkContext spark, float[] parameters) {
    return broadcast(spark, parameters, spark.isLocal());
  }

  /**
   * @param sameJvm whether all tasks run in this JVM
   */
  static Weights broadcast(JavaSparkContext spark, float[] parameters, boolean sameJvm) {
    Weights weights =
        sameJvm
            ? new Weights(null, Lent.of(parameters))
            : new Weights(spark.broadcast(parameters), null);
    OPEN.incrementAndGet();
    return weights;
  }

  /** For tasks. */
  Source source() {
    return new Source(broadcast, lent);
  }

  /** How many are broadcast and not released. */
  static int open() {
    return OPEN.get();
  }

  @Override
  public void close() {
    OPEN.decrementAndGet();
    if (lent != null) {
      lent.close();
    }
    if (broadcast != null) {
      broadcast.destroy();
    }
  }

  /** How a task comes to the weights; crosses Spark with the task. */
  static final class Source implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable Broadcast<float[]> broadcast;
    private final @Nullable Lent<float[]> lent;

    private Source(@Nullable Broadcast<float[]> broadcast, @Nullable Lent<float[]> lent) {
      this.broadcast = broadcast;
      this.lent = lent;
    }

    /** The flat array, which is only to be read. */
    float[] get() {
      return broadcast != null ? broadcast.value() : Objects.requireNonNull(lent).get();
    }
  }
}
