package minilote.driver;

import java.util.List;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.TrainingListener;
import minilote.trainer.run.TrainingProfile;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, and remembers the last checkpoint. */
final class Listeners implements TrainingListener {
  private final List<TrainingListener> listeners;
  private @Nullable Path lastCheckpoint;

  Listeners(List<TrainingListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void started(RunDescription description, List<String> warnings) {
    listeners.forEach(listener -> listener.started(description, warnings));
  }

  @Override
  public void stepped(
      int epoch, long stepOfEpoch, long stepsOfEpoch, long examples, double loss, double accuracy) {
    for (TrainingListener listener : listeners) {
      listener.stepped(epoch, stepOfEpoch, stepsOfEpoch, examples, loss, accuracy);
    }
  }

  @Override
  public void measured(Metrics metrics) {
    listeners.forEach(listener -> listener.measured(metrics));
  }

  @Override
  public void doing(String what) {
    listeners.forEach(listener -> listener.doing(what));
  }

  @Override
  public void profiled(TrainingProfile profile) {
    listeners.forEach(listener -> listener.profiled(profile));
  }

  @Override
  public void checkpointed(Path checkpoint) {
    lastCheckpoint = checkpoint;
    listeners.forEach(listener -> listener.checkpointed(checkpoint));
  }

  @Nullable Path lastCheckpoint() {
    return lastCheckpoint;
  }
}
