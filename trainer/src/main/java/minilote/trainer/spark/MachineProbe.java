package minilote.trainer.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import minilote.datasets.ProgressListener;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Numerics;
import minilote.trainer.network.Loss;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import minilote.trainer.optimizer.OptimizerSettings;
import minilote.trainer.plan.LaneTimes;
import minilote.trainer.plan.Machine;
import minilote.trainer.plan.StepCosts;
import minilote.trainer.run.Version;
import minilote.trainer.spark.StepProbe.StepTimes;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures what a step costs on this machine, by taking some: first in this process, on one core
 * and on all; then in two processes with one core each, which exchange over the loopback interface,
 * so that the network's own time is not in it. Starts Spark, twice, and ends it.
 */
public final class MachineProbe {
  private static final int EXECUTORS = 2;

  /**
   * Rows of lanes that are measured in any case, as far as they are computed at once; between them
   * times are nearly linear.
   */
  private static final List<Integer> ROWS = List.of(1, 8, 32, 64, 128, 256);

  /** Of the exchange: little to compute, and much. */
  private static final int FEW_ROWS = 8;

  /** Below it, a wait is made of other things than of tasks that are not equally fast. */
  private static final int FEWEST_ROWS_OF_WAITS = 32;

  private static final double SECONDS = 0.25;
  private static final int MEASUREMENTS = 3;

  /** Of the exchange: the first step of a job has to count as little as in an epoch. */
  private static final double EXCHANGE_SECONDS = 1;

  /**
   * Of steps before the exchange is measured: executors with one core compile beside them for some
   * twenty seconds.
   */
  private static final int WARM_UPS = 5;

  private static final double WARM_UP_SECONDS = 2;
  private static final int WARM_UP_MEASUREMENTS = 1; // And the first one, which never counts.

  /** Lanes more, to find what adding one costs. */
  private static final int MORE_LANES = 4;

  private static final int LEAST_MEGABYTES = 1024;

  /** Weights, gradients, sums, the optimizer's arrays, and copies on their way. */
  private static final int ARRAYS = 16;

  private static final String PHASE = "measuring this machine";

  private final SparkConf settings;
  private final Network network;
  private final Loss loss;
  private final OptimizerSettings optimizer;
  private final ProgressListener progress;
  private final NavigableMap<Integer, LaneTimes.Point> points = new TreeMap<>();
  private final int manyRows; // as many as are computed at once
  private final TreeSet<Integer> rows = new TreeSet<>();
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final int busy = Integer.highestOneBit(cores);
  private int measured;

  private MachineProbe(
      SparkConf settings,
      Network network,
      Loss loss,
      OptimizerSettings optimizer,
      Collection<Integer> moreRows,
      ProgressListener progress) {
    this.settings = settings;
    this.network = network;
    this.loss = loss;
    this.optimizer = optimizer;
    this.progress = progress;
    this.manyRows = network.blockRows();
    rows.addAll(ROWS);
    rows.addAll(moreRows);
    rows.removeIf(r -> r < 1 || r >= manyRows);
    rows.add(manyRows);
  }

  /**
   * Measures.
   *
   * @param settings what Spark is to have besides its master
   * @param moreRows rows of lanes to be measured besides those that always are
   * @param progress told how far it has come
   */
  public static Machine measure(
      SparkConf settings,
      Network network,
      Loss loss,
      OptimizerSettings optimizer,
      Collection<Integer> moreRows,
      ProgressListener progress)
      throws IOException {
    return new MachineProbe(settings, network, loss, optimizer, moreRows, progress).measure();
  }

  private Machine measure() throws IOException {
    told();
    int largest = Math.max(busy, EXECUTORS) * manyRows;
    Costs costs = new Costs();
    try (ProbeData data = ProbeData.write(network, largest)) {
      try (JavaSparkContext spark = context("local[%d]".formatted(cores));
          StepProbe probe = probe(spark, network, loss, data)) {
        lanes(probe, costs);
        sums(probe, costs);
      }
      LaneTimes lanes = new LaneTimes(points, busy, manyRows);
      exchange(data, lanes, costs);
      return machine(lanes, costs.costs());
    }
  }

  /** What is being found out. */
  private static final class Costs {
    double add;
    double average;
    double update;
    double taskWait;
    double exchangeByte;
    double exchangeStep;
    double executorWait;
    double job;
    double localJob;

    StepCosts costs() {
      return new StepCosts(
          add, average, update, exchangeByte, exchangeStep, taskWait, executorWait, job, localJob);
    }
  }

  /** One lane a task: one task alone, and as many as there are cores. */
  private void lanes(StepProbe probe, Costs costs) {
    List<Double> waits = new ArrayList<>();
    probe.measure(busy, busy, busy * FEW_ROWS, 1, 1); // Until then the JVM compiles.
    for (int r : rows) {
      StepTimes alone = probe.measure(1, 1, r, SECONDS, MEASUREMENTS);
      told();
      StepTimes all =
          busy == 1 ? alone : probe.measure(busy, busy, busy * r, SECONDS, MEASUREMENTS);
      told();
      points.put(r, new LaneTimes.Point(alone.compute(), all.compute()));
      if (r >= FEWEST_ROWS_OF_WAITS) {
        waits.add(all.waiting() / all.compute() / growth(busy));
      }
    }
    waits.sort(null);
    costs.taskWait = busy == 1 ? 0 : waits.get(waits.size() / 2);
  }

  /** As {@link minilote.trainer.plan.StepModel} has waits grow with the tasks. */
  private static double growth(int tasks) {
    return tasks == 1 ? 1 : Math.sqrt(Math.log(tasks) / Math.log(2));
  }

  private void sums(StepProbe probe, Costs costs) {
    int many = MORE_LANES * busy;
    StepTimes few = probe.measure(busy, busy, busy, SECONDS, MEASUREMENTS);
    told();
    StepTimes more = probe.measure(busy, many, many, SECONDS, MEASUREMENTS);
    told();
    double numbers = (double) network.parameterCount() / busy;
    costs.add = Math.max(0, more.sums() - few.sums()) / (many - busy) / numbers;
    costs.average = Math.max(0, few.sums() / numbers - (busy - 1) * costs.add);
    costs.update = few.update() / numbers;
    costs.localJob = few.job();
  }

  /**
   * Two executors with a lane each: a network of next to nothing, which shows what any step costs;
   * then the network itself, on few rows and on many. What its steps take beyond their lanes, sums
   * and updates grows with the rows as far as one executor waits for the other one.
   */
  private void exchange(ProbeData data, LaneTimes lanes, Costs costs) throws IOException {
    int megabytes =
        (int)
            Math.max(
                LEAST_MEGABYTES,
                LEAST_MEGABYTES / 2
                    + (long) ARRAYS * Float.BYTES * network.parameterCount() / (1 << 20));
    Network tiny =
        Network.of(NetworkDescription.parse("dense 8 relu, dense 2 softmax"), List.of(8));
    try (LoopbackCluster cluster = new LoopbackCluster(settings, EXECUTORS, megabytes);
        JavaSparkContext spark = context(cluster.master(), megabytes);
        ProbeData tinyData = ProbeData.write(tiny, EXECUTORS)) {
      Slots.settled(spark);
      warmUp(spark, data);
      try (StepProbe probe = probe(spark, tiny, Loss.CATEGORICAL_CROSS_ENTROPY, tinyData)) {
        StepTimes step =
            probe.measure(EXECUTORS, EXECUTORS, EXECUTORS, EXCHANGE_SECONDS, MEASUREMENTS);
        costs.exchangeStep = step.exchange() + step.waiting();
        told();
      }
      try (StepProbe probe = probe(spark, network, loss, data)) {
        StepTimes few = measure(probe, FEW_ROWS);
        told();
        StepTimes many = measure(probe, manyRows);
        told();
        double little = seconds(lanes, FEW_ROWS);
        double much = seconds(lanes, manyRows);
        double beyondFew = few.step() - few.sums() - few.update() - little;
        double beyondMany = many.step() - many.sums() - many.update() - much;
        costs.executorWait = Math.max(0, (beyondMany - beyondFew) / (much - little));
        var traffic = ExchangeTraffic.of(network.parameterCount(), EXECUTORS, 1, EXECUTORS);
        costs.exchangeByte =
            Math.max(0, beyondFew - costs.executorWait * little - costs.exchangeStep)
                / (traffic.bytesOut() + traffic.bytesIn());
        costs.job = few.job();
      }
    }
  }

  private void warmUp(JavaSparkContext spark, ProbeData data) {
    try (StepProbe probe = probe(spark, network, loss, data)) {
      for (int i = 0; i < WARM_UPS; i++) {
        probe.measure(
            EXECUTORS, EXECUTORS, EXECUTORS * FEW_ROWS, WARM_UP_SECONDS, WARM_UP_MEASUREMENTS);
        told();
      }
    }
  }

  private static StepTimes measure(StepProbe probe, int rowsOfLane) {
    return probe.measure(
        EXECUTORS, EXECUTORS, EXECUTORS * rowsOfLane, EXCHANGE_SECONDS, MEASUREMENTS);
  }

  /** A lane while both executors compute; on one core, they take turns. */
  private double seconds(LaneTimes lanes, int rowsOfLane) {
    double seconds = lanes.seconds(rowsOfLane, EXECUTORS);
    return cores < EXECUTORS ? EXECUTORS * seconds : seconds;
  }

  private StepProbe probe(JavaSparkContext spark, Network of, Loss by, ProbeData data) {
    return new StepProbe(spark, of, by, optimizer, data, cores);
  }

  private JavaSparkContext context(String master) {
    return new JavaSparkContext(here(master));
  }

  private JavaSparkContext context(String master, int megabytes) {
    return new JavaSparkContext(
        here(master)
            .set("spark.executor.memory", megabytes + "m")
            .set("spark.executor.cores", "1")
            .set("spark.cores.max", String.valueOf(EXECUTORS)));
  }

  private SparkConf here(String master) {
    return settings
        .clone()
        .setMaster(master)
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.dynamicAllocation.enabled", "false");
  }

  private void told() {
    progress.progress(PHASE, measured++, 2L * rows.size() + WARM_UPS + 5);
  }

  private Machine machine(LaneTimes lanes, StepCosts costs) {
    return new Machine(
        LocalDate.now(ZoneOffset.UTC).toString(),
        Version.VERSION,
        processor(),
        cores,
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Numerics.here(EngineKind.AUTO).describe(),
        network.description().toWords(),
        network.inputShape(),
        network.parameterCount(),
        optimizer.rule().word(),
        lanes,
        costs);
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(MachineProbe::architecture);
    } catch (IOException e) {
      return architecture(); // Not Linux.
    }
  }

  private static String architecture() {
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }
}
