package minilote.trainer.spark;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the threads of one JVM that work on the same steps meet, again and again. What each did
 * before is seen by all after.
 */
final class Rendezvous {
  private final Waiters waiters;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int meetings;
  private final Waiters.Condition[] met;

  /** Of all those who wait there. */
  Rendezvous(Waiters waiters) {
    this.waiters = waiters;
    this.met = new Waiters.Condition[] {() -> (meetings & 1) == 1, () -> (meetings & 1) == 0};
  }

  /**
   * Waits until all are here.
   *
   * @param party the caller's number, from 0
   * @param last what the last one to come does before all go on
   */
  void meet(int party, Runnable last, Patience patience) {
    waiters.requireNoFailure();
    int meeting = meetings; // Nobody can go on to the next but one before all have left this one.
    if (arrived.incrementAndGet() == waiters.parties()) {
      last.run();
      arrived.set(0);
      meetings = meeting + 1;
      waiters.wake();
    } else {
      waiters.await(party, met[meeting & 1], patience, "the other tasks of this executor");
    }
  }
}
