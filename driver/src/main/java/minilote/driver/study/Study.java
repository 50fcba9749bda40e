package minilote.driver.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import minilote.datasets.Json;
import minilote.datasets.UserError;
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

  private static final long LARGEST = 1L << 30;

  private final Path folder;
  private final Configuration configuration;
  private final StudyPlan plan;
  private final RunStore store;
  private final @Nullable Tuning tuning;
  private final @Nullable Double target;
  private final Measuring measuring;
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final Map<String, Map<Measure, ObjectNode>> measured = new LinkedHashMap<>();
  private final Map<String, ObjectNode> lines = new LinkedHashMap<>();
  private List<StudyRun> runs;
  private @Nullable PublishedStudy published;
  private volatile @Nullable StudyRunner runner;
  private volatile boolean stopRequested;

  /**
   * @param folder the study's
   * @param rates null, or learning rates to choose among; none of them for such as {@link Tuning}
   *     makes up
   * @param target the figure to which runs are timed; or null
   * @param measuring what is measured of the runs
   * @throws minilote.datasets.UserError where a run's settings do not fit its data
   */
  public Study(
      Path folder,
      Configuration configuration,
      StudyPlan plan,
      RunStore store,
      @Nullable List<Double> rates,
      @Nullable Double target,
      Measuring measuring)
      throws IOException {
    this.folder = folder;
    this.configuration = configuration;
    this.plan = plan;
    this.store = store;
    this.tuning = rates == null ? null : new Tuning(plan, rates);
    this.target = target;
    this.measuring = measuring;
    this.runs = plan.runs();
  }

  /**
   * Makes sure that a study that is in the folder already is this one, perhaps with other batches,
   * seeds or varied values.
   *
   * @throws minilote.datasets.UserError where it is another one, whose tables would be lost
   */
  public void requireSame() throws IOException {
    Path file = new Path(folder, FILE);
    if (!Files.fileSystem(file, configuration).exists(file)) {
      return;
    }
    JsonNode before = Json.parse(Files.readText(file, LARGEST, configuration));
    for (JsonNode then : before.path("arms")) {
      for (Arm arm : plan.arms()) {
        if (arm.name().equals(then.path("name").asText())) {
          requireSame(then.path("options"), arm.toJson(false).path("options"));
        }
      }
    }
  }

  private void requireSame(JsonNode then, JsonNode now) {
    Set<String> names = new TreeSet<>();
    then.fieldNames().forEachRemaining(names::add);
    now.fieldNames().forEachRemaining(names::add);
    names.remove("--data"); // It may have been moved.
    for (String name : names) {
      if (!then.path(name).equals(now.path(name))) {
        throw new UserError(
            "--out %s: the study in it has %s %s, this one %s; take another folder (with --runs %s/runs, if they are to share runs)"
                .formatted(
                    folder,
                    name,
                    then.path(name).asText("by default"),
                    now.path(name).asText("by default"),
                    folder));
      }
    }
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
    return all(
            (what, some) -> {
              Map<String, Outcome> ended = remembered(current.run(what, some));
              write(listener::written);
              return ended;
            })
        && measure(spark, listener);
  }

  /**
   * Whether there is nothing left to train or to measure, which takes no Spark to see. Then the
   * study's file is written anew.
   */
  public boolean hasEnded() throws IOException {
    if (!all((what, some) -> remembered(stored(some)))) {
      return false;
    }
    rememberAll();
    if (!isMeasured()) {
      return false;
    }
    write(json -> {});
    return true;
  }

  private boolean isMeasured() throws IOException {
    List<StudyRun> ended = runs().stream().filter(this::hasResult).toList();
    for (StudyRun run : ended) {
      if (!measuring.isDone(run)) {
        return false;
      }
    }
    for (StudyRun[] pair : pairs(ended)) {
      if (!measuring.isDone(pair[0], pair[1])) {
        return false;
      }
    }
    return true;
  }

  /** Gives how runs ended, by key, of those that have; may train them before. */
  @FunctionalInterface
  private interface Outcomes {
    Map<String, Outcome> of(String what, List<StudyRun> some) throws IOException;
  }

  /** Whether all runs have ended. */
  private boolean all(Outcomes ended) throws IOException {
    if (tuning != null) {
      if (!tuning.tune(candidates -> ended.of("choosing learning rates", candidates))) {
        return false;
      }
      synchronized (this) {
        runs = tuning.runs();
      }
    }
    Map<String, Outcome> found = ended.of("training", runs);
    return runs.stream().allMatch(run -> found.containsKey(run.key()));
  }

  /** All runs and pairs of runs that are left; false where a stop was asked for. */
  private boolean measure(JavaSparkContext spark, StudyListener listener) throws IOException {
    List<StudyRun> ended = runs().stream().filter(this::hasResult).toList();
    if (measuring.ofRuns()) {
      for (int i = 0; i < ended.size() && !stopRequested; i++) {
        listener.measuring("measuring " + ended.get(i).words(), i, ended.size());
        measuring.measure(spark, ended.get(i));
        remember(ended.get(i));
        write(listener::written);
      }
    }
    if (measuring.measures(Measure.INTERPOLATION)) {
      List<StudyRun[]> pairs = pairs(ended);
      for (int i = 0; i < pairs.size() && !stopRequested; i++) {
        listener.measuring(
            "measuring between %s and %s"
                .formatted(pairs.get(i)[0].words(), pairs.get(i)[1].cell().words()),
            i,
            pairs.size());
        measuring.measureLine(spark, pairs.get(i)[0], pairs.get(i)[1]);
        remember(pairs.get(i)[0], pairs.get(i)[1]);
        write(listener::written);
      }
    }
    return !stopRequested;
  }

  private boolean hasResult(StudyRun run) {
    Outcome outcome = outcomes.get(run.key());
    return outcome != null && outcome.result() != null;
  }

  /**
   * Each run of the smallest batch with those of the others, of the same seed, that share its
   * network.
   */
  private static List<StudyRun[]> pairs(List<StudyRun> ended) {
    List<StudyRun[]> pairs = new ArrayList<>();
    for (StudyRun run : ended) {
      StudyRun smallest = run;
      for (StudyRun other : ended) {
        if (other.seed() == run.seed()
            && other.cell().arm().equals(run.cell().arm())
            && other.cell().varied().equals(run.cell().varied())
            && other.cell().batch() < smallest.cell().batch()) {
          smallest = other;
        }
      }
      if (smallest.cell().batch() < run.cell().batch()) {
        pairs.add(new StudyRun[] {smallest, run});
      }
    }
    return pairs;
  }

  private synchronized void remember(StudyRun run) throws IOException {
    Map<Measure, ObjectNode> known = measuring.known(run);
    if (!known.isEmpty()) {
      measured.put(run.key(), known);
    }
  }

  private synchronized void remember(StudyRun from, StudyRun to) throws IOException {
    ObjectNode line = measuring.knownLine(from, to);
    if (line != null) {
      ObjectNode json = Json.object();
      json.set("first", Comparison.cell(from.cell()));
      json.set("second", Comparison.cell(to.cell()));
      json.put("seed", from.seed());
      json.put("first_run", from.key());
      json.put("second_run", to.key());
      json.setAll(line);
      lines.put(from.key() + to.key(), json);
    }
  }

  /** What former sittings, and other studies, have left of the runs. */
  private void rememberAll() throws IOException {
    remembered(stored(runs()));
    for (StudyRun run : runs()) {
      remember(run);
    }
    for (StudyRun[] pair : pairs(runs().stream().filter(this::hasResult).toList())) {
      remember(pair[0], pair[1]);
    }
  }

  private Map<String, Outcome> stored(List<StudyRun> some) throws IOException {
    Map<String, Outcome> stored = new LinkedHashMap<>();
    for (StudyRun run : some) {
      Outcome outcome = store.outcome(run);
      if (outcome != null) {
        stored.put(run.key(), outcome);
      }
    }
    return stored;
  }

  private synchronized Map<String, Outcome> remembered(Map<String, Outcome> ended) {
    outcomes.putAll(ended);
    return ended;
  }

  /** What there is to say by now. */
  public synchronized ObjectNode toJson() {
    List<StudyRun> shown = new ArrayList<>(runs);
    return new StudyJson(
            folder,
            plan,
            shown,
            outcomes,
            measured,
            List.copyOf(lines.values()),
            tuning,
            target,
            published)
        .toJson();
  }

  private synchronized void write(Consumer<ObjectNode> written) throws IOException {
    ObjectNode json = toJson();
    Files.write(new Path(folder, FILE), Json.pretty(json), configuration);
    written.accept(json);
  }

  /** Keeps the study's file up to date. */
  private final class Writing implements StudyListener {
    private final StudyListener listener;

    Writing(StudyListener listener) {
      this.listener = listener;
    }

    @Override
    public void begun(String what, List<StudyRun> left, int finished, int atOnce, int slots) {
      try {
        rememberAll();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      listener.begun(what, left, finished, atOnce, slots);
    }

    @Override
    public TrainingListener run(StudyRun run, RunStore from) {
      return listener.run(run, from);
    }

    @Override
    public void written(ObjectNode study) {
      listener.written(study);
    }

    @Override
    public void ended(StudyRun run, Outcome outcome) {
      listener.ended(run, outcome);
      remembered(Map.of(run.key(), outcome));
      try {
        write(this::written);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void measuring(String what, int done, int of) {
      listener.measuring(what, done, of);
    }
  }
}
