package minilote.trainer.spark;

import minilote.trainer.run.GradientNoise;

/**
 * In which steps the squares of gradients are added up for {@link GradientNoise}, and how long they
 * count. All of it follows from the batch and its lanes, so that it is the same wherever and
 * however often a step is computed.
 *
 * <p>Adding up a lane's squares costs as much as learning from a few examples, whatever the network
 * is. It is therefore done in every {@code k}-th step of an epoch, from the first one on, where a
 * lane learns from about {@value #LANE_EXAMPLES} examples meanwhile. A last, smaller batch is left
 * out: what it says is noisier than what the others do, and would count as much.
 */
final class NoiseSampling {
  /** Examples that a lane learns from between two steps that are measured; keeps the cost small. */
  static final int LANE_EXAMPLES = 1536;

  /**
   * After so many examples a step weighs 1/e as much: about an epoch of the usual data sets, so
   * that an epoch's line tells of that epoch. While |G|² falls quickly, at first, a longer memory
   * would still be full of what it was. In examples and not in steps, so that runs with other
   * batches look back equally far.
   */
  private static final double MEMORY_EXAMPLES = 50_000;

  /** But so many steps count in any case. */
  private static final double LEAST_MEMORY = 5;

  private final int batch;
  private final int lanes;
  private final int every;
  private final double inverse; // the average of 1/b_l
  private final double decay;

  NoiseSampling(Lanes lanes, int batch) {
    this.batch = batch;
    this.lanes = lanes.count();
    this.every = (int) Math.max(1, (long) LANE_EXAMPLES * lanes.count() / batch);
    double sum = 0;
    for (int lane = 0; lane < lanes.count(); lane++) {
      sum += 1.0 / lanes.size(lane, batch); // A full batch has examples for each.
    }
    this.inverse = sum / lanes.count();
    double memory = Math.max(LEAST_MEMORY, MEMORY_EXAMPLES / ((double) every * batch));
    this.decay = 1 - 1 / memory;
  }

  /** Every how many steps. */
  int every() {
    return every;
  }

  /**
   * Whether a step is measured.
   *
   * @param step the step within its epoch, from 0
   * @param size the examples of its batch
   */
  boolean takes(long step, int size) {
    return size == batch && step % every == 0;
  }

  /**
   * With another step.
   *
   * @param laneSquares the sum over lanes of {@code ‖g_l‖²}
   * @param squares {@code ‖g_B‖²}
   */
  GradientNoise add(GradientNoise noise, double laneSquares, double squares) {
    return lanes == 1
        ? noise.and(squares, decay)
        : noise.and(laneSquares / lanes, inverse, squares, batch, decay);
  }
}
