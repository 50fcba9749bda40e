package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import minilote.trainer.math.NativeEngine;

/** What native engines of this process hold off the heap. */
final class NativeMemory {
  private static final int SECONDS = 4 * KeptLearner.IDLE_SECONDS;

  private NativeMemory() {}

  /** What others have left, once that is nothing or time is up. */
  static long leftByOthers() {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (NativeEngine.bytesInUse() > 0 && System.nanoTime() < end) {
      System.gc(); // Engines that tests did not close.
      LockSupport.parkNanos(100_000_000);
    }
    return NativeEngine.bytesInUse();
  }

  /** Waits until it is no more than so many bytes; the garbage collector is not asked to help. */
  static void assertFreed(long most) {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    while (NativeEngine.bytesInUse() > most && System.nanoTime() < end) {
      LockSupport.parkNanos(50_000_000);
    }
    long held = NativeEngine.bytesInUse();
    assertTrue(held <= most, held + " bytes are held off the heap, not " + most);
  }
}
