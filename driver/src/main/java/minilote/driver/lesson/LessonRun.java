package minilote.driver.lesson;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import minilote.datasets.ProgressListener;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Model;
import minilote.trainer.run.Placement;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import minilote.trainer.run.TrainingSettings;
import minilote.trainer.run.TrainingSetup;
import minilote.trainer.spark.Training;
import org.apache.hadoop.fs.Path;

/**
 * A run of a lesson: what {@code train} does, in a folder that is deleted with the lesson's data.
 *
 * @param setup its settings with their data
 * @param result how it ended
 * @param epochs where it stood at the end of each epoch
 * @param model what it has learned
 */
record LessonRun(TrainingSetup setup, TrainingResult result, List<Metrics> epochs, Model model) {
  /** The newest checkpoint alone is kept. */
  private static final TrainingOptions OPTIONS = new TrainingOptions(0, 0, 1, 0, Placement.AUTO);

  /**
   * Trains.
   *
   * @param options of {@code train}, see {@link RunSettings}
   * @param what it is for, for those who wait
   */
  static LessonRun of(Classroom room, Map<String, String> options, String what) throws IOException {
    TrainingSettings settings = RunSettings.of(options);
    TrainingSetup setup = TrainingSetup.of(settings, room.hadoop());
    Path folder = new Path(new Path(room.data().temporary().toUri()), "run");
    Training training =
        Training.start(
            room.onSpark(),
            settings,
            OPTIONS,
            folder,
            new Telling(room.progress(), what, setup.course().stepsPerEpoch() * settings.epochs()));
    TrainingResult result = training.run().orElseThrow();
    return new LessonRun(
        setup,
        result,
        new RunFolder(folder, room.hadoop()).readMetrics(),
        Model.read(folder, room.hadoop()));
  }

  /** On the examples that it learned from. */
  double trainingAccuracy() {
    return accuracy(result.train());
  }

  /** On the test split; NaN where there is none. */
  double testAccuracy() {
    Figures test = result.test();
    return test == null ? Double.NaN : accuracy(test);
  }

  /** On the validation examples; NaN where there are none. */
  double validationAccuracy() {
    Figures validation = result.validation();
    return validation == null ? Double.NaN : accuracy(validation);
  }

  private static double accuracy(Figures figures) {
    Double accuracy = figures.accuracy();
    return accuracy == null ? Double.NaN : accuracy;
  }

  /** Says how many of the steps are done. */
  private record Telling(ProgressListener progress, String what, long steps)
      implements TrainingListener {
    @Override
    public void stepped(
        int epoch,
        long stepOfEpoch,
        long stepsOfEpoch,
        long examples,
        double loss,
        double accuracy) {
      progress.progress(what, (epoch - 1) * stepsOfEpoch + stepOfEpoch, steps);
    }
  }
}
