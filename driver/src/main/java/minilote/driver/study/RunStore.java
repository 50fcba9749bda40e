package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import minilote.datasets.Json;
import minilote.trainer.run.Files;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingDiverged;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.spark.Training;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which studies keep their runs, each under its key: a run that is there is not run
 * again, one that was stopped goes on.
 */
public final class RunStore {
  /** Stands in the folder of a run that diverged, which it would do again. */
  private static final String DIVERGED = "diverged.json";

  private final Path folder;
  private final Configuration configuration;

  public RunStore(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  public Path path(StudyRun run) {
    return new Path(folder, run.key());
  }

  RunFolder folder(StudyRun run) {
    return new RunFolder(path(run), configuration);
  }

  /** How a run ended; null where it has not. */
  public @Nullable Outcome outcome(StudyRun run) throws IOException {
    RunFolder run0 = folder(run);
    Path diverged = new Path(path(run), DIVERGED);
    String sentence = null;
    TrainingResult result = run0.readResult();
    if (result == null) {
      if (!Files.fileSystem(diverged, configuration).exists(diverged)) {
        return null;
      }
      sentence =
          Json.text(Json.parse(Files.readText(diverged, 1 << 20, configuration)), "diverged");
    }
    List<Metrics> metrics = run0.readMetrics();
    ObjectNode description = run0.readRun();
    ObjectNode computedBy = Json.object();
    for (String what : List.of("numerics", "versions")) {
      computedBy.set(what, description.path(what));
    }
    return new Outcome(path(run), result, sentence, metrics, computedBy);
  }

  /** A training of the run: from its newest checkpoint where there is one. */
  Training training(
      StudyRun run, JavaSparkContext spark, TrainingOptions options, TrainingListener listener)
      throws IOException {
    Path out = path(run);
    Path description = new Path(out, RunFolder.RUN);
    return Files.fileSystem(description, configuration).exists(description)
        ? Training.resume(spark, options, out, listener)
        : Training.start(spark, run.setup().settings(), options, out, listener);
  }

  /** Remembers that a run diverged. */
  void diverged(StudyRun run, TrainingDiverged how) throws IOException {
    Files.write(
        new Path(path(run), DIVERGED),
        Json.pretty(Json.object().put("diverged", how.getMessage())),
        configuration);
  }
}
