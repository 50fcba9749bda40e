package minilote.driver;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.run.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program.
 *
 * <pre>
 * minilote prepare --dataset cifar-10 --to data/cifar-10
 * minilote train --data data/cifar-10 --network "dense 512 relu, dense 10 softmax" --out runs/first
 * </pre>
 */
@Command(
    name = "minilote",
    description = "Trains neural networks on Apache Spark: the same bits on any cluster.",
    versionProvider = Minilote.VersionLine.class,
    subcommands = {
      PrepareCommand.class,
      TrainCommand.class,
      StudyCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ReproduceCommand.class,
      SharpnessCommand.class,
      InterpolateCommand.class,
      HessianCommand.class,
      LandscapeCommand.class,
      NormsCommand.class,
      LessonCommand.class,
      PlanCommand.class,
      NetworksCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The first two commands:",
      "  ${ROOT-COMMAND-NAME} prepare --dataset cifar-10 --to data/cifar-10",
      "  ${ROOT-COMMAND-NAME} train --data data/cifar-10 --out runs/first \\",
      "      --network \"dense 512 relu, dense 512 relu, dense 10 softmax\"",
      "",
      "${ROOT-COMMAND-NAME} COMMAND --help says more.",
      "Exit codes: 0 done, 1 failed, 2 wrong input, 130 ended by Ctrl-C."
    })
public final class Minilote implements Runnable {
  /** The run failed, though nothing was wrong with its input. */
  public static final int FAILED = 1;

  /** The user gave something that cannot be. */
  public static final int WRONG_INPUT = 2;

  /** What the user calls the program by: the launcher hands on what was typed. */
  static final String COMMAND = command(System.getenv("MINILOTE_COMMAND"));

  @Spec private CommandSpec spec;

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  Minilote() {}

  private static String command(@Nullable String typed) {
    return typed == null || typed.isBlank() ? "minilote" : typed;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "a command is missing: "
            + String.join(", ", spec.subcommands().keySet())
            + " (%s --help)".formatted(COMMAND));
  }

  static final class VersionLine implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"minilote " + Version.VERSION};
    }
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    // UTF-8 whatever the locale: terminals read it, and C locales are common where clusters run.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Interruption.install();
    System.exit(run(args, out, err));
  }

  /**
   * Runs a command.
   *
   * @param out receives its result
   * @param err receives everything else
   * @return the exit code: 0, {@value #FAILED} or {@value #WRONG_INPUT}
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    PrintWriter outWriter = new PrintWriter(out, true, StandardCharsets.UTF_8);
    PrintWriter errWriter = new PrintWriter(err, true, StandardCharsets.UTF_8);
    CommandLine program =
        new CommandLine(new Minilote())
            .setCommandName(COMMAND)
            .setOut(outWriter)
            .setErr(errWriter)
            .setExpandAtFiles(false)
            .setUsageHelpWidth(80)
            .setUsageHelpAutoWidth(false)
            .setUsageHelpLongOptionsMaxWidth(28)
            .setParameterExceptionHandler(
                (e, given) -> report(Failure.of(e), outWriter, errWriter, given))
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  if (Interruption.isEnding()) {
                    return FAILED; // What fails then, fails because of it.
                  }
                  Failure failure = Failure.of(e);
                  int code = report(failure, outWriter, errWriter, args);
                  if (Arrays.asList(args).contains("--verbose")) {
                    e.printStackTrace(errWriter);
                  }
                  return code;
                });
    Values.register(program);
    return program.execute(args);
  }

  private static int report(Failure failure, PrintWriter out, PrintWriter err, String[] args) {
    err.println("minilote: " + failure.sentence());
    if (List.of(args).contains("--json")) {
      out.println(Json.object().put("error", failure.sentence()));
    }
    return failure.exitCode();
  }
}
