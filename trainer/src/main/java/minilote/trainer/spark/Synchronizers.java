package minilote.trainer.spark;

import minilote.datasets.UserError;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.Synchronization.Way;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingSetup;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The choice between the ways to synchronize.
 *
 * @param synchronization what the user wants
 * @param way the way that is taken, never {@link Way#AUTO}
 * @param reason why
 */
record Synchronizers(Synchronization synchronization, Way way, String reason) {
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  /**
   * All-reduce, unless the user or the cluster will not have it.
   *
   * @throws UserError where the user wants what the cluster cannot do
   */
  static Synchronizers choose(JavaSparkContext spark, Synchronization wanted) {
    // In local mode, Spark takes no notice of it.
    boolean dynamic =
        !spark.isLocal() && Boolean.parseBoolean(spark.getConf().get(DYNAMIC, "false"));
    return choose(dynamic, wanted);
  }

  /**
   * The choice.
   *
   * @param dynamic whether Spark takes executors away and gives others
   */
  static Synchronizers choose(boolean dynamic, Synchronization wanted) {
    if (wanted.way() == Way.ALL_REDUCE && dynamic) {
      throw new UserError(
          "--synchronizer all-reduce: it needs all its slots at once and for long, and %s lets Spark take them away: set that to false, or use tree-aggregate"
              .formatted(DYNAMIC));
    }
    if (wanted.way() != Way.AUTO) {
      return new Synchronizers(wanted, wanted.way(), "as asked for");
    }
    return dynamic
        ? new Synchronizers(
            wanted, Way.TREE_AGGREGATE, "a job an update, since the allocation is dynamic")
        : new Synchronizers(wanted, Way.ALL_REDUCE, "one job for many updates");
  }

  /**
   * Checks that the way does what the network needs.
   *
   * @throws UserError where it does not
   */
  void check(TrainingSetup setup) {
    if (synchronization.way() == Way.AUTO && way == Way.TREE_AGGREGATE && setup.lanesExchange()) {
      throw new UserError(
          "--synchronizer auto is tree-aggregate here, as %s lets Spark take slots away: %s"
              .formatted(DYNAMIC, setup.wantsAllReduce("set that to false")));
    }
    setup.check(way);
  }

  /** How many partitions hold the lanes. */
  int partitions(TrainingSetup setup, TrainingOptions options, int slots) {
    int wanted = options.partitions() > 0 ? options.partitions() : slots;
    return Math.min(setup.lanes(), way == Way.ALL_REDUCE ? Math.min(wanted, slots) : wanted);
  }

  Synchronizer of(JavaSparkContext spark, LearnerSpec spec, @Nullable Profiler profiler) {
    return way == Way.ALL_REDUCE
        ? new AllReduce(spark, spec, synchronization, profiler)
        : new TreeAggregate(spark, spec, profiler);
  }

  /** The way's word, as the option has it. */
  String word() {
    return way == Way.ALL_REDUCE ? "all-reduce" : "tree-aggregate";
  }

  /** For the first lines of a run. */
  String describe() {
    return "%s (%s)".formatted(word(), reason);
  }
}
