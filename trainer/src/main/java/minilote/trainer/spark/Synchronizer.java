package minilote.trainer.spark;

/**
 * A way to add the gradients of all lanes over the cluster and to update the weights, step after
 * step. All ways give the same bits.
 */
interface Synchronizer {
  /** The most steps of one {@link #advance}, whose losses may have to be remembered. */
  int MOST_STEPS = 1 << 16;

  /**
   * Takes the steps {@code from … to − 1} of an epoch, or fewer where {@code listener} says to
   * stop, and leaves {@code state} as it is after the last of them.
   *
   * @throws AttemptFailed where tasks were lost; {@code state} is then unchanged, and the steps
   *     that {@code listener} was told of count for nothing
   * @return the step after the last one taken
   */
  long advance(EpochData epoch, long from, long to, TrainingState state, StepListener listener);

  /** The training examples of an epoch of {@code shape}, as this way of doing it comes to them. */
  default EpochData epoch(Examples examples, EpochShape shape) {
    return EpochData.of(examples, shape);
  }

  /** Told of each step. */
  @FunctionalInterface
  interface StepListener {
    /**
     * After a step.
     *
     * @param step the step within the epoch, from 0
     * @param loss the sum of the losses of the batch's examples
     * @param correct how many were classified rightly
     * @param count how many there were
     * @return whether to go on
     */
    boolean stepped(long step, double loss, long correct, long count);

    /**
     * Before {@link #stepped}, of a step that {@link NoiseSampling} takes.
     *
     * @param laneSquares the sum over the batch's lanes of {@code ‖g_l‖²}, each of the lane's mean
     *     gradient
     * @param squares {@code ‖g_B‖²} of the batch's mean gradient
     */
    default void measured(double laneSquares, double squares) {}
  }
}
