package minilote.driver;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import minilote.trainer.run.RunDescription;
import minilote.trainer.run.TrainingListener;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Turns Ctrl-C and SIGTERM into a training that ends after its step and leaves a checkpoint. Before
 * training has begun there is nothing to save, and the process ends without more ado.
 *
 * <p>Spark ends its context in a hook of Hadoop's hook manager; this one stands before it there and
 * holds the JVM's end up until the training has come to its own, so that Spark is still at work for
 * the last step.
 */
final class StopSignal implements TrainingListener {
  // Spark's hooks run at up to 30 above the file systems'.
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 100;
  private static final long MINUTES_TO_WAIT = 10;

  private final Consumer<String> say;
  private final String what;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean begun;

  /**
   * @param say tells the user that the training has been asked to end
   */
  StopSignal(Consumer<String> say) {
    this(say, "the step that is under way ends, then a checkpoint is written");
  }

  /**
   * @param what happens before the end, for the user
   */
  StopSignal(Consumer<String> say, String what) {
    this.say = say;
    this.what = what;
  }

  /** What is to come to its own end when the process is told to end. */
  interface Work {
    /** Works, and says all that there is to say of it; gives the exit code. */
    int run() throws IOException;
  }

  @Override
  public void started(RunDescription description, List<String> warnings) {
    begin();
  }

  /** From now on there is something to save. */
  void begin() {
    begun = true;
    Interruption.setPatient(true);
  }

  /**
   * Works, and meanwhile waits for a signal.
   *
   * @param requestStop asks the work to end soon
   */
  int during(Runnable requestStop, Work work) throws IOException {
    Runnable hook = () -> stop(requestStop);
    ShutdownHookManager hooks = ShutdownHookManager.get();
    hooks.addShutdownHook(hook, PRIORITY, MINUTES_TO_WAIT, TimeUnit.MINUTES);
    try {
      return work.run();
    } finally {
      finished.countDown();
      if (!hooks.isShutdownInProgress()) {
        Interruption.setPatient(false);
        hooks.removeShutdownHook(hook);
      }
    }
  }

  private void stop(Runnable requestStop) {
    if (!begun || finished.getCount() == 0) {
      return;
    }
    say.accept("\nStopping: %s; a second Ctrl-C ends at once.".formatted(what));
    requestStop.run();
    try {
      finished.await(MINUTES_TO_WAIT, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
