package minilote.trainer.run;

import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Told of a training's progress, always by the thread that trains; what it does holds the training
 * up.
 */
public interface TrainingListener {
  /**
   * Before the first step.
   *
   * @param description what the first lines of a run say
   * @param warnings what the user should know and may want to change, a sentence each
   */
  default void started(RunDescription description, List<String> warnings) {}

  /**
   * After each step: {@code loss} and {@code accuracy} (NaN for numbers) are the epoch's means so
   * far.
   */
  default void stepped(
      int epoch,
      long stepOfEpoch,
      long stepsOfEpoch,
      long examples,
      double loss,
      double accuracy) {}

  /** At the end of each epoch, and within it where asked for. */
  default void measured(Metrics metrics) {}

  /** Something that takes a while begins: "evaluating on 10,000 test examples". */
  default void doing(String what) {}

  /** After the last step, where a profile was asked for. */
  default void profiled(TrainingProfile profile) {}

  /** A checkpoint is complete. */
  default void checkpointed(Path checkpoint) {}
}
