package minilote.driver.study;

import minilote.trainer.optimizer.Course;

/** What runs of different batches have in common. */
public enum Equal {
  /** Passes over the data. */
  EPOCHS("as many epochs"),
  /** Updates, to within an epoch: runs consist of whole epochs, and no run takes fewer. */
  STEPS("as many updates"),
  /**
   * Examples learnt from, to within an epoch: differs from epochs where a last batch is dropped.
   */
  EXAMPLES("as many examples");

  private final String words;

  Equal(String words) {
    this.words = words;
  }

  /** "as many epochs". */
  public String words() {
    return words;
  }

  /**
   * Epochs of a run that is to be equal to another one.
   *
   * @param reference the other run's course
   * @param epochs of the other run
   * @param course that of an epoch of this run
   */
  int epochs(Course reference, int epochs, Course course) {
    return switch (this) {
      case EPOCHS -> epochs;
      case STEPS -> whole(epochs, reference.stepsPerEpoch(), course.stepsPerEpoch());
      case EXAMPLES -> whole(epochs, reference.examplesPerEpoch(), course.examplesPerEpoch());
    };
  }

  private static int whole(int epochs, long of, long in) {
    return Math.toIntExact((Math.multiplyExact((long) epochs, of) + in - 1) / in);
  }
}
