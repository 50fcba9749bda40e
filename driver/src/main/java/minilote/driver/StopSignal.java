package minilote.driver;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Turns Ctrl-C and SIGTERM into a training that ends after its step and leaves a checkpoint.
 *
 * <p>Spark ends its context in a hook of Hadoop's hook manager; this one stands before it there and
 * holds the JVM's end up until the training has come to its own, so that Spark is still at work for
 * the last step.
 */
final class StopSignal {
  // Spark's hooks run at up to 30 above the file systems'.
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 100;
  private static final long MINUTES_TO_WAIT = 10;

  private final Runnable requestStop;
  private final Consumer<String> say;
  private final CountDownLatch finished = new CountDownLatch(1);

  private StopSignal(Runnable requestStop, Consumer<String> say) {
    this.requestStop = requestStop;
    this.say = say;
  }

  /** What is to come to its own end when the process is told to end. */
  interface Work {
    /** Works, and says all that there is to say of it; gives the exit code. */
    int run() throws IOException;
  }

  /**
   * Works, and meanwhile waits for a signal.
   *
   * @param requestStop asks the work to end soon
   * @param say tells the user that it has been asked
   */
  static int during(Runnable requestStop, Consumer<String> say, Work work) throws IOException {
    StopSignal signal = new StopSignal(requestStop, say);
    Runnable hook = signal::stop;
    ShutdownHookManager hooks = ShutdownHookManager.get();
    hooks.addShutdownHook(hook, PRIORITY, MINUTES_TO_WAIT, TimeUnit.MINUTES);
    try {
      return work.run();
    } finally {
      signal.finished.countDown();
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(hook);
      }
    }
  }

  private void stop() {
    if (finished.getCount() == 0) {
      return;
    }
    say.accept("\nStopping: the step that is under way ends, then a checkpoint is written.");
    requestStop.run();
    try {
      finished.await(MINUTES_TO_WAIT, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
