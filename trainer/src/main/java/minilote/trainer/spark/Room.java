package minilote.trainer.spark;

import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.trainer.run.Placement;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The memory that a JVM has for examples.
 *
 * @param bytes of the heap of a JVM that runs tasks
 * @param share of them, that whole data sets may take without being asked to
 */
record Room(long bytes, double share) {
  /** The driver trains in its own JVM, and has nothing else to do there. */
  private static final double SHARE_OF_A_LOCAL_MASTER = 0.5;

  /** Spark keeps more than half of an executor's memory for itself. */
  private static final double SHARE_OF_AN_EXECUTOR = 0.25;

  static Room of(JavaSparkContext spark) {
    return spark.isLocal()
        ? new Room(Runtime.getRuntime().maxMemory(), SHARE_OF_A_LOCAL_MASTER)
        : ofExecutor(spark.getConf());
  }

  static Room ofExecutor(SparkConf conf) {
    return new Room(conf.getSizeAsMb("spark.executor.memory", "1g") << 20, SHARE_OF_AN_EXECUTOR);
  }

  /**
   * Whether every JVM holds all examples: all splits count, as that for testing comes beside that
   * for training.
   *
   * @throws UserError where they cannot be held so although {@code placement} asks for it
   */
  boolean isWhole(Placement placement, Dataset dataset) {
    long most = 0;
    long needed = 0;
    for (Dataset.Split split : dataset.splits().values()) {
      most = Math.max(most, split.examples());
      needed +=
          split.examples()
              * (dataset.format().recordBytes() + (long) WholeSplit.BYTES_BESIDE_A_RECORD);
    }
    boolean possible = most <= Integer.MAX_VALUE && needed < bytes;
    if (placement == Placement.WHOLE && !possible) {
      throw new UserError(
          "--placement whole: the examples take %,d MiB, and each executor has %,d MiB of memory; --placement spread divides them among the executors"
              .formatted(needed >> 20, bytes >> 20));
    }
    return switch (placement) {
      case AUTO -> possible && needed <= share * bytes;
      case WHOLE -> true;
      case SPREAD -> false;
    };
  }
}
