package minilote.trainer.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import minilote.datasets.KeyedRandom;
import minilote.trainer.math.Engine;
import minilote.trainer.math.EngineKind;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.Numerics;
import minilote.trainer.network.BackPropagation;
import minilote.trainer.network.Initialization;
import minilote.trainer.network.Network;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One lane's gradient on one core: the sums cleared, one block of rows forward, its loss, and
 * backward. Prints for every network and number of rows the time, the rate of the products in it,
 * and that rate's share of the peak.
 *
 * <pre>{@code
 * mvn -q -pl trainer -am -Pbenchmark -DskipTests test
 * mvn -q -pl trainer -am -Pbenchmark -DskipTests test \
 *     -Dbenchmark.arguments="-p network=M1 -p rows=64"
 * }</pre>
 *
 * <p>The arguments are JMH's. A machine's speed drifts by tens of percent, so that the peak (the
 * best of five products of 1024 × 1024 matrices) is taken again before each iteration, and the
 * share is the median of the iterations' shares. Rates are reckoned with the thread's time on a
 * core, so that a busy machine spoils the time of a gradient alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 9, time = 1)
public class LaneGradientBenchmark {

  private static final int SIDE = 1024;

  /** Time on a core alone: rates are then not those of whatever else the machine does. */
  private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

  @Param({"M1", "M2", "M3", "C1"})
  public String network = "M1";

  @Param({"16", "64", "256"})
  public int rows;

  @Param({"native", "portable"})
  public String engine = "native";

  private BackPropagation backPropagation;
  private final Engine fastest = EngineKind.AUTO.create();
  private final Numbers a = random(SIDE * SIDE, "a", fastest);
  private final Numbers b = random(SIDE * SIDE, "b", fastest);
  private final Numbers c = fastest.allocate(SIDE * SIDE);

  /** What an iteration reports beside its time, in GFLOP/s. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Rates {
    public double peak;
    public double products;

    private double measuredPeak;
    private long calls;
    private long begun;

    @Setup(Level.Iteration)
    public void measurePeak(LaneGradientBenchmark lane) {
      measuredPeak = lane.peak(); // JMH clears its counters after this.
      calls = 0;
      begun = PROCESSOR.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void measureProducts(LaneGradientBenchmark lane) {
      peak = measuredPeak;
      double perCall = (PROCESSOR.getCurrentThreadCpuTime() - begun) / (double) calls;
      products = BenchmarkedNetwork.valueOf(lane.network).operations(lane.rows) / perCall;
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    BenchmarkedNetwork benchmarked = BenchmarkedNetwork.valueOf(network);
    Network shape = benchmarked.network();
    backPropagation =
        new BackPropagation(shape, benchmarked.loss(), EngineKind.parse(engine).create(), rows);
    backPropagation.setParameters(shape.initialize(Initialization.AUTO, 1));
    float[] inputs = random(rows * shape.inputs(), "inputs");
    System.arraycopy(inputs, 0, backPropagation.inputs(), 0, inputs.length);
    for (int row = 0; row < rows; row++) {
      backPropagation.targets()[row * shape.outputs() + row % shape.outputs()] = 1;
    }
  }

  private static Numbers random(int length, String purpose, Engine engine) {
    Numbers numbers = engine.allocate(length);
    engine.load(numbers, random(length, purpose));
    return numbers;
  }

  private static float[] random(int length, String purpose) {
    KeyedRandom random = KeyedRandom.of(1, purpose);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  /** The best rate of a few large products. */
  private double peak() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = PROCESSOR.getCurrentThreadCpuTime();
      fastest.multiply(SIDE, SIDE, SIDE, a, b, c);
      best = Math.min(best, PROCESSOR.getCurrentThreadCpuTime() - begin);
    }
    return 2.0 * SIDE * SIDE * SIDE / (double) best;
  }

  @Benchmark
  public double gradient(Rates rates) {
    rates.calls++;
    backPropagation.clear();
    backPropagation.errorAndGradient(rows);
    return backPropagation.loss();
  }

  /** Runs the benchmark and prints one line for each of its cases. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(arguments))
                    .include(LaneGradientBenchmark.class.getName())
                    .build())
            .run();
    System.out.println();
    System.out.println(Numerics.here(EngineKind.AUTO).describe());
    System.out.println(
        "network  engine    rows   µs a gradient   GFLOP/s      peak   share of the peak");
    for (RunResult result : results) {
      System.out.printf(
          Locale.ROOT,
          "%-7s %-9s %5s %15.0f %9.1f %9.1f %15.0f %%%n",
          result.getParams().getParam("network"),
          result.getParams().getParam("engine"),
          result.getParams().getParam("rows"),
          result.getPrimaryResult().getScore(),
          median(result, "products"),
          median(result, "peak"),
          100 * medianShare(result));
    }
  }

  private static double medianShare(RunResult result) {
    double[] products = iterations(result, "products");
    double[] peaks = iterations(result, "peak");
    double[] shares = new double[products.length];
    Arrays.setAll(shares, i -> products[i] / peaks[i]);
    return median(shares);
  }

  private static double median(RunResult result, String rate) {
    return median(iterations(result, rate));
  }

  private static double[] iterations(RunResult result, String rate) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .mapToDouble(iteration -> rate(iteration, rate))
        .toArray();
  }

  @SuppressWarnings("rawtypes")
  private static double rate(IterationResult iteration, String rate) {
    Map<String, Result> results = iteration.getSecondaryResults();
    return results.get(rate).getScore();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
