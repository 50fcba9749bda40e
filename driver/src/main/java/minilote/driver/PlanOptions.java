package minilote.driver;

import java.util.List;
import minilote.datasets.UserError;
import minilote.trainer.plan.Link;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The cluster that is planned: options of {@code plan}. */
final class PlanOptions {
  /** In a list of executors, for a process that needs none. */
  static final String LOCAL = "local";

  private static final int MOST_EXECUTORS = 1 << 16;

  @Option(
      names = "--executors",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8",
      description =
          "How many executors; local: one process without a cluster. Default: ${DEFAULT-VALUE}.")
  private List<String> executors = List.of();

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores of each executor. Default: all of the machine that was measured.")
  private @Nullable Integer cores;

  @Option(
      names = "--executors-per-machine",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Executors that share a machine, and so its memory and clock rate. Default: ${DEFAULT-VALUE}.")
  private int executorsPerMachine;

  @Option(
      names = "--bandwidth",
      paramLabel = "RATE",
      defaultValue = "10Gb/s",
      description =
          "Of each executor's network, each way: bits, as 10Gb/s and 200Mb/s, or bytes, as 1.25GB/s. Default: ${DEFAULT-VALUE}.")
  private String bandwidth;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "50us",
      description = "From one executor to another, as 50us or 1ms. Default: ${DEFAULT-VALUE}.")
  private String latency;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  PlanOptions() {}

  List<Integer> executors() {
    return executors.stream().map(PlanOptions::count).distinct().sorted().toList();
  }

  private static int count(String word) {
    if (word.equals(LOCAL)) {
      return Plan.LOCAL;
    }
    // Nine digits fit an int.
    int count = word.matches("\\d{1,9}") ? Integer.parseInt(word) : 0;
    if (count < 1 || count > MOST_EXECUTORS) {
      throw new UserError(
          "--executors %s: it must be from 1 to %d, or %s".formatted(word, MOST_EXECUTORS, LOCAL));
    }
    return count;
  }

  int cores(int measured) {
    return cores == null ? measured : cores;
  }

  int executorsPerMachine() {
    return executorsPerMachine;
  }

  Link link() {
    return Link.parse(bandwidth, latency);
  }

  /** What can be checked before anything is measured. */
  void check() {
    executors();
    link();
    atLeastOne("--executors-per-machine", executorsPerMachine);
    if (cores != null) {
      atLeastOne("--cores", cores);
    }
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1 || value > MOST_EXECUTORS) {
      throw new UserError(
          "%s %d: it must be from 1 to %d".formatted(option, value, MOST_EXECUTORS));
    }
  }
}
