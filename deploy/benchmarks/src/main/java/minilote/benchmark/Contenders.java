package minilote.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minilote.datasets.UserError;

/** Makes those who run: each with the processes, settings and environment that it needs. */
final class Contenders {
  static final String PLAIN = Row.PLAIN;
  static final String PORTABLE = Row.PORTABLE;
  static final String LIBTORCH = "libtorch";
  static final String DEFAULT_LANES = "default-lanes";
  static final String TREE_AGGREGATE = "tree-aggregate";
  static final String SPREAD = "spread";

  private static final String ENGINE = "--engine";

  /** Memory of those that hold one data set and one network. */
  private static final List<String> MEMORY = List.of("-Xms4g", "-Xmx4g");

  private final Path deploy;
  private final Path work;
  private final int threads;
  private final List<String> trainOptions;

  /**
   * @param deploy the folder deploy
   * @param work a folder for runs and logs
   * @param threads threads of each
   * @param trainOptions for all runs of Minilote
   */
  Contenders(Path deploy, Path work, int threads, List<String> trainOptions) {
    this.deploy = deploy;
    this.work = work;
    this.threads = threads;
    this.trainOptions = trainOptions;
  }

  /**
   * Minilote and those of the peers that take steps as it does, in the order of their turns. With
   * the plain loop also Minilote on its engine.
   */
  List<Contender> named(List<String> peers) throws IOException {
    List<Contender> contenders = new ArrayList<>();
    if (peers.contains(PLAIN)) {
      contenders.add(plain(PLAIN));
    }
    if (peers.contains(PORTABLE) || peers.contains(PLAIN)) {
      contenders.add(minilote(PORTABLE, true, List.of(ENGINE, PORTABLE)));
    }
    contenders.add(minilote(Row.MINILOTE, true, List.of()));
    if (peers.contains(LIBTORCH)) {
      contenders.add(libtorch());
    }
    if (peers.contains(DEFAULT_LANES)) {
      contenders.add(minilote(DEFAULT_LANES, false, List.of()));
    }
    if (peers.contains(TREE_AGGREGATE)) {
      contenders.add(minilote(TREE_AGGREGATE, true, List.of("--synchronizer", TREE_AGGREGATE)));
    }
    if (peers.contains(SPREAD)) {
      contenders.add(minilote(SPREAD, true, List.of("--placement", SPREAD)));
    }
    return contenders;
  }

  /** Minilote on this machine, in one process. */
  MiniloteContender minilote(String name, boolean lanesAreThreads, List<String> options) {
    return minilote(name, List.of("--master", "local[" + threads + "]"), lanesAreThreads, options);
  }

  /** Minilote with those options for Spark; on the native engine, unless options name another. */
  MiniloteContender minilote(
      String name, List<String> spark, boolean lanesAreThreads, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.addAll(trainOptions);
    if (!all.contains(ENGINE)) {
      all.addAll(List.of(ENGINE, "native"));
    }
    return new MiniloteContender(
        name, deploy.resolve("minilote"), spark, lanesAreThreads, all, work);
  }

  /** A plain loop; its log has that name. */
  JavaProcess.Of plain(String name) {
    return new JavaProcess.Of(name, PlainLoop.class, MEMORY, Map.of(), work);
  }

  private Contender libtorch() throws IOException {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      throw new UserError(
          "--peers libtorch: the benchmark has libtorch for Linux on x86-64 alone, and this is %s: leave it out (--peers plain,mllib,workers)"
              .formatted(system));
    }
    Path cache = Files.createDirectories(deploy.resolve("benchmarks/target/djl"));
    return new JavaProcess.Of(LIBTORCH, Libtorch.class, MEMORY, Libtorch.environment(cache), work);
  }

  /** Spark MLlib's perceptron. */
  JavaProcess.Of perceptron() {
    List<String> options = new ArrayList<>(List.of("-Xms8g", "-Xmx8g"));
    options.addAll(Perceptron.JAVA_OPTIONS);
    return new JavaProcess.Of("mllib", Perceptron.class, options, Map.of(), work);
  }

  /** What measures the machine's products. */
  JavaProcess.Of peak() {
    return new JavaProcess.Of("peak", PeakRate.class, List.of("-Xmx1g"), Map.of(), work);
  }

  /** A cluster of single-core workers on this machine. */
  LocalCluster cluster(int workers) throws IOException, InterruptedException {
    return LocalCluster.start(deploy.resolve("cluster"), workers, work.resolve("cluster"));
  }
}
