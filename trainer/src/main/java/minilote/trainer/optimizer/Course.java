package minilote.trainer.optimizer;

/**
 * The course of a run, in which a schedule's spans have their places.
 *
 * @param examplesPerEpoch examples that every epoch trains on: without those of a last batch that
 *     is dropped; at least 1
 * @param batch examples of every batch but an epoch's last; at least 1
 * @param epochs epochs of the whole run; at least 0
 */
public record Course(long examplesPerEpoch, int batch, int epochs) {

  /** Checks the three. */
  public Course {
    if (examplesPerEpoch < 1 || batch < 1 || epochs < 0) {
      throw new IllegalArgumentException(
          "a course has at least 1 example an epoch, batches of at least 1 and at least 0 epochs,"
              + " not "
              + (examplesPerEpoch + ", " + batch + " and " + epochs));
    }
  }

  /**
   * The course over a data set.
   *
   * @param examples training examples
   * @param dropLast whether a last batch of fewer than {@code batch} examples is left out
   */
  public static Course over(long examples, int batch, boolean dropLast, int epochs) {
    return new Course(dropLast ? examples - examples % batch : examples, batch, epochs);
  }

  /** Examples of the whole run. */
  long examples() {
    return Math.multiplyExact(examplesPerEpoch, epochs);
  }

  /** Batches of an epoch, the last one perhaps smaller. */
  public long stepsPerEpoch() {
    return (examplesPerEpoch + batch - 1) / batch;
  }

  /** The size of an epoch's batch {@code step}, from 0. */
  public int batchSize(long step) {
    return (int) Math.min(batch, examplesPerEpoch - step * batch);
  }

  /** The size of the batch that follows after so many examples. */
  long nextBatch(long examples) {
    return Math.min(batch, examplesPerEpoch - examples % examplesPerEpoch);
  }
}
