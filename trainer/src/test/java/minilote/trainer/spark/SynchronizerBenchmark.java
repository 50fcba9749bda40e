package minilote.trainer.spark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import minilote.datasets.Dataset;
import minilote.datasets.Normalization;
import minilote.datasets.ValidationSplit;
import minilote.trainer.benchmark.BenchmarkedNetwork;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.NativeBlas;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import minilote.trainer.optimizer.Course;
import minilote.trainer.run.Placement;
import minilote.trainer.run.Synchronization;
import minilote.trainer.run.TrainingSettings;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Steps of training by every synchronizer, in turn and in one process, beside the same numerics
 * without Spark: prints how long a step takes and its ratio to the plain loop and to plain jobs.
 * Two lanes on two slots; images of noise, the shape of CIFAR-10's for M1. All have to end with the
 * same weights to the last bit.
 *
 * <pre>{@code
 * mvn -q -pl trainer -am -Pbenchmark -DskipTests test \
 *     -Dbenchmark.main=minilote.trainer.spark.SynchronizerBenchmark
 * mvn … -Dbenchmark.arguments="M1 128"
 * }</pre>
 *
 * <p>The arguments are a network, a batch and a part of a contender's name (the two it is compared
 * with always run); without them it runs all of its cases. A machine's speed drifts by tens of
 * percent, so that ratios are those of neighbouring rounds, and their median counts. The process's
 * time on cores is that of all its threads together.
 */
public final class SynchronizerBenchmark {
  private static final int LANES = 2;
  private static final int STEPS = 24;
  private static final int ROUNDS = 9;
  private static final String LEARNING_RATE = "0.01";

  /** Ratios are to these. */
  private static final String LOOP = "plain loop, no Spark";

  private static final String JOBS = "plain jobs";

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final JavaSparkContext spark;
  private final BenchmarkedNetwork benchmarked;
  private final int batch;

  private SynchronizerBenchmark(JavaSparkContext spark, BenchmarkedNetwork benchmarked, int batch) {
    this.spark = spark;
    this.benchmarked = benchmarked;
    this.batch = batch;
  }

  /** Who takes part. */
  private static Map<String, Synchronizer> contenders(JavaSparkContext spark, LearnerSpec spec) {
    Map<String, Synchronizer> contenders = new LinkedHashMap<>();
    contenders.put(LOOP, new PlainLoop(spec, LANES));
    contenders.put(JOBS, new PlainJobs(spark, spec, Float.parseFloat(LEARNING_RATE)));
    contenders.put("all-reduce", new AllReduce(spark, spec, Synchronization.DEFAULT, null));
    contenders.put("tree aggregate", new TreeAggregate(spark, spec, null));
    contenders.put("tree aggregate, sending", new TreeAggregate(spark, spec, false, null));
    return contenders;
  }

  /** Prints a table. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    System.out.println(NativeBlas.report().describe());
    System.out.println(
        "network  batch  synchronizer              ms a step   to the plain loop   to plain jobs   CPU ms");
    List<String> networks = arguments.length > 0 ? List.of(arguments[0]) : List.of("M1", "M3");
    List<String> batches = arguments.length > 1 ? List.of(arguments[1]) : List.of("128", "512");
    try (JavaSparkContext spark = new JavaSparkContext(settings())) {
      for (String network : networks) {
        for (String batch : batches) {
          new SynchronizerBenchmark(
                  spark, BenchmarkedNetwork.valueOf(network), Integer.parseInt(batch))
              .run(arguments.length > 2 ? arguments[2] : "");
        }
      }
    }
  }

  private static SparkConf settings() {
    SparkConf conf =
        new SparkConf(true)
            .setIfMissing("spark.master", "local[" + LANES + "]")
            .setIfMissing("spark.driver.host", "localhost")
            .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
            .setAppName("benchmark");
    Map.of(
            "spark.ui.enabled", "false",
            "spark.log.level", "WARN",
            "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
            "spark.broadcast.compress", "false",
            "spark.broadcast.checksum", "false",
            "spark.broadcast.blockSize", "256k",
            "spark.task.maxDirectResultSize", "128m",
            "spark.rpc.message.maxSize", "512")
        .forEach(conf::setIfMissing);
    return conf;
  }

  private void run(String name) throws Exception {
    Path folder = Files.createTempDirectory("minilote-benchmark");
    int examples = STEPS * batch;
    Network network = benchmarked.network();
    try {
      Dataset dataset = BenchmarkData.write(folder, network.inputs(), examples);
      LearnerSpec spec =
          new LearnerSpec(
              network,
              benchmarked.loss(),
              dataset.format(),
              Normalization.of("standardize", dataset),
              EngineKind.AUTO.here());
      EpochShape shape = new EpochShape(1, 0, examples, batch, false, LANES, LANES);
      ValidationSplit all = new ValidationSplit(examples, 0, 0);
      try (Examples read =
              new Examples(
                  spark,
                  folder.toUri().toString(),
                  dataset,
                  Dataset.TRAIN,
                  all,
                  LANES,
                  Placement.AUTO);
          EpochData data = EpochData.of(read, shape)) {
        Map<String, Synchronizer> contenders = contenders(spark, spec);
        contenders.keySet().removeIf(n -> !n.equals(LOOP) && !n.equals(JOBS) && !n.endsWith(name));
        race(contenders, data, folder);
      }
    } finally {
      delete(folder);
    }
  }

  /** Round after round, each contender the same steps. */
  private void race(Map<String, Synchronizer> contenders, EpochData data, Path folder)
      throws Exception {
    Map<String, TrainingState> states = new LinkedHashMap<>();
    Map<String, Times> times = new LinkedHashMap<>();
    for (String name : contenders.keySet()) {
      states.put(name, state(benchmarked.network(), folder, batch));
      times.put(name, new Times());
    }
    for (int round = -1; round < ROUNDS; round++) { // The first one is not counted.
      for (Map.Entry<String, Synchronizer> contender : contenders.entrySet()) {
        String name = contender.getKey();
        long wall = System.nanoTime();
        long cpu = PROCESS.getProcessCpuTime();
        contender
            .getValue()
            .advance(data, 0, STEPS, states.get(name), (step, loss, correct, count) -> true);
        if (round >= 0) {
          times.get(name).wall[round] = (System.nanoTime() - wall) * 1e-6 / STEPS;
          times.get(name).cpu[round] = (PROCESS.getProcessCpuTime() - cpu) * 1e-6 / STEPS;
        }
      }
    }
    requireSameBits(states);
    print(times);
    for (Synchronizer contender : contenders.values()) {
      if (contender instanceof AutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  /** Milliseconds a step, by round. */
  private static final class Times {
    final double[] wall = new double[ROUNDS];
    final double[] cpu = new double[ROUNDS];
  }

  private static TrainingState state(Network network, Path folder, int batch) {
    TrainingSettings settings =
        Trainings.settings(
            folder, batch, LANES, "learning_rate", LEARNING_RATE, "optimizer", Trainings.SGD);
    return new TrainingState(
        network,
        settings,
        new Course(1_000_000, batch, 1_000),
        network.initialize(Initialization.AUTO, 1));
  }

  private static void requireSameBits(Map<String, TrainingState> states) {
    float[] expected = states.get(LOOP).parameters();
    states.forEach(
        (name, state) -> {
          for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i])
                != Float.floatToRawIntBits(state.parameters()[i])) {
              throw new IllegalStateException(
                  "%s: weight %d is %s, the plain loop's is %s"
                      .formatted(name, i, state.parameters()[i], expected[i]));
            }
          }
        });
  }

  @SuppressWarnings("SystemOut")
  private void print(Map<String, Times> times) {
    times.forEach(
        (name, time) ->
            System.out.printf(
                Locale.ROOT,
                "%-7s  %5d  %-24s  %9.2f   %17.2f   %13.2f   %6.2f%n",
                benchmarked,
                batch,
                name,
                median(time.wall),
                medianRatio(time.wall, times.get(LOOP).wall),
                medianRatio(time.wall, times.get(JOBS).wall),
                median(time.cpu)));
  }

  private static double medianRatio(double[] times, double[] to) {
    double[] ratios = new double[times.length];
    Arrays.setAll(ratios, round -> times[round] / to[round]);
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
