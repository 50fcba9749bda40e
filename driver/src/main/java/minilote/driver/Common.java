package minilote.driver;

import picocli.CommandLine.Option;

/** The options of every command. */
final class Common {
  @Option(
      names = "--json",
      order = 91,
      description = "Give the result as one JSON object on standard output.")
  boolean json;

  @Option(
      names = "--verbose",
      order = 92,
      description = "Show Spark's log and settings, and where in the program a failure arose.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      order = 93,
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
