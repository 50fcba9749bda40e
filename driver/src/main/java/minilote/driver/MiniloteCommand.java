package minilote.driver;

import java.io.IOException;
import java.util.concurrent.Callable;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** What all commands have in common. */
abstract class MiniloteCommand implements Callable<Integer> {
  static final int DONE = 0;

  @Mixin Common common;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields.
  MiniloteCommand() {}

  @Override
  public final Integer call() throws IOException {
    SparkLog.configure(common.verbose);
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      // picocli misses this for options in groups.
      if (!option.isMultiValue() && option.originalStringValues().size() > 1) {
        throw new UserError("%s is given twice".formatted(option.longestName()));
      }
    }
    return run(new Output(spec.commandLine().getOut(), spec.commandLine().getErr(), common.json));
  }

  /**
   * What the user must give. Checked here and not by picocli, which would complain of it before it
   * complains of a misspelled option.
   *
   * @param name as the help shows it, "--out DIR"
   * @throws UserError where it is missing
   */
  final String required(String name, @Nullable String value) {
    if (value == null) {
      throw new UserError(
          "%s needs %s (%s %1$s --help)".formatted(spec.name(), name, Minilote.COMMAND));
    }
    if (value.isBlank()) {
      throw new UserError("%s is empty".formatted(name));
    }
    return value;
  }

  /**
   * Does what the command is for.
   *
   * @return the exit code
   */
  abstract int run(Output output) throws IOException;
}
