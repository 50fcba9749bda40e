package minilote.benchmark;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a fixed number of threads, each with a core of its own, wait for each other. They spin:
 * parking a thread takes longer than many a step.
 */
final class SpinBarrier {
  /** About a tenth of a millisecond; then the core is given to whoever else wants it. */
  private static final int SPINS = 10_000;

  private final int threads;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int generation;

  SpinBarrier(int threads) {
    this.threads = threads;
  }

  @SuppressWarnings("ThreadPriorityCheck") // Only so that a machine with other work is not blocked.
  void await() {
    int mine = generation;
    if (arrived.incrementAndGet() == threads) {
      arrived.set(0);
      generation = mine + 1;
      return;
    }
    int spins = 0;
    while (generation == mine) {
      if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }
}
