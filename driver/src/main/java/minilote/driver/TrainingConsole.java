package minilote.driver;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minilote.driver.report.Words;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingProfile;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training while it goes on: what it is, then a line an epoch, and under them on a terminal
 * a bar with rate and remaining time.
 */
final class TrainingConsole implements TrainingListener, AutoCloseable {
  /** Where nothing moves, a sign of life after so long. */
  private static final long QUIET_NANOS = 60_000_000_000L;

  private static final int NAME_WIDTH = 12;
  private static final int BAR_WIDTH = 24;

  /** What each share of a profile is, where the word alone does not say it. */
  private static final Map<String, String> MEANINGS =
      Map.of(
          "data", "examples, into rows of inputs",
          "products", "products of matrices",
          "activations", "activations and losses",
          "pooling", "pools, and images into another order",
          "sums", "adding up the lanes' gradients",
          "optimizer", "updating the weights",
          "exchange", "sending to other executors",
          "waiting", "for tasks, or for what they send",
          "spark", "starting jobs, and lost ones",
          "other", "all else within a task");

  private static final double PERCENT = 100;
  private static final double MILLI = 1e-3;
  private static final double NANOS = 1e-9;

  private final PrintWriter err;
  private final boolean interactive;
  private final int epochs;
  private final Bar bar;
  private long stepsDone;
  private long lastLine = System.nanoTime();
  private long sittingBegan = System.nanoTime();
  private long sittingSteps;
  private long sittingExamples;
  private long examplesBefore = -1;
  private @Nullable TrainingProfile profile;

  /**
   * @param err where all goes
   * @param interactive whether that is a terminal
   * @param epochs that the run will have at most
   */
  TrainingConsole(PrintWriter err, boolean interactive, int epochs) {
    this.err = err;
    this.interactive = interactive;
    this.bar = new Bar(err, interactive);
    this.epochs = epochs;
  }

  @Override
  public void started(RunDescription run, List<String> warnings) {
    String unseen =
        String.format(
            Locale.ROOT,
            "%s: %,d training, %,d validation, %,d test examples",
            run.dataset(),
            run.trainingExamples(),
            run.validationExamples(),
            run.testExamples());
    line("network", run.network().description().toWords());
    line("parameters", String.format(Locale.ROOT, "%,d", run.network().trainedCount()));
    line("data", unseen);
    line(
        "batch",
        "%s over the whole cluster, %s an epoch"
            .formatted(
                Words.count(run.batch(), "example"), Words.count(run.stepsPerEpoch(), "update")));
    line(
        "lanes",
        "%d a batch, in %s on %s"
            .formatted(
                run.lanes(),
                Words.count(run.partitions(), "partition"),
                Words.count(run.slots(), "slot")));
    line("sums", run.synchronizer());
    line("engine", run.engine());
    for (String warning : warnings) {
      err.println(TextTable.wrap("WARNING: " + warning, Terminal.WIDTH - 1, "  "));
    }
    if (run.stepsDone() > 0) {
      err.println(
          "Going on after %s, in epoch %d."
              .formatted(
                  Words.count(run.stepsDone(), "update"),
                  Math.min(epochs, run.stepsDone() / run.stepsPerEpoch() + 1)));
    }
    err.println();
    stepsDone = run.stepsDone();
    begin(run.stepsPerEpoch() * epochs);
  }

  private void line(String name, String value) {
    String indent = " ".repeat(NAME_WIDTH);
    err.println(
        name
            + indent.substring(name.length())
            + TextTable.wrap(value, Terminal.WIDTH - 1 - NAME_WIDTH, "")
                .replace("\n", "\n" + indent));
  }

  private void begin(long steps) {
    sittingBegan = System.nanoTime();
    lastLine = sittingBegan;
    bar.begin("reading the examples, then the first update", stepsDone, steps);
  }

  private void above(String line) {
    bar.above(line);
    lastLine = System.nanoTime();
  }

  @Override
  public void stepped(
      int epoch, long stepOfEpoch, long stepsOfEpoch, long examples, double loss, double accuracy) {
    if (examplesBefore < 0) {
      // Rates count from the first step on, without what came before it.
      examplesBefore = examples;
      sittingBegan = System.nanoTime();
      return;
    }
    sittingSteps++;
    sittingExamples = examples - examplesBefore;
    String epochWords = "epoch %d/%d".formatted(epoch, epochs);
    if (bar.isShown()) {
      bar.message(
          String.format(
              Locale.ROOT, "%s\tloss %s\t%,.0f ex/s", epochWords, Words.number(loss), rate()));
      bar.stepTo((epoch - 1) * stepsOfEpoch + stepOfEpoch);
    } else if (System.nanoTime() - lastLine > QUIET_NANOS) {
      long left = epochs * stepsOfEpoch - (epoch - 1) * stepsOfEpoch - stepOfEpoch;
      above(
          String.format(
              Locale.ROOT,
              "%s, %d %%  loss %s  %,.0f ex/s  at most %s left",
              epochWords,
              100 * stepOfEpoch / stepsOfEpoch,
              Words.number(loss),
              rate(),
              Words.duration(left * seconds() / sittingSteps)));
    }
  }

  private double seconds() {
    return (System.nanoTime() - sittingBegan) * NANOS;
  }

  private double rate() {
    return sittingExamples / seconds();
  }

  @Override
  public void measured(Metrics metrics) {
    if (!metrics.epochEnd()) {
      return;
    }
    above(epochLine(metrics, epochs));
  }

  /** An epoch in a line of at most 80 characters. */
  static String epochLine(Metrics metrics, int epochs) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "epoch %" + Integer.toString(epochs).length() + "d/%d  loss %s",
            metrics.epoch(),
            epochs,
            Words.number(metrics.trainLoss())));
    if (metrics.trainAccuracy() != null) {
      line.append("  ").append(Words.percent(metrics.trainAccuracy()));
    }
    if (metrics.validationLoss() != null) {
      line.append("  validation ").append(Words.number(metrics.validationLoss()));
      if (metrics.validationAccuracy() != null) {
        line.append("  ").append(Words.percent(metrics.validationAccuracy()));
      }
    }
    return line.append(String.format(Locale.ROOT, "  %,.0f ex/s", metrics.examplesPerSecond()))
        .toString();
  }

  @Override
  public void doing(String what) {
    if (bar.isShown()) {
      bar.message(what);
      bar.refresh();
    } else {
      above(interactive ? TextTable.wrap(what, Terminal.WIDTH - 1, "  ") : what);
    }
  }

  @Override
  public void profiled(TrainingProfile profile) {
    this.profile = profile;
    above(profileText(profile));
  }

  /** What was told of where time went; null without {@code --profile}. */
  @Nullable TrainingProfile profile() {
    return profile;
  }

  /** A line for each thing that any time went into, the largest first. */
  static String profileText(TrainingProfile profile) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "An update took %.3g ms on %s; of the tasks' time went into",
                profile.secondsPerStep() / MILLI,
                Words.count(profile.tasks(), "task")));
    profile.shares().entrySet().stream()
        .filter(share -> share.getValue() > 0)
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(
            share ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%n  %-11s %5.1f %%  %-" + BAR_WIDTH + "s %s",
                        share.getKey(),
                        PERCENT * share.getValue(),
                        "▆".repeat((int) Math.round(BAR_WIDTH * share.getValue())),
                        MEANINGS.getOrDefault(share.getKey(), ""))));
    return text.toString();
  }

  @Override
  public void close() {
    end();
  }

  /** Takes the bar away. */
  void end() {
    bar.end();
  }
}
