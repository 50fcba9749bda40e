package minilote.trainer.run;

import minilote.datasets.UserError;

/**
 * What a user decides about a training that does not decide its result: how the cluster is used and
 * what is kept.
 *
 * @param partitions how many partitions the cluster works with, or 0 for as many as it has slots
 * @param checkpointSteps steps after which a checkpoint is written besides those at each epoch's
 *     end, or 0
 * @param keep how many of the newest checkpoints stay; the best one stays besides
 * @param metricsSteps steps after which a line is added to {@code metrics.jsonl} besides those at
 *     each epoch's end, or 0
 * @param synchronization how the lanes' sums are added
 * @param placement where the examples are held
 * @param profile whether to measure where the time of a step goes
 */
public record TrainingOptions(
    int partitions,
    int checkpointSteps,
    int keep,
    int metricsSteps,
    Synchronization synchronization,
    Placement placement,
    boolean profile) {
  /** As many partitions as slots, a checkpoint an epoch, the newest three kept. */
  public static final TrainingOptions DEFAULT = new TrainingOptions(0, 0, 3, 0, Placement.AUTO);

  /** With the usual synchronization. */
  public TrainingOptions(
      int partitions, int checkpointSteps, int keep, int metricsSteps, Placement placement) {
    this(
        partitions, checkpointSteps, keep, metricsSteps, Synchronization.DEFAULT, placement, false);
  }

  public TrainingOptions {
    check(partitions >= 0, "--partitions", partitions);
    check(checkpointSteps >= 0, "--checkpoint-every", checkpointSteps);
    check(keep >= 1, "--keep", keep);
    check(metricsSteps >= 0, "--metrics-every", metricsSteps);
  }

  /** The same with so many partitions. */
  public TrainingOptions withPartitions(int partitions) {
    return new TrainingOptions(
        partitions, checkpointSteps, keep, metricsSteps, synchronization, placement, profile);
  }

  private static void check(boolean holds, String option, int value) {
    if (!holds) {
      throw new UserError(
          "%s %d: it must be %s"
              .formatted(option, value, option.equals("--keep") ? "at least 1" : "0 or more"));
    }
  }
}
