package minilote.trainer.run;

import minilote.trainer.run.Checkpoint.Position;
import org.apache.hadoop.fs.Path;

/**
 * A training that ended before its time, through no fault of its own (a cluster or a file system
 * went away), and that can go on from its newest checkpoint. The cause says what happened.
 */
public final class TrainingInterrupted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path folder;
  private final transient Position position;
  private final long stepsPerEpoch;

  /**
   * An interruption.
   *
   * @param folder the run's folder
   * @param position of the newest checkpoint; {@link Position#START} where there is none
   */
  public TrainingInterrupted(Path folder, Position position, long stepsPerEpoch, Exception cause) {
    super("training was interrupted; it can go on after step " + position.step(), cause);
    this.folder = folder;
    this.position = position;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  public Path folder() {
    return folder;
  }

  /** With what it goes on: "step 32 of epoch 3". */
  public String next() {
    if (position.finished()) {
      return "the evaluation at its end";
    }
    if (position.step() == 0) {
      return "its first step: there is no checkpoint yet";
    }
    if (position.stepOfEpoch() == stepsPerEpoch) {
      return "the end of epoch %d".formatted(position.epoch() + 1);
    }
    return position.stepOfEpoch() == 0
        ? "epoch %d".formatted(position.epoch() + 1)
        : "step %d of epoch %d".formatted(position.stepOfEpoch() + 1, position.epoch() + 1);
  }
}
