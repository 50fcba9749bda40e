package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs Minilote and its peers in turn, and writes what was measured. */
@Command(
    name = "deploy/benchmark",
    description = "Minilote against its peers on this machine, in turn: see deploy/benchmarks.",
    sortOptions = false)
final class Benchmark implements Callable<Integer> {
  /** Losses are compared over at least so many steps. */
  private static final int COMPARED_STEPS = 100;

  private static final int THREADS = 2;
  private static final long SEED = 0;
  private static final int QUICK_EXAMPLES = 12_800;

  /** Batches up to 2048 divide it: all steps are alike. */
  private static final int PLANNED_EXAMPLES = 24_576;

  /** Of MLPC: its default; fewer where each takes many seconds. */
  private static final int ITERATIONS = 100;

  private static final int SLOW_ITERATIONS = 15;
  private static final int QUICK_ITERATIONS = 20;

  /** Before a rate is measured: until then the JVM compiles, Spark as well as the training. */
  private static final double WARM_UP_SECONDS = 12;

  /** A worker has one core, on which its JVM compiles beside the training, and so takes longer. */
  private static final double WORKERS_WARM_UP_SECONDS = 60;

  private static final double WORKERS_SECONDS = 20;

  /** What two workers are compared with one on: smaller batches are not for several machines. */
  private static final List<BenchmarkNetwork> WORKERS_NETWORKS =
      List.of(BenchmarkNetwork.M1, BenchmarkNetwork.C1);

  private static final int WORKERS_SMALLEST_BATCH = 512;
  private static final List<String> PEERS =
      List.of(
          Contenders.PLAIN,
          Contenders.LIBTORCH,
          Contenders.PORTABLE,
          "mllib",
          "workers",
          "plan",
          Contenders.DEFAULT_LANES,
          Contenders.TREE_AGGREGATE,
          Contenders.SPREAD);

  @Option(
      names = "--networks",
      paramLabel = "NAMES",
      split = ",",
      description = "Of M1, M2, M3, P1, C1. Default: all; with --quick M1, M3 and C1.")
  private List<String> networks = List.of();

  @Option(
      names = "--batches",
      paramLabel = "SIZES",
      split = ",",
      description =
          "Default: 32, 128, 512, 2048, for C1 128 and 512; with --quick 128 and 2048, for C1 128.")
  private List<Integer> batches = List.of();

  @Option(
      names = "--peers",
      paramLabel = "NAMES",
      split = ",",
      description =
          "Of plain, libtorch, portable (Minilote on that engine, with plain in any case), mllib, workers (two against one), plan (what it predicts against runs), default-lanes, tree-aggregate, spread (examples that move once an epoch). Default: the first five.")
  private List<String> peers = PEERS.subList(0, 5);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each is measured. Default: 3; with --quick 1.")
  private int rounds;

  @Option(names = "--quick", description = "A first look, on fewer examples, in some minutes.")
  private boolean quick;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description =
          "Examples of an epoch. Default: all of CIFAR-10 and MNIST, for P1 6,000 and for C1 12,800; with --quick at most 12,800.")
  private int examples;

  @Option(
      names = "--train-options",
      paramLabel = "OPTIONS",
      description = "More options for minilote train, in one argument.")
  private String trainOptions = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder for results. Default: deploy/benchmarks/target/benchmark.")
  private Path out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Path deploy;

  private final String commandLine;

  private Benchmark(Path deploy, String commandLine) {
    this.deploy = deploy;
    this.commandLine = commandLine;
    this.out = deploy.resolve("benchmarks/target/benchmark");
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String peer : peers) {
      if (!PEERS.contains(peer)) {
        throw new UserError(
            "--peers %s: it must be of %s".formatted(peer, String.join(", ", PEERS)));
      }
    }
    List<BenchmarkNetwork> chosen =
        !networks.isEmpty()
            ? BenchmarkNetwork.parse(networks)
            : quick
                ? List.of(BenchmarkNetwork.M1, BenchmarkNetwork.M3, BenchmarkNetwork.C1)
                : List.of(BenchmarkNetwork.values());
    int turns = rounds > 0 ? rounds : quick ? 1 : 3;

    Path work = Files.createDirectories(out.toAbsolutePath().resolve("work"));
    List<String> options =
        trainOptions.isBlank() ? List.of() : List.of(trainOptions.strip().split(" +"));
    Contenders makers = new Contenders(deploy, work, THREADS, options);
    List<Contender> contenders = makers.named(peers);
    BenchmarkData data = new BenchmarkData(deploy.resolve("benchmarks/target/data"), official());
    Machine machine = new Machine();
    machine.peak(Json.parse(makers.peak().start(String.valueOf(THREADS)).output()));
    say("%s", machine.describePeak());

    Map<Row, Work> rows = new LinkedHashMap<>();
    if (contenders.size() > 1) {
      for (BenchmarkNetwork network : chosen) {
        for (int batch : batches(network)) {
          Row row = new Row(network, batch, examples(network));
          Work timed = timed(network, batch, data);
          rows.put(row, timed);
          compare(row, timed, data, contenders);
        }
      }
    }
    Results results =
        new Results(out, machine, commandLine, data.describe(), List.copyOf(rows.keySet()));
    for (int turn = 1; turn <= turns; turn++) {
      for (Map.Entry<Row, Work> entry : rows.entrySet()) {
        round(turn, turns, entry.getKey(), entry.getValue(), contenders);
      }
      results.write();
    }
    if (peers.contains("mllib")) {
      for (BenchmarkNetwork network : chosen) {
        if (network.isPerceptron()) {
          results.addTimesToLoss(timeToLoss(network, data, makers));
          results.write();
        }
      }
    }
    if (peers.contains("workers")) {
      for (BenchmarkNetwork network : chosen) {
        if (WORKERS_NETWORKS.contains(network)) {
          results.addWorkers(workers(network, turns, data, makers));
          results.write();
        }
      }
    }
    if (peers.contains("plan")) {
      for (BenchmarkNetwork network : chosen) {
        PlanCheck check = new PlanCheck(deploy, work, makers, turns);
        check.measure(planned(network, data));
        results.addPlans(check.results(), check.skipped());
        results.write();
      }
    }
    say("%s", results.tables());
    say("All of it is in %s.", out);
    return 0;
  }

  private Work timed(BenchmarkNetwork network, int batch, BenchmarkData data) throws IOException {
    String folder = data.prepared(network.dataset(), examples(network));
    return new Work(network, folder, batch, SEED, THREADS, 0, WARM_UP_SECONDS, quick ? 2 : 4);
  }

  /** For workers of one core. */
  private Work onWorkers(BenchmarkNetwork network, String folder, int batch) {
    return new Work(
        network,
        folder,
        batch,
        SEED,
        THREADS,
        0,
        WORKERS_WARM_UP_SECONDS,
        quick ? 2 : WORKERS_SECONDS);
  }

  private static void round(int turn, int turns, Row row, Work work, List<Contender> contenders)
      throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      Outcome outcome = contender.run(work);
      row.measured(contender.name(), outcome);
      say(
          "round %d of %d  %s at %4d  %-8s %,9.0f examples/s  (%.0f s)",
          turn,
          turns,
          row.network(),
          row.batch(),
          contender.name(),
          outcome.rate(),
          outcome.wallSeconds());
    }
  }

  private List<ObjectNode> timeToLoss(
      BenchmarkNetwork network, BenchmarkData data, Contenders makers)
      throws IOException, InterruptedException {
    TimeToLoss measurement =
        new TimeToLoss(makers.minilote("minilote-fast", true, List.of()), makers.perceptron());
    String folder = data.prepared(network.dataset(), examples(network));
    Work task = new Work(network, folder, network.fastBatch(), SEED, THREADS, 0, 0, 0);
    int iterations =
        network == BenchmarkNetwork.P1 ? SLOW_ITERATIONS : quick ? QUICK_ITERATIONS : ITERATIONS;
    measurement.measure(task, iterations);
    return measurement.results();
  }

  private List<ObjectNode> workers(
      BenchmarkNetwork network, int turns, BenchmarkData data, Contenders makers)
      throws IOException, InterruptedException {
    List<Work> works = new ArrayList<>();
    for (int batch : batches(network)) {
      if (batch >= WORKERS_SMALLEST_BATCH) {
        String folder = data.prepared(network.dataset(), examples(network));
        works.add(onWorkers(network, folder, batch));
      }
    }
    Workers measurement = new Workers(makers, turns);
    measurement.measure(works);
    return measurement.results();
  }

  /** On fewer examples: an epoch over a slow link takes long. */
  private List<Work> planned(BenchmarkNetwork network, BenchmarkData data) throws IOException {
    String folder = data.prepared(network.dataset(), Math.min(PLANNED_EXAMPLES, examples(network)));
    return batches(network).stream().map(batch -> onWorkers(network, folder, batch)).toList();
  }

  /** The folder that the environment names, or null. */
  private static @Nullable Path official() {
    String folder = System.getenv("MINILOTE_DATA");
    if (folder == null || folder.isBlank()) {
      return null;
    }
    for (String part : List.of("cifar10", "mnist")) {
      if (!Files.isDirectory(Path.of(folder, part))) {
        throw new UserError(
            "MINILOTE_DATA is %s, where there is no folder %s: it must have cifar10 and mnist in their official layouts"
                .formatted(folder, part));
      }
    }
    return Path.of(folder);
  }

  private List<Integer> batches(BenchmarkNetwork network) {
    return batches.isEmpty() ? network.batches(quick) : batches;
  }

  private int examples(BenchmarkNetwork network) {
    int most = examples > 0 ? examples : quick ? QUICK_EXAMPLES : Integer.MAX_VALUE;
    return Math.min(most, network.examples());
  }

  /** Makes sure that all do the same work, and learns how fast Minilote is. */
  private void compare(Row row, Work timed, BenchmarkData data, List<Contender> contenders)
      throws IOException, InterruptedException {
    int count = Math.min(examples(row.network()), COMPARED_STEPS * row.batch());
    Work work = timed.toSteps(data.prepared(row.network().dataset(), count), count, COMPARED_STEPS);
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      outcomes.put(contender.name(), contender.run(work));
    }
    outcomes.forEach(
        (name, outcome) -> {
          if (!name.equals(Row.MINILOTE)) {
            compare(row, name, outcome, outcomes.get(Row.counterpart(name)));
          }
        });
  }

  private static void compare(
      Row row, String name, Outcome outcome, @Nullable Outcome counterpart) {
    if (counterpart == null) {
      throw new IllegalStateException("whom " + name + " is compared with is always a contender");
    }
    row.compared(name, outcome, counterpart);
    Boolean sameWeights = row.hasSameWeights(name);
    say(
        "%d steps  %s at %4d  %-8s %s: losses differ from those of %s by at most %.2g %%%s",
        outcome.losses().length,
        row.network(),
        row.batch(),
        name,
        row.isValid(name) ? "same work" : "INVALID",
        Row.counterpart(name),
        100 * row.lossDifference(name),
        sameWeights == null
            ? ""
            : sameWeights ? ", weights are the same bit for bit" : ", WEIGHTS DIFFER");
  }

  private static void say(String format, Object... values) {
    JavaProcess.log(String.format(Locale.ROOT, format, values));
  }

  /** Runs the benchmark; the first argument is the folder deploy. */
  public static void main(String[] args) {
    List<String> words = List.of(args).subList(1, args.length);
    Benchmark benchmark =
        new Benchmark(
            Path.of(args[0]).toAbsolutePath(), "deploy/benchmark " + String.join(" ", words));
    CommandLine program =
        new CommandLine(benchmark)
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  JavaProcess.log("benchmark: " + e.getMessage());
                  if (e instanceof UserError) {
                    return 2;
                  }
                  e.printStackTrace();
                  return 1;
                });
    System.exit(program.execute(words.toArray(new String[0])));
  }
}
