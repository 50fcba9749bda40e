package minilote.trainer.spark;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of one JVM that work on the same steps wait for each other, again and again.
 * What each did before is seen by all after. Waiting begins with spinning, since the others are
 * usually microseconds away, and goes on parked. It ends with an exception when one of them has
 * failed, when {@link Patience} ends, or when the task is killed.
 */
final class Rendezvous {
  /** Longer than the threads of one step lie apart, shorter than what a sleep would cost. */
  private static final long SPIN_NANOS = 50_000;

  private static final long PARK_NANOS = 10_000_000;

  private final int parties;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicReferenceArray<@Nullable Thread> waiting;
  private volatile int meetings;
  private volatile @Nullable Throwable failure;

  Rendezvous(int parties) {
    this.parties = parties;
    this.waiting = new AtomicReferenceArray<>(parties);
  }

  /**
   * Waits until all are here.
   *
   * @param party the caller's number, from 0
   * @param last what the last one to come does before all go on
   */
  void meet(int party, Runnable last, Patience patience) {
    requireNoFailure();
    int meeting = meetings;
    if (arrived.incrementAndGet() == parties) {
      last.run();
      arrived.set(0);
      meetings = meeting + 1;
      wakeAll();
      return;
    }
    long began = System.nanoTime();
    while (meetings == meeting) {
      long waited = System.nanoTime() - began;
      if (waited < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        waiting.set(party, Thread.currentThread());
        if (meetings == meeting && failure == null) {
          LockSupport.parkNanos(this, PARK_NANOS);
        }
        waiting.set(party, null);
        patience.check(waited, "the other tasks of this executor");
      }
      requireNoFailure();
    }
  }

  /** Lets all who wait, or will, fail for this reason; the first one counts. */
  synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
    wakeAll();
  }

  private void wakeAll() {
    for (int party = 0; party < parties; party++) {
      LockSupport.unpark(waiting.get(party));
    }
  }

  void requireNoFailure() {
    Throwable reason = failure;
    if (reason != null) {
      throw new IllegalStateException("another task of this step failed: " + reason, reason);
    }
  }
}
