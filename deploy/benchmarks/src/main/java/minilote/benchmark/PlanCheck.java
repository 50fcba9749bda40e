package minilote.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import minilote.datasets.Dataset;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * What {@code minilote plan} predicts, against real runs of {@code minilote train}: on both cores
 * of one process, on one single-core worker, on two, and on two that are joined by links of limited
 * bandwidth.
 */
final class PlanCheck {
  private static final int CORES = 2;

  /** Of workers that talk over the loopback interface, whose time is in what plan measures. */
  private static final String UNLIMITED = "1000Gb/s";

  private static final long[] LINKS = {1_000_000_000L, 200_000_000L};

  private final Path deploy;
  private final Path folder;
  private final Contenders contenders;
  private final int rounds;
  private final List<ObjectNode> results = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  /**
   * @param deploy the folder deploy
   * @param folder for machine files, runs and logs
   * @param rounds how often each run is measured
   */
  PlanCheck(Path deploy, Path folder, Contenders contenders, int rounds) {
    this.deploy = deploy;
    this.folder = folder;
    this.contenders = contenders;
    this.rounds = rounds;
  }

  /**
   * A kind of cluster.
   *
   * @param words for tables
   * @param plan the options of plan that describe it
   */
  private record Setting(String words, List<String> plan) {
    static Setting of(String words, String executors, int ofMachine, int cores, String bandwidth) {
      return new Setting(
          words,
          List.of(
              "--executors",
              executors,
              "--cores",
              String.valueOf(cores),
              "--executors-per-machine",
              String.valueOf(ofMachine),
              "--bandwidth",
              bandwidth,
              "--latency",
              "0us"));
    }
  }

  /** Measures works of one network with two lanes each. */
  void measure(List<Work> works) throws IOException, InterruptedException {
    BenchmarkNetwork network = works.get(0).network();
    Path machine = folder.resolve("machine-" + network + ".json");
    List<String> shape = network.network().inputShape().stream().map(String::valueOf).toList();
    JavaProcess.log("measuring the machine for " + network);
    plan(
        List.of(
            "--network",
            network.words(),
            "--inputs",
            String.join("x", shape),
            "--optimizer",
            "sgd",
            "--save-machine",
            machine.toString(),
            "--lanes",
            String.valueOf(CORES),
            "--batch",
            batches(works)));
    check(
        Setting.of("local, 2 cores", "local", 1, CORES, UNLIMITED),
        contenders.minilote("plan-local", true, List.of()),
        works,
        machine);
    try (LocalCluster cluster = contenders.cluster(2)) {
      check(
          Setting.of("1 executor, 1 core", "1", 1, 1, UNLIMITED),
          contenders.minilote("plan-one", cluster.options(1), true, List.of()),
          works,
          machine);
      check(
          Setting.of("2 executors, 1 core each", "2", 2, 1, UNLIMITED),
          contenders.minilote("plan-two", cluster.options(2), true, List.of()),
          works,
          machine);
    }
    for (long bits : LINKS) {
      String rate = "%d Mb/s".formatted(bits / 1_000_000);
      try (LimitedCluster cluster = new LimitedCluster(spark(), folder.resolve("limited"), bits)) {
        check(
            Setting.of("2 executors, 1 core each, " + rate, "2", 2, 1, rate.replace(" ", "")),
            new MiniloteContender(
                "plan-limited",
                cluster.launcher(deploy.resolve("minilote")),
                cluster.options(),
                true,
                List.of(),
                folder),
            works,
            machine);
      } catch (UserError e) {
        skipped.add(rate + ": " + e.getMessage());
        JavaProcess.log("skipped, " + rate + ": " + e.getMessage());
      }
    }
  }

  private Path spark() throws IOException {
    try (var folders = Files.newDirectoryStream(deploy.resolve("spark-4.1/target"), "spark-*")) {
      return folders.iterator().next();
    }
  }

  private static String batches(List<Work> works) {
    return String.join(",", works.stream().map(work -> String.valueOf(work.batch())).toList());
  }

  private void check(Setting setting, Contender contender, List<Work> works, Path machine)
      throws IOException, InterruptedException {
    Map<Integer, Double> predicted = new TreeMap<>();
    List<String> options = new ArrayList<>(setting.plan());
    options.addAll(List.of("--machine", machine.toString(), "--data", works.get(0).data()));
    options.addAll(List.of("--lanes", String.valueOf(CORES), "--batch", batches(works)));
    for (JsonNode step : plan(options).path("steps")) {
      predicted.put(step.path("batch").asInt(), step.path("seconds").asDouble());
    }
    for (Work work : works) {
      contender.run(work.during(0, 0)); // Tells it how fast it is, and so how many epochs to take.
      double[] seconds = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        seconds[round] = work.batch() / contender.run(work).rate();
      }
      Arrays.sort(seconds);
      add(setting, work, predicted.getOrDefault(work.batch(), 0.0), seconds[rounds / 2]);
    }
  }

  private ObjectNode plan(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(deploy.resolve("minilote").toString(), "plan", "--json"));
    command.addAll(options);
    return Json.parse(JavaProcess.run(command, Map.of(), folder.resolve("plan.log")).output());
  }

  private void add(Setting setting, Work work, double predicted, double measured)
      throws IOException {
    ObjectNode json = Json.object();
    json.put("network", work.network().name());
    json.put("batch", work.batch());
    json.put("cluster", setting.words());
    json.put("examples", TrainingExamples.dataset(work.data()).split(Dataset.TRAIN).examples());
    json.put("predicted_seconds", predicted);
    json.put("measured_seconds", measured);
    json.put("error", predicted / measured - 1);
    results.add(json);
    JavaProcess.log(
        String.format(
            Locale.ROOT,
            "%s at %4d  %s: a step predicted %.1f ms, measured %.1f ms (%+.0f %%)",
            work.network(),
            work.batch(),
            setting.words(),
            predicted * 1e3,
            measured * 1e3,
            100 * (predicted / measured - 1)));
  }

  /** What was predicted and measured, an object a run. */
  List<ObjectNode> results() {
    return results;
  }

  /** What could not be measured, and why. */
  List<String> skipped() {
    return skipped;
  }
}
