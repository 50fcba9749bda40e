package minilote.driver;

import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;
import minilote.datasets.download.DownloadFailed;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingInterrupted;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the user is told when something goes wrong.
 *
 * @param sentence the first cause, in one sentence
 * @param exitCode {@link Minilote#WRONG_INPUT} where another input would help, else {@link
 *     Minilote#FAILED}
 */
record Failure(String sentence, int exitCode) {
  /** How Spark's message names the task that failed: "(TID 7) (10.0.0.3 executor 2): cause". */
  private static final Pattern FAILED_TASK =
      Pattern.compile("\\(TID \\d+\\) \\(([^\\s()]+) executor ([^\\s()]+)\\): ([^\\n]*)");

  /** How it says that a task failed as its executor went away. */
  private static final Pattern LOST_EXECUTOR =
      Pattern.compile("^ExecutorLostFailure .* Reason: (.*)");

  private static final String LOCAL_EXECUTOR = "driver";

  /** What an exception that escaped a command says. */
  static Failure of(Throwable failure) {
    Failure what = whatHappened(failure);
    TrainingInterrupted interrupted = find(failure, TrainingInterrupted.class);
    return interrupted == null
        ? what
        : new Failure(
            "%s; %s train --out %s --resume goes on with %s"
                .formatted(
                    what.sentence(), Minilote.COMMAND, interrupted.folder(), interrupted.next()),
            what.exitCode());
  }

  private static Failure whatHappened(Throwable failure) {
    UserError mistake = find(failure, UserError.class);
    if (mistake != null) {
      return new Failure(oneLine(mistake), Minilote.WRONG_INPUT);
    }
    TrainingFailed failed = find(failure, TrainingFailed.class);
    if (failed != null) {
      return new Failure(oneLine(failed), Minilote.FAILED);
    }
    DownloadFailed download = find(failure, DownloadFailed.class);
    if (download != null) {
      return new Failure(
          oneLine(download) + "; --from takes files that are on this machine", Minilote.FAILED);
    }
    ClusterLost lost = find(failure, ClusterLost.class);
    if (lost != null) {
      return new Failure(oneLine(lost), Minilote.FAILED);
    }
    String task = failedTask(failure);
    if (task != null) {
      // The task's own exception may not have reached the driver as an object, only its text.
      String prefix = UserError.class.getName() + ": ";
      int at = task.indexOf(prefix);
      return at >= 0
          ? new Failure(task.substring(at + prefix.length()), Minilote.WRONG_INPUT)
          : new Failure(task, Minilote.FAILED);
    }
    return new Failure(firstCause(failure), Minilote.FAILED);
  }

  private static <E extends Throwable> @Nullable E find(Throwable failure, Class<E> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** Which executor failed at what, from Spark's message; null where it is of no task. */
  private static @Nullable String failedTask(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message == null) {
        continue;
      }
      Matcher task = FAILED_TASK.matcher(message);
      if (task.find()) {
        String executor = task.group(2);
        Matcher lost = LOST_EXECUTOR.matcher(task.group(3));
        if (lost.find()) {
          return "executors were lost again and again, at last executor %s on %s (%s)"
              .formatted(executor, task.group(1), lost.group(1).strip());
        }
        String reason = cause.getCause() == null ? task.group(3) : firstCause(cause.getCause());
        return executor.equals(LOCAL_EXECUTOR)
            ? reason
            : "executor %s on %s: %s".formatted(executor, task.group(1), reason);
      }
    }
    return null;
  }

  private static String firstCause(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    if (first instanceof UnknownHostException) {
      return "there is no host %s".formatted(oneLine(first));
    }
    if (first instanceof FileNotFoundException && first.getMessage() != null) {
      return oneLine(first);
    }
    if (first instanceof OutOfMemoryError) {
      return "the driver's memory is too small (%s); spark-submit's --driver-memory gives it more"
          .formatted(oneLine(first));
    }
    String name = first.getClass().getSimpleName();
    String message = oneLine(first);
    // An exception's name says what it is where its words do not: "NullPointerException: null".
    return message.equals(name) ? name : name + ": " + message;
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  /** What picocli found wrong with the words of the command line. */
  static Failure of(ParameterException e) {
    return new Failure(sentence(e), Minilote.WRONG_INPUT);
  }

  private static String sentence(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().name();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    }
    if (e instanceof MissingParameterException missing) {
      return missing(missing, command);
    }
    if (e instanceof OverwrittenOptionException twice) {
      return "%s is given twice".formatted(name(twice.getOverwritten()));
    }
    ArgSpec argument = e.getArgSpec();
    if (e.getCause() instanceof UserError wrong && argument != null) {
      return "%s %s: it %s".formatted(name(argument), e.getValue(), wrong.getMessage());
    }
    return oneLine(e);
  }

  private static String unmatched(UnmatchedArgumentException e, String command) {
    String word = e.getUnmatched().get(0);
    CommandLine commandLine = e.getCommandLine();
    boolean program = commandLine.getParent() == null;
    String what;
    if (word.startsWith("-")) {
      what = program ? "is no option of minilote" : "is no option of " + command;
    } else if (program) {
      what = "is no command";
    } else {
      what = "is one word too many for %s (texts with spaces need quotes)".formatted(command);
    }
    List<String> suggestions =
        e.getSuggestions().stream()
            .map(s -> s.replace(Minilote.COMMAND + " ", ""))
            // picocli compares pairs of letters, of which two that are swapped leave few.
            .sorted(
                Comparator.comparingInt(
                    s -> LevenshteinDistance.getDefaultInstance().apply(s, word)))
            .limit(2)
            .toList();
    String help = Minilote.COMMAND + (program ? " --help" : " " + command + " --help");
    return suggestions.isEmpty() || !(program || word.startsWith("-"))
        ? "%s %s; %s shows what there is".formatted(word, what, help)
        : "%s %s; did you mean %s?".formatted(word, what, String.join(" or ", suggestions));
  }

  private static String missing(MissingParameterException e, String command) {
    ArgSpec argument = e.getMissing().get(0);
    return "%s needs a value: %s %s (%s %s --help)"
        .formatted(
            name(argument), name(argument), argument.paramLabel(), Minilote.COMMAND, command);
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
