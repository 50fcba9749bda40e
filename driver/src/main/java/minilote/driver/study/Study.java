package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.trainer.run.Files;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * A study, from its plan to its folder: learning rates are chosen where that is asked for, then all
 * runs are trained that are not there yet, and what there is to say is written after each of them.
 */
public final class Study {
  /** The file of figures in a study's folder. */
  public static final String FILE = "study.json";

  private final Path folder;
  private final Configuration configuration;
  private final StudyPlan plan;
  private final RunStore store;
  private final @Nullable Tuning tuning;
  private final @Nullable Double target;
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private List<StudyRun> runs;
  private @Nullable PublishedStudy published;
  private volatile @Nullable StudyRunner runner;
  private volatile boolean stopRequested;

  /**
   * @param folder the study's
   * @param rates null, or learning rates to choose among; none of them for such as {@link Tuning}
   *     makes up
   * @param target the figure to which runs are timed; or null
   * @throws minilote.datasets.UserError where a run's settings do not fit its data
   */
  public Study(
      Path folder,
      Configuration configuration,
      StudyPlan plan,
      RunStore store,
      @Nullable List<Double> rates,
      @Nullable Double target)
      throws IOException {
    this.folder = folder;
    this.configuration = configuration;
    this.plan = plan;
    this.store = store;
    this.tuning = rates == null ? null : new Tuning(plan, rates);
    this.target = target;
    this.runs = plan.runs();
  }

  /** Holds the study's figures against published ones. */
  public void compareWith(PublishedStudy with) {
    published = with;
  }

  /** All runs, with the learning rates that are known so far. */
  public List<StudyRun> runs() {
    return List.copyOf(runs);
  }

  /** Asks for an end soon, with a checkpoint for each run under way; from any thread. */
  public void requestStop() {
    stopRequested = true;
    StudyRunner current = runner;
    if (current != null) {
      current.requestStop();
    }
  }

  /**
   * Trains what is left.
   *
   * @param atOnce how many runs at once, or 0 for as many as there are slots
   * @return whether all runs have ended; false where a stop was asked for
   */
  public boolean run(
      JavaSparkContext spark, TrainingOptions options, int atOnce, StudyListener listener)
      throws IOException {
    StudyRunner current = new StudyRunner(spark, store, options, atOnce, new Writing(listener));
    runner = current;
    if (stopRequested) {
      current.requestStop();
    }
    if (tuning != null) {
      if (!tuning.tune(candidates -> trained(current, "choosing learning rates", candidates))) {
        return false;
      }
      synchronized (this) {
        runs = tuning.runs();
      }
    }
    Map<String, Outcome> ended = trained(current, "training", runs);
    return runs.stream().allMatch(run -> ended.containsKey(run.key()));
  }

  private Map<String, Outcome> trained(StudyRunner current, String what, List<StudyRun> some)
      throws IOException {
    Map<String, Outcome> ended = current.run(what, some);
    synchronized (this) {
      outcomes.putAll(ended);
      write();
    }
    return ended;
  }

  /** What there is to say by now. */
  public synchronized ObjectNode toJson() {
    List<StudyRun> shown = new ArrayList<>(runs);
    return new StudyJson(folder, plan, shown, outcomes, tuning, target, published).toJson();
  }

  private synchronized void write() throws IOException {
    Files.write(new Path(folder, FILE), Json.pretty(toJson()), configuration);
  }

  /** Keeps the study's file up to date. */
  private final class Writing implements StudyListener {
    private final StudyListener listener;

    Writing(StudyListener listener) {
      this.listener = listener;
    }

    @Override
    public void begun(String what, List<StudyRun> left, int finished, int atOnce, int slots) {
      for (StudyRun run : runs()) {
        try {
          Outcome outcome = store.outcome(run);
          if (outcome != null) {
            remember(run, outcome);
          }
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      listener.begun(what, left, finished, atOnce, slots);
    }

    @Override
    public TrainingListener run(StudyRun run, RunStore from) {
      return listener.run(run, from);
    }

    @Override
    public void ended(StudyRun run, Outcome outcome) {
      listener.ended(run, outcome);
      remember(run, outcome);
      try {
        write();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void remember(StudyRun run, Outcome outcome) {
      synchronized (Study.this) {
        outcomes.put(run.key(), outcome);
      }
    }
  }
}
