package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.trainer.run.TrainingListener;

/** Told how a study goes on; from the threads that train, several at once. */
public interface StudyListener {
  /**
   * Before the first run of several.
   *
   * @param what they are for
   * @param runs those that are left
   * @param finished how many are not
   * @param atOnce how many are trained at once
   * @param slots of the cluster, for each of them
   */
  void begun(String what, List<StudyRun> runs, int finished, int atOnce, int slots);

  /** The listener of a run that begins, or goes on. */
  TrainingListener run(StudyRun run, RunStore store);

  /** Something is measured of the runs that have ended: {@code done} of them are done. */
  void measuring(String what, int done, int of);

  /** A run has ended. */
  void ended(StudyRun run, Outcome outcome);

  /**
   * The study's file has been written.
   *
   * @param study its content
   */
  void written(ObjectNode study);
}
