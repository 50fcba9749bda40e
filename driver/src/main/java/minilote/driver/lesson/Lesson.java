package minilote.driver.lesson;

import java.io.IOException;
import java.util.Set;

/** A system that is to be run and seen: what it computes. What it says of that is its text. */
public interface Lesson {
  /** What it is called by, and its texts begin with. */
  String name();

  /** Which of the options that only some lessons have it takes. */
  default Set<LessonOption> options() {
    return Set.of();
  }

  /** Whether it computes on Spark. */
  default boolean onSpark() {
    return false;
  }

  /**
   * Computes.
   *
   * @param room what it is given
   * @param text its own, whose words name what it finds
   * @throws minilote.datasets.UserError where what the user gave is not right
   */
  Findings work(Classroom room, LessonText text) throws IOException;
}
