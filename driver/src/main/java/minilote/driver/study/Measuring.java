package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.trainer.measure.Interpolation;
import minilote.trainer.run.Files;
import minilote.trainer.run.Model;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.spark.AnswerStatistics;
import minilote.trainer.spark.Landscape;
import minilote.trainer.spark.Portion;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Measures runs that have ended. What is found is kept in the runs' folders, so that no study
 * measures what another one has.
 */
public final class Measuring {
  private static final String FOLDER = "measures";
  private static final long LARGEST = 1 << 24;

  private final Set<Measure> measures;
  private final long examples;
  private final RunStore store;
  private final Configuration configuration;

  /**
   * @param measures which
   * @param examples so many of the first training (and test) examples, or {@link Portion#ALL}
   */
  public Measuring(
      Set<Measure> measures, long examples, RunStore store, Configuration configuration) {
    this.measures = Set.copyOf(measures);
    this.examples = examples;
    this.store = store;
    this.configuration = configuration;
  }

  /** Whether there is anything to measure of single runs. */
  boolean ofRuns() {
    return measures.stream().anyMatch(measure -> measure != Measure.INTERPOLATION);
  }

  boolean measures(Measure measure) {
    return measures.contains(measure);
  }

  private boolean wanted(Measure measure, StudyRun run) {
    return measures(measure) && measure.appliesTo(run);
  }

  /** What has been measured of a run, each as the command of that name gives it. */
  Map<Measure, ObjectNode> known(StudyRun run) throws IOException {
    Map<Measure, ObjectNode> known = new LinkedHashMap<>();
    for (Measure measure : Measure.values()) {
      Path file = file(run, measure.word());
      if (wanted(measure, run) && exists(file)) {
        known.put(measure, read(file));
      }
    }
    return known;
  }

  /** Whether there is nothing left to measure of a run. */
  boolean isDone(StudyRun run) throws IOException {
    Map<Measure, ObjectNode> known = known(run);
    return measures.stream()
        .allMatch(measure -> !wanted(measure, run) || known.containsKey(measure));
  }

  /** Whether there is nothing left to measure between two runs. */
  boolean isDone(StudyRun from, StudyRun to) throws IOException {
    return !measures(Measure.INTERPOLATION) || knownLine(from, to) != null;
  }

  /** Measures what is not known yet. */
  void measure(JavaSparkContext spark, StudyRun run) throws IOException {
    if (isDone(run)) {
      return;
    }
    Map<Measure, ObjectNode> known = known(run);
    Model model = Model.read(store.path(run), configuration);
    try (Landscape landscape = landscape(spark, run, model, training(run))) {
      for (Measure measure : Measure.values()) {
        if (wanted(measure, run) && !known.containsKey(measure)) {
          write(
              file(run, measure.word()),
              measure.of(new Measure.Subject(spark, run, model, landscape)));
        }
      }
    }
  }

  /** What is known of the line from one run to another; null where it is nothing. */
  @Nullable ObjectNode knownLine(StudyRun from, StudyRun to) throws IOException {
    Path file = line(from, to);
    return measures(Measure.INTERPOLATION) && exists(file) ? read(file) : null;
  }

  /** Measures the loss along the line from one run to another. */
  void measureLine(JavaSparkContext spark, StudyRun from, StudyRun to) throws IOException {
    if (isDone(from, to)) {
      return;
    }
    Model first = Model.read(store.path(from), configuration);
    Model second = Model.read(store.path(to), configuration);
    AnswerStatistics by = AnswerStatistics.between(first.network());
    try (Landscape train = landscape(spark, from, first, training(from));
        Landscape test =
            from.setup().testExamples() == 0
                ? null
                : landscape(spark, from, first, Portion.of("test").first(examples))) {
      Interpolation line =
          Interpolation.of(
              first.network(),
              first.parameters(),
              second.parameters(),
              Interpolation.grid(Interpolation.FROM, Interpolation.TO, Interpolation.POINTS),
              by.scorer(train),
              test == null ? null : by.scorer(test),
              ProgressListener.NONE);
      write(line(from, to), line.toJson());
    }
  }

  private Portion training(StudyRun run) {
    TrainingSettings settings = run.setup().settings();
    return Portion.training(settings).first(examples);
  }

  private static Landscape landscape(
      JavaSparkContext spark, StudyRun run, Model model, Portion portion) throws IOException {
    return Landscape.of(spark, model, run.setup().settings().data(), portion, 0);
  }

  private Path line(StudyRun from, StudyRun to) {
    AnswerStatistics by = AnswerStatistics.between(from.setup().network());
    return file(
        from,
        "interpolation-%s%s".formatted(by == AnswerStatistics.BATCH ? "by-batch-" : "", to.key()));
  }

  private Path file(StudyRun run, String name) {
    String of = examples == Portion.ALL ? "" : "-first-" + examples;
    return new Path(new Path(store.path(run), FOLDER), name + of + ".json");
  }

  private boolean exists(Path file) throws IOException {
    return Files.fileSystem(file, configuration).exists(file);
  }

  private ObjectNode read(Path file) throws IOException {
    return Json.parse(Files.readText(file, LARGEST, configuration));
  }

  private void write(Path file, ObjectNode json) throws IOException {
    Files.write(file, Json.pretty(json), configuration);
  }
}
