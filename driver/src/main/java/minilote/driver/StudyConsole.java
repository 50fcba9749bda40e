package minilote.driver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import minilote.driver.report.Words;
import minilote.driver.study.Outcome;
import minilote.driver.study.RunStore;
import minilote.driver.study.StudyListener;
import minilote.driver.study.StudyRun;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingResult;
import org.apache.hadoop.conf.Configuration;

/** Shows a study while it goes on: a line for each run that ends, and one bar for all of them. */
final class StudyConsole implements StudyListener, AutoCloseable {
  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final double NANOS = 1e-9;

  private final PrintWriter err;
  private final boolean interactive;
  private final Configuration configuration;
  private final TrainingListener beside;
  private final StudyPage page;
  private final AtomicLong examples = new AtomicLong();
  private final Bar bar;
  private String what = "";
  private int all;
  private int done;
  private int underWay;
  private long wanted;
  private long began = System.nanoTime();
  private long lastLine = System.nanoTime();

  /**
   * @param beside told of all trainings, too
   * @param page the study's, kept up to date
   */
  StudyConsole(
      PrintWriter err,
      boolean interactive,
      Configuration configuration,
      TrainingListener beside,
      StudyPage page) {
    this.err = err;
    this.bar = new Bar(err, interactive);
    this.interactive = interactive;
    this.configuration = configuration;
    this.beside = beside;
    this.page = page;
  }

  @Override
  public synchronized void begun(
      String what, List<StudyRun> runs, int finished, int atOnce, int slots) {
    end();
    this.what = what;
    all = runs.size() + finished;
    done = finished;
    underWay = 0;
    examples.set(0);
    wanted = runs.stream().mapToLong(StudyRun::examples).sum();
    began = System.nanoTime();
    lastLine = began;
    String side =
        atOnce == 1
            ? "one after the other on %s".formatted(Words.count(slots, "slot"))
            : "%d at once on %s each".formatted(atOnce, Words.count(slots, "slot"));
    err.println(
        TextTable.wrap(
            finished == 0
                ? "%s: %s, %s".formatted(what, Words.count(all, "run"), side)
                : "%s: %s, %d of them finished before; %s"
                    .formatted(what, Words.count(all, "run"), finished, side),
            Terminal.WIDTH - 1,
            "  "));
    bar.begin(message(), 0, wanted);
  }

  private String message() {
    return "%d/%d %s\t%d under way".formatted(done, all, what, underWay);
  }

  private void above(String line) {
    bar.above(line);
    lastLine = System.nanoTime();
  }

  @Override
  public TrainingListener run(StudyRun run, RunStore store) {
    return new Listeners(
        List.of(
            new One(run),
            beside,
            new RunReport(new RunFolder(store.path(run), configuration), this::say)));
  }

  private synchronized void say(String line) {
    above(line);
  }

  /** Counts the examples of one run. */
  private final class One implements TrainingListener {
    private final StudyRun run;
    private long counted;

    One(StudyRun run) {
      this.run = run;
    }

    @Override
    public void started(RunDescription description, List<String> warnings) {
      synchronized (StudyConsole.this) {
        underWay++;
        counted =
            Math.min(
                run.examples(), description.stepsDone() * (long) run.setup().settings().batch());
        examples.addAndGet(counted);
        bar.message(message());
      }
    }

    @Override
    public void stepped(
        int epoch,
        long stepOfEpoch,
        long stepsOfEpoch,
        long examplesOfRun,
        double loss,
        double accuracy) {
      long sum = examples.addAndGet(examplesOfRun - counted);
      counted = examplesOfRun;
      bar.stepTo(sum);
      if (!bar.isShown() && System.nanoTime() - lastLine > QUIET_NANOS) {
        quiet(sum);
      }
    }
  }

  private synchronized void quiet(long sum) {
    if (System.nanoTime() - lastLine > QUIET_NANOS) {
      double seconds = (System.nanoTime() - began) * NANOS;
      above(
          String.format(
              Locale.ROOT,
              "%d of %s finished, %d under way; about %s left",
              done,
              Words.count(all, "run"),
              underWay,
              Words.duration(seconds / Math.max(1, sum) * (wanted - sum))));
    }
  }

  @Override
  public synchronized void measuring(String what, int done, int of) {
    if (interactive) {
      bar.begin(TextTable.shorten(what, Terminal.WIDTH / 2), done, of);
    } else {
      above("%s (%d of %d)".formatted(what, done + 1, of));
    }
  }

  @Override
  public void ended(StudyRun run, Outcome outcome) {
    synchronized (this) {
      underWay--;
      done++;
      above(line(run, outcome));
      bar.message(message());
    }
    new RunReport(new RunFolder(outcome.folder(), configuration), this::say).write();
  }

  @Override
  public void written(ObjectNode study) {
    page.update(study);
  }

  /** A run in a line. */
  static String line(StudyRun run, Outcome outcome) {
    TrainingResult result = outcome.result();
    if (result == null) {
      return "%s: diverged".formatted(run.words());
    }
    TrainingResult.Figures unseen = result.test() != null ? result.test() : result.validation();
    TrainingResult.Figures shown = unseen == null ? result.train() : unseen;
    String name = unseen == null ? "training" : result.test() != null ? "test" : "validation";
    Double gap = result.generalizationGap();
    return "%s: %s %s%s, %s"
        .formatted(
            run.words(),
            name,
            shown.accuracy() == null ? Words.number(shown.loss()) : Words.percent(shown.accuracy()),
            gap == null
                ? ""
                : ", gap " + (shown.accuracy() == null ? Words.number(gap) : Words.points(gap)),
            Words.duration(result.seconds()));
  }

  @Override
  public void close() {
    end();
  }

  /** Takes the bar away. */
  synchronized void end() {
    bar.end();
  }
}
