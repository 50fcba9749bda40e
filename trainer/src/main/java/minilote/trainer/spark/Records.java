package minilote.trainer.spark;

import java.io.IOException;
import minilote.trainer.run.Checkpoint;
import minilote.trainer.run.Checkpoint.Position;
import minilote.trainer.run.Lease;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.Model;
import minilote.trainer.run.RunFolder;
import minilote.trainer.run.TrainingFailed;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingSetup;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** What a training leaves in its folder on its way: lines of metrics, checkpoints, the end. */
final class Records {
  private final RunFolder folder;
  private final Lease lease;
  private final TrainingSetup setup;
  private final String settingsSha256; // over a model's weights too, so not at every checkpoint
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;
  private Position saved;

  /**
   * For a run that stands at its newest checkpoint.
   *
   * @param lease on the folder: nothing is written once it is lost
   */
  Records(
      RunFolder folder,
      Lease lease,
      TrainingSetup setup,
      TrainingOptions options,
      TrainingListener listener,
      Progress progress) {
    this.folder = folder;
    this.lease = lease;
    this.setup = setup;
    this.settingsSha256 = setup.sha256();
    this.options = options;
    this.listener = listener;
    this.progress = progress;
    this.saved = progress.consistent();
  }

  /** Where the newest checkpoint was written. */
  Position saved() {
    return saved;
  }

  /** The line of an epoch that has ended, with its validation; null without validation examples. */
  void measureEpoch(TrainingState state, @Nullable Evaluation validated) {
    measure(state, progress.epoch(), true, validated);
  }

  /** A line within an epoch. */
  void measure(TrainingState state) {
    measure(state, progress.epoch() + 1, false, null);
  }

  private void measure(
      TrainingState state, int epoch, boolean epochEnd, @Nullable Evaluation validated) {
    Metrics line =
        new Metrics(
            epoch,
            state.step(),
            state.examples(),
            epochEnd,
            progress.meanLoss(),
            setup.classified() ? (Double) progress.accuracy() : null,
            validated == null ? null : (Double) validated.loss(),
            validated == null || !setup.classified() ? null : (Double) validated.accuracy(),
            // The number as it was written, not as a float's binary digits continue.
            Double.parseDouble(Float.toString(state.lastLearningRate())),
            progress.examplesPerSecond(),
            progress.seconds());
    progress.metrics().add(line);
    listener.measured(line);
  }

  /** All that is needed to go on from here. */
  void checkpoint(TrainingState state) throws IOException {
    if (lease.isLost()) {
      throw new TrainingFailed(
          "another process has taken over the run in %s: this one ends, and leaves it alone"
              .formatted(folder.path()));
    }
    state.requireFinite(); // Nothing can be continued from numbers that are none.
    // The lines first: those after a checkpoint are cut off when it is continued from, missing ones
    // could not be found again.
    folder.writeMetrics(progress.metrics());
    Position position = progress.position(state);
    Checkpoint checkpoint = new Checkpoint(position, state.parameters(), state.optimizer().state());
    Path path = folder.writeCheckpoint(checkpoint, setup.network(), settingsSha256);
    saved = position;
    folder.prune(options.keep(), progress.bestStep());
    listener.checkpointed(path);
  }

  /** The checkpoint of the epoch with the lowest validation loss. */
  Checkpoint best() throws IOException {
    return folder.checkpoint(progress.bestStep(), setup.network(), settingsSha256);
  }

  /** The model, and the result. */
  void finish(TrainingState state, TrainingResult result) throws IOException {
    folder.writeModel(
        new Model(
            setup.network(),
            setup.loss(),
            setup.dataset().format(),
            setup.normalization(),
            setup.dataset().classNames(),
            state.parameters()));
    folder.writeMetrics(progress.metrics());
    folder.writeResult(result);
  }
}
