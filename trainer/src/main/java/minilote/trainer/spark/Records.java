package minilote.trainer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

/**
 * What a training leaves in its folder on its way: lines of metrics, checkpoints, the end.
 *
 * <p>Checkpoints are written one after the other, each while training goes on, so that neither the
 * disk's time nor that of a distant file system is added to the epochs'.
 */
final class Records implements AutoCloseable {
  /** A checkpoint that is complete. */
  private record Written(Path path, Position position) {}

  private final RunFolder folder;
  private final Lease lease;
  private final TrainingSetup setup;
  private final String settingsSha256; // over a model's weights too, so not at every checkpoint
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Progress progress;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(Records::daemon);
  private @Nullable Future<Written> writing;
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

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "checkpoints");
    thread.setDaemon(true); // Else a driver that is told to end would wait for a dead file system.
    return thread;
  }

  /** Where the newest checkpoint that is complete was written. */
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
            progress.noise().noiseScale(),
            progress.noise().gradientNorm(),
            progress.examplesPerSecond(),
            progress.seconds());
    progress.metrics().add(line);
    listener.measured(line);
  }

  /**
   * Begins to write all that is needed to go on from here; what the state is later does not matter.
   *
   * @throws IOException where the one before could not be written
   * @throws TrainingFailed where the weights were no numbers then
   */
  void checkpoint(TrainingState state) throws IOException {
    settle();
    if (lease.isLost()) {
      throw new TrainingFailed(
          "another process has taken over the run in %s: this one ends, and leaves it alone"
              .formatted(folder.path()));
    }
    TrainingState copy = state.copy();
    Checkpoint checkpoint =
        new Checkpoint(progress.position(state), copy.parameters(), copy.optimizer().state());
    List<Metrics> lines = List.copyOf(progress.metrics());
    long bestStep = progress.bestStep();
    writing =
        writer.submit(
            () -> {
              copy.requireFinite(); // Nothing can be continued from numbers that are none.
              return write(checkpoint, lines, bestStep);
            });
  }

  private Written write(Checkpoint checkpoint, List<Metrics> lines, long bestStep)
      throws IOException {
    // The lines first: those after a checkpoint are cut off when it is continued from, missing ones
    // could not be found again.
    folder.writeMetrics(lines);
    Path path = folder.writeCheckpoint(checkpoint, setup.network(), settingsSha256);
    folder.prune(options.keep(), bestStep);
    return new Written(path, checkpoint.position());
  }

  /**
   * Tells the listener of a checkpoint, if one has become complete.
   *
   * @throws UncheckedIOException where it could not be written
   */
  void look() {
    if (writing != null && writing.isDone()) {
      try {
        settle();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Waits until the checkpoint that is being written, if there is one, is complete.
   *
   * @throws IOException where it could not be written
   * @throws TrainingFailed where its weights are no numbers
   */
  void settle() throws IOException {
    Future<Written> last = writing;
    if (last == null) {
      return;
    }
    Written written;
    try {
      written = last.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a checkpoint is written", e);
    } catch (ExecutionException e) {
      writing = null;
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      if (e.getCause() instanceof TrainingFailed failed) {
        throw failed;
      }
      throw new IllegalStateException("a checkpoint could not be written", e.getCause());
    }
    writing = null;
    saved = written.position();
    listener.checkpointed(written.path());
  }

  /** Waits for what is being written; whoever needs to know how it ends calls {@link #settle}. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      while (!writer.awaitTermination(1, TimeUnit.MINUTES)) {
        // A file is whole or not at all, and this one will be.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The checkpoint of the epoch with the lowest validation loss. */
  Checkpoint best() throws IOException {
    settle();
    return folder.checkpoint(progress.bestStep(), setup.network(), settingsSha256);
  }

  /** The model, and the result. */
  void finish(TrainingState state, TrainingResult result) throws IOException {
    settle();
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
