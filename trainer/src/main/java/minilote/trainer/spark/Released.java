package minilote.trainer.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what Spark holds for a whole run, and waits until executors have done so.
 *
 * <p>A run often ends right after. What Spark gives back meanwhile, as {@link Broadcast#destroy()}
 * does, then meets thread pools that have been shut down, and Scala prints a stack trace.
 */
final class Released {
  private static final Logger LOG = LoggerFactory.getLogger(Released.class);

  private Released() {}

  /** The broadcast cannot be read any more. */
  static void broadcast(Broadcast<?> broadcast) {
    released(broadcast.toString(), () -> broadcast.destroy(true));
  }

  /** The data set is computed anew where it is read. */
  static void cached(JavaRDD<?> cached) {
    released(cached.toString(), () -> cached.unpersist(true));
  }

  private static void released(String what, Runnable release) {
    try {
      release.run();
    } catch (Exception e) { // Scala does not declare what it throws.
      // An executor that does not answer: it costs memory, and no result.
      LOG.warn("executors have not given back {}", what, e);
    }
  }
}
