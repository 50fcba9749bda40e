package minilote.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standalone master and workers, in processes of their own, by deploy/cluster; ended when closed.
 */
final class Cluster implements AutoCloseable {
  /**
   * Options of Spark's with which an application on two workers begins when both executors are
   * there; else the first may have done all work when the second one comes.
   */
  static final String[] ALL_OF_TWO = {
    "--total-executor-cores=2",
    "--conf=spark.scheduler.minRegisteredResourcesRatio=1",
    "--conf=spark.scheduler.maxRegisteredResourcesWaitingTime=100s"
  };

  private static final Pattern EXECUTOR =
      Pattern.compile("Started daemon with process name: (\\d+)@");

  private final Path state;
  private final Path spark;
  private final String master;

  private Cluster(Path state, Path spark, String master) {
    this.state = state;
    this.spark = spark;
    this.master = master;
  }

  /**
   * Starts a cluster of workers with one core each.
   *
   * @param state an empty folder for its files
   * @param spark the folder with Spark's jars
   */
  static Cluster start(Path state, Path spark, int workers)
      throws IOException, InterruptedException {
    return start(state, spark, workers, 1, List.of());
  }

  /**
   * Starts a cluster.
   *
   * @param cores of each worker
   * @param settings of Spark's for master and workers, NAME=VALUE without spaces
   */
  static Cluster start(Path state, Path spark, int workers, int cores, List<String> settings)
      throws IOException, InterruptedException {
    String options = settings.stream().map(each -> "-D" + each).collect(Collectors.joining(" "));
    Program.Result result =
        program(state, spark, "start", "--workers", Integer.toString(workers))
            .with("--cores", Integer.toString(cores))
            .environment("SPARK_DAEMON_JAVA_OPTS", options)
            .run();
    if (result.exitCode() != 0) {
      throw new IllegalStateException("The cluster did not start: " + result);
    }
    return new Cluster(state, spark, result.out().strip());
  }

  /** The URL of the master, spark://HOST:PORT. */
  String master() {
    return master;
  }

  /** deploy/cluster with an action on this cluster. */
  Program program(String action, String... options) {
    return program(state, spark, action, options);
  }

  private static Program program(Path state, Path spark, String action, String... options) {
    return new Program(Project.CLUSTER, action)
        .with("--dir", state.toString())
        .with(options)
        .environment("SPARK_HOME", spark)
        .within(Duration.ofMinutes(3));
  }

  /** The process ids of the master and the workers. */
  List<Long> daemons() throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      List<Long> ids = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".pid")).sorted().toList()) {
        ids.add(Long.parseLong(Files.readString(file).strip()));
      }
      return ids;
    }
  }

  /** Kills a worker and its executor, as a machine that is lost. */
  void killWorker() throws IOException {
    long worker = Long.parseLong(Files.readString(state.resolve("worker-1.pid")).strip());
    ProcessHandle process = ProcessHandle.of(worker).orElseThrow();
    List<ProcessHandle> executors = process.descendants().toList();
    process.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** Waits until so many executors have started, and returns their process ids. */
  List<Long> awaitExecutors(int count) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < end) {
      List<Long> executors = executors();
      if (executors.size() >= count) {
        return executors;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(count + " executors did not start within a minute in " + state);
  }

  private List<Long> executors() throws IOException {
    Path work = state.resolve("work");
    if (!Files.exists(work)) {
      return List.of();
    }
    List<Long> ids = new ArrayList<>();
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.filter(f -> f.endsWith("stderr")).sorted().toList()) {
        Matcher matcher = EXECUTOR.matcher(Files.readString(file));
        if (matcher.find()) {
          ids.add(Long.parseLong(matcher.group(1)));
        }
      }
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    try {
      Program.Result result = program("stop").run();
      if (result.exitCode() != 0) {
        throw new IllegalStateException("The cluster did not stop: " + result);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the cluster stopped, in " + state, e);
    }
  }
}
