package minilote.driver;

import org.jline.utils.Signals;

/**
 * What Ctrl-C and SIGTERM do to the program. The first one ends it in order: the JVM's hooks run,
 * Spark's among them, for {@value #HOOKS_MILLIS} ms at most, as Spark waits for a cluster that is
 * gone, or for as long as it takes while there is something to save ({@link #patient}). The second
 * one ends it at once.
 */
final class Interruption {
  private static final int HOOKS_MILLIS = 3000;

  /** A process that a signal ended has this and the signal's number as its status. */
  private static final int SIGNALLED = 128;

  private static volatile boolean patient;
  private static volatile boolean ending;

  private Interruption() {}

  /** Takes the two signals over from the JVM, for the rest of its life. */
  static void install() {
    Signals.register("INT", () -> received(SIGNALLED + 2));
    Signals.register("TERM", () -> received(SIGNALLED + 15));
  }

  /** Whether the JVM's hooks, once a signal has come, may take as long as they need. */
  static void setPatient(boolean patient) {
    Interruption.patient = patient;
  }

  /** Whether the program ends because it was told to while there was nothing to save. */
  static boolean isEnding() {
    return ending && !patient;
  }

  /** Runs in a thread of its own for each signal. */
  private static void received(int status) {
    if (ending) {
      Runtime.getRuntime().halt(status);
    }
    ending = true;
    if (!patient) {
      Thread limit = new Thread(() -> haltLater(status), "end");
      limit.setDaemon(true);
      limit.start();
    }
    System.exit(status);
  }

  private static void haltLater(int status) {
    try {
      Thread.sleep(HOOKS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(status);
  }
}
