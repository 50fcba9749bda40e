package minilote.trainer.spark;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How many tasks a cluster runs at once. Asked of Spark's scheduler each time, as executors come
 * and go: it is what Spark compares with the tasks of a barrier stage, and neither {@code
 * spark.default.parallelism} nor the cores of executors that are gone have a part in it.
 */
public final class Slots {
  /** How long executors are waited for that are still missing when the first one is there. */
  private static final Duration MOST = Duration.ofSeconds(10);

  /** Where nobody said how many there will be: for so long no other one came. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final long POLL_MILLIS = 100;
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*");

  /** Of YARN and Kubernetes, where nothing is said. */
  private static final int DEFAULT_EXECUTORS = 2;

  private Slots() {}

  /**
   * Tasks that Spark can run at once now, each with the cores that {@code spark.task.cpus} asks
   * for; 0 while there is no executor.
   */
  public static int of(JavaSparkContext spark) {
    SparkContext context = spark.sc();
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Waits until executors are there, and some seconds more for those that are missing: they
   * register one by one, and whoever counts when the first one has come counts too few. Where
   * executors come as they are needed (dynamic allocation) nothing but the first one is waited for.
   *
   * @return the tasks that Spark can run at once
   */
  static int settled(JavaSparkContext spark) {
    if (spark.sc().isLocal()) {
      return of(spark);
    }
    if (of(spark) == 0) {
      // Under dynamic allocation there are none before there is work; and a job, unlike a loop
      // here, ends with all others when the cluster is given up.
      spark.parallelize(List.of(0), 1).count();
    }
    SparkConf conf = spark.getConf();
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return of(spark);
    }
    int asked = asked(conf);
    long began = System.nanoTime();
    long changed = began;
    int slots = of(spark);
    while (System.nanoTime() - began < MOST.toNanos()) {
      boolean quiet = System.nanoTime() - changed > QUIET.toNanos();
      if (asked > 0 ? slots >= asked : quiet) {
        break;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      int now = of(spark);
      if (now != slots) {
        slots = now;
        changed = System.nanoTime();
      }
    }
    return slots;
  }

  /** Tasks at once that the settings ask for; 0 where they do not say. */
  static int asked(SparkConf conf) {
    int taskCores = conf.getInt("spark.task.cpus", 1);
    String master = conf.get("spark.master", "");
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()) {
      return Integer.parseInt(local.group(1)) * (Integer.parseInt(local.group(2)) / taskCores);
    }
    int cores = conf.getInt("spark.executor.cores", 0);
    if (master.startsWith("spark:")) {
      int most = conf.getInt("spark.cores.max", 0);
      return cores > 0 ? most / cores * (cores / taskCores) : most / taskCores;
    }
    return conf.getInt("spark.executor.instances", DEFAULT_EXECUTORS)
        * (Math.max(cores, 1) / taskCores);
  }
}
