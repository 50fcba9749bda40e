package minilote.driver;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs the program within a test. */
final class Program {
  /** What came of a command. */
  record Outcome(int exitCode, String out, String err) {}

  private Program() {}

  static Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Minilote.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command that must succeed. */
  static String succeed(String... args) {
    Outcome outcome = run(args);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", args) + " gave " + outcome.exitCode() + ":\n" + outcome.err());
    }
    return outcome.out();
  }
}
