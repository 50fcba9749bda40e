package minilote.driver;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minilote.datasets.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * How the program comes to a Spark context: settings are spark-submit's, with defaults for one
 * machine.
 */
final class SparkStart {
  private static final String HADOOP = "spark.hadoop.";
  private static final String LOCAL = "local";

  private static final Logger LOG = LogManager.getLogger(SparkStart.class);

  /**
   * What suits arrays of floats, which every step sends to and fro: they do not compress, and go in
   * few pieces and by the shortest way. Together 0.7 of the time of a step of 1.6 million
   * parameters.
   */
  private static final Map<String, String> FOR_ARRAYS =
      Map.of(
          "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
          "spark.broadcast.compress", "false",
          "spark.task.maxDirectResultSize", "128m",
          "spark.rpc.message.maxSize", "512");

  /** What suits a program that says itself how far it has come. */
  private static final Map<String, String> FOR_A_PROGRAM =
      Map.of("spark.ui.enabled", "false", "spark.ui.showConsoleProgress", "false");

  /**
   * Nobody else talks to a local master; a machine's own name may not even resolve. What is
   * broadcast stays in the JVM, and Spark takes memory for a whole block however little there is:
   * blocks of some megabytes, some a job, would keep the garbage collector at work.
   */
  private static final Map<String, String> FOR_A_LOCAL_MASTER =
      Map.of(
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.driver.host", "localhost",
          "spark.broadcast.blockSize", "256k");

  private SparkStart() {}

  /** The settings that a context for a command will have. */
  static SparkConf settings(String command) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.master", "local[*]");
    String name = conf.get("spark.app.name", Minilote.class.getName());
    if (name.equals(Minilote.class.getName())) {
      // spark-submit's default is the class.
      conf.setAppName("minilote " + command);
    }
    ours(conf.get("spark.master")).forEach(conf::setIfMissing);
    return conf;
  }

  /** What Minilote sets where the user has not. */
  private static Map<String, String> ours(String master) {
    Map<String, String> ours = new TreeMap<>(FOR_ARRAYS);
    ours.putAll(FOR_A_PROGRAM);
    if (master.startsWith(LOCAL) && !master.startsWith("local-cluster")) {
      ours.putAll(FOR_A_LOCAL_MASTER);
    }
    return ours;
  }

  /** A line for each of the settings that Minilote cares about: its value, and who has set it. */
  static List<String> described(SparkConf conf) {
    SparkConf theUsers = new SparkConf();
    return ours(conf.get("spark.master")).keySet().stream()
        .map(
            name ->
                "%s=%s, %s"
                    .formatted(
                        name,
                        conf.get(name),
                        theUsers.contains(name) ? "yours" : "set by Minilote"))
        .toList();
  }

  /** Hadoop's configuration as the context would have it, for what is read before there is one. */
  static Configuration hadoop(SparkConf conf) {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(HADOOP)) {
      configuration.set(setting._1(), setting._2());
    }
    return configuration;
  }

  /** What is done with Spark. */
  interface Work {
    /** Works; gives the exit code. */
    int with(JavaSparkContext spark) throws IOException;
  }

  /**
   * Starts Spark, works, and ends Spark.
   *
   * @param executorWait seconds for which a job waits for an executor
   * @return the exit code
   * @throws UserError where the master is none
   * @throws ClusterLost where it has no executors, or goes away
   */
  static int during(SparkConf conf, int executorWait, Output output, Work work) throws IOException {
    String master = conf.get("spark.master");
    output.say("starting Spark on " + master);
    described(conf).forEach(LOG::info);
    StandaloneMaster.await(master, executorWait, output);
    try (ExecutorWatch watch =
        new ExecutorWatch(
            master,
            executorWait,
            line -> output.say(Terminal.isInteractive() ? Terminal.ERASE_LINE + line : line))) {
      try (JavaSparkContext spark = context(conf);
          watch) { // closed before Spark is
        watch.started(spark);
        return work.with(spark);
      } catch (Exception e) { // Scala does not declare what it throws.
        String loss = watch.loss();
        if (loss != null) {
          throw new ClusterLost(loss, e);
        }
        throw e;
      }
    }
  }

  private static JavaSparkContext context(SparkConf conf) {
    try {
      return new JavaSparkContext(conf);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Scala does not declare what it throws.
      if (e instanceof SparkException) {
        throw new UserError(
            "--master %s: Spark says \"%s\"".formatted(conf.get("spark.master"), e.getMessage()),
            e);
      }
      throw new IllegalStateException(e);
    }
  }
}
