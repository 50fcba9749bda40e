package minilote.trainer.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The weights {@code W^(ℓ)} of all layers, broadcast to the executors for as long as this object is
 * open. Closing releases them everywhere; made for try-with-resources, so that a step that fails
 * leaves none behind.
 */
final class Weights implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final Broadcast<float[]> broadcast;

  private Weights(Broadcast<float[]> broadcast) {
    this.broadcast = broadcast;
  }

  /** Sends {@code parameters}, the flat array of a network, to the executors as they ask for it. */
  static Weights broadcast(JavaSparkContext spark, float[] parameters) {
    // In one JVM Spark hands out the very array. It changes only after the job that reads it has
    // its result; what a left-over task
    // of that job still computes is thrown away.
    Weights weights = new Weights(spark.broadcast(parameters));
    OPEN.incrementAndGet();
    return weights;
  }

  Broadcast<float[]> value() {
    return broadcast;
  }

  /** How many are broadcast and not released. */
  static int open() {
    return OPEN.get();
  }

  @Override
  public void close() {
    OPEN.decrementAndGet();
    broadcast.destroy();
  }
}
