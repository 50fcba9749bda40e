package minilote.trainer.spark;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one JVM that work on the same steps, where they wait for something that another
 * thread will do. Waiting begins with spinning, since it is mostly microseconds away, and goes on
 * parked; whoever makes a condition hold wakes all. It ends with an exception when one of them has
 * failed, or when {@link Patience} ends. Nothing is allocated in waiting.
 */
final class Waiters {
  /** Longer than the threads of one step lie apart, shorter than what a sleep would cost. */
  private static final long SPIN_NANOS = 50_000;

  /** Should a wake-up be lost, and for {@link Patience} to be asked. */
  private static final long PARK_NANOS = 10_000_000;

  private final int parties;
  private final AtomicReferenceArray<@Nullable Thread> waiting;
  private volatile @Nullable Throwable failure;

  /** What is waited for; reads volatile state. */
  @FunctionalInterface
  interface Condition {
    boolean holds();
  }

  Waiters(int parties) {
    this.parties = parties;
    this.waiting = new AtomicReferenceArray<>(parties);
  }

  int parties() {
    return parties;
  }

  /**
   * Waits until a condition holds.
   *
   * @param party the caller's number, from 0
   * @param forWhom whom the condition depends on
   */
  void await(int party, Condition condition, Patience patience, String forWhom) {
    long began = System.nanoTime();
    while (!condition.holds()) {
      requireNoFailure();
      long waited = System.nanoTime() - began;
      if (waited < SPIN_NANOS) {
        Thread.onSpinWait();
        continue;
      }
      waiting.set(party, Thread.currentThread());
      if (!condition.holds() && failure == null) {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
      waiting.set(party, null);
      patience.check(waited, forWhom);
    }
  }

  /** After something that others may wait for. */
  void wake() {
    for (int party = 0; party < parties; party++) {
      LockSupport.unpark(waiting.get(party));
    }
  }

  /** Lets all who wait, or will, fail for this reason; the first one counts. */
  synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
    wake();
  }

  void requireNoFailure() {
    Throwable reason = failure;
    if (reason != null) {
      throw new IllegalStateException("another task of this step failed: " + reason, reason);
    }
  }
}
