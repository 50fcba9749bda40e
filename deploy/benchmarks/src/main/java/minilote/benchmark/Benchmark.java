package minilote.benchmark;

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
  private static final List<String> PEERS = List.of("plain", "libtorch", "mllib");

  @Option(
      names = "--networks",
      paramLabel = "NAMES",
      split = ",",
      description = "Of M1, M2, M3, P1. Default: all; with --quick M1 and M3.")
  private List<String> networks = List.of();

  @Option(
      names = "--batches",
      paramLabel = "SIZES",
      split = ",",
      description = "Default: 32, 128, 512, 2048; with --quick 128 and 2048.")
  private List<Integer> batches = List.of();

  @Option(
      names = "--peers",
      paramLabel = "NAMES",
      split = ",",
      description = "Of plain, libtorch, mllib. Default: all.")
  private List<String> peers = PEERS;

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
          "Examples of an epoch. Default: all of CIFAR-10 and MNIST, for P1 6,000; with --quick at most 12,800.")
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

  private Benchmark(Path deploy) {
    this.deploy = deploy;
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
                ? List.of(BenchmarkNetwork.M1, BenchmarkNetwork.M3)
                : List.of(BenchmarkNetwork.values());
    List<Integer> sizes =
        !batches.isEmpty() ? batches : quick ? List.of(128, 2048) : List.of(32, 128, 512, 2048);
    int turns = rounds > 0 ? rounds : quick ? 1 : 3;

    Path work = Files.createDirectories(out.resolve("work"));
    BenchmarkData data = new BenchmarkData(deploy.resolve("benchmarks/target/data"), official());
    Machine machine = new Machine();
    JavaProcess.Of peak = process("peak", PeakRate.class, Map.of(), work);
    machine.peak(Json.parse(peak.start(String.valueOf(THREADS)).output()));
    say("%s", machine.describePeak());

    List<Contender> contenders = contenders(work);
    Map<Row, Work> rows = new LinkedHashMap<>();
    for (BenchmarkNetwork network : chosen) {
      for (int batch : sizes) {
        int count = examples(network);
        String folder = data.prepared(network.dataset(), count);
        Row row = new Row(network, batch, count);
        double seconds = quick ? 2 : 6;
        Work timed = new Work(network, folder, batch, SEED, THREADS, 0, quick ? 2 : 3, seconds);
        rows.put(row, timed);
        compare(row, timed, data, contenders);
      }
    }
    Results results = new Results(out, machine, data.describe(), List.copyOf(rows.keySet()));
    for (int turn = 1; turn <= turns; turn++) {
      for (Map.Entry<Row, Work> entry : rows.entrySet()) {
        for (Contender contender : contenders) {
          Outcome outcome = contender.run(entry.getValue());
          entry.getKey().measured(contender.name(), outcome);
          say(
              "round %d of %d  %s at %4d  %-8s %,9.0f examples/s  (%.0f s)",
              turn,
              turns,
              entry.getKey().network(),
              entry.getKey().batch(),
              contender.name(),
              outcome.rate(),
              outcome.wallSeconds());
        }
      }
      results.write();
    }
    say("%s", results.describe());
    return 0;
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

  private int examples(BenchmarkNetwork network) {
    int most = examples > 0 ? examples : quick ? QUICK_EXAMPLES : Integer.MAX_VALUE;
    return Math.min(most, network.examples());
  }

  private List<Contender> contenders(Path work) throws IOException {
    List<Contender> contenders = new ArrayList<>();
    if (peers.contains("plain")) {
      contenders.add(process("plain", PlainLoop.class, Map.of(), work));
    }
    contenders.add(
        new MiniloteContender(
            deploy.resolve("minilote"),
            List.of("--master", "local[" + THREADS + "]"),
            trainOptions.isBlank() ? List.of() : List.of(trainOptions.strip().split(" +")),
            work,
            new Rates()));
    if (peers.contains("libtorch")) {
      Path cache = Files.createDirectories(deploy.resolve("benchmarks/target/djl"));
      contenders.add(process("libtorch", Libtorch.class, Libtorch.environment(cache), work));
    }
    return contenders;
  }

  private static JavaProcess.Of process(
      String name, Class<?> main, Map<String, String> environment, Path logs) {
    return new JavaProcess.Of(name, main, List.of("-Xms4g", "-Xmx4g"), environment, logs);
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
    Outcome minilote = outcomes.remove("minilote");
    if (minilote == null) {
      throw new IllegalStateException("Minilote is always among the contenders");
    }
    outcomes.forEach(
        (name, outcome) -> {
          row.compared(name, outcome, minilote);
          say(
              "%d steps  %s at %4d  %-8s %s: losses differ by at most %.2g %%%s",
              work.steps(),
              row.network(),
              row.batch(),
              name,
              row.isValid(name) ? "same work" : "INVALID",
              100 * row.lossDifference(name),
              outcome.weightsSha256().isEmpty()
                  ? ""
                  : outcome.weightsSha256().equals(minilote.weightsSha256())
                      ? ", weights are the same bit for bit"
                      : ", WEIGHTS DIFFER");
        });
  }

  private static void say(String format, Object... values) {
    JavaProcess.log(String.format(Locale.ROOT, format, values));
  }

  /** Runs the benchmark; the first argument is the folder deploy. */
  public static void main(String[] args) {
    Benchmark benchmark = new Benchmark(Path.of(args[0]).toAbsolutePath());
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
    String[] options = new String[args.length - 1];
    System.arraycopy(args, 1, options, 0, options.length);
    System.exit(program.execute(options));
  }
}
