package minilote.driver.lesson;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import minilote.datasets.ProgressListener;
import minilote.driver.study.Arm;
import minilote.driver.study.Measure;
import minilote.driver.study.Measuring;
import minilote.driver.study.Outcome;
import minilote.driver.study.RunStore;
import minilote.driver.study.Study;
import minilote.driver.study.StudyListener;
import minilote.driver.study.StudyPlan;
import minilote.driver.study.StudyRun;
import minilote.trainer.run.Placement;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import org.apache.hadoop.fs.Path;

/** A study of a lesson: what {@code study} does, in a folder that is deleted with its data. */
final class LessonStudy {
  /** The newest checkpoint alone is kept. */
  private static final TrainingOptions OPTIONS = new TrainingOptions(0, 0, 1, 0, Placement.AUTO);

  private LessonStudy() {}

  /**
   * Trains and measures.
   *
   * @param measures what is measured of each run
   * @param examples on so many of the first training examples
   * @param training what is said while it trains
   * @param measuring and while it measures
   * @return what {@code study.json} holds
   */
  static ObjectNode of(
      Classroom room,
      Arm arm,
      Set<Measure> measures,
      long examples,
      String training,
      String measuring)
      throws IOException {
    Path folder = new Path(room.data().temporary().toUri());
    RunStore store = new RunStore(new Path(folder, "runs"), room.hadoop());
    Study study =
        new Study(
            folder,
            room.hadoop(),
            new StudyPlan(List.of(arm), RunSettings::of, room.hadoop()),
            store,
            null,
            null,
            new Measuring(measures, examples, store, room.hadoop()));
    if (!study.run(room.onSpark(), OPTIONS, 0, new Telling(room.progress(), training, measuring))) {
      throw new IllegalStateException("a study ended early, and nobody had asked for that");
    }
    return study.toJson();
  }

  /** Says how many runs are done. */
  private static final class Telling implements StudyListener {
    private final ProgressListener progress;
    private final String training;
    private final String measuring;
    private int done;
    private int all;

    Telling(ProgressListener progress, String training, String measuring) {
      this.progress = progress;
      this.training = training;
      this.measuring = measuring;
    }

    @Override
    public synchronized void begun(
        String what, List<StudyRun> left, int finished, int atOnce, int slots) {
      done = finished;
      all = finished + left.size();
      progress.progress(training, done, all);
    }

    @Override
    public TrainingListener run(StudyRun run, RunStore store) {
      return new TrainingListener() {};
    }

    @Override
    public synchronized void measuring(String what, int done, int of) {
      progress.progress(measuring, done, of);
    }

    @Override
    public synchronized void ended(StudyRun run, Outcome outcome) {
      progress.progress(training, ++done, all);
    }

    @Override
    public void written(ObjectNode study) {}
  }
}
