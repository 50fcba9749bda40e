package minilote.driver.study;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import minilote.trainer.run.RunHeld;
import minilote.trainer.run.TrainingDiverged;
import minilote.trainer.run.TrainingOptions;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.spark.Training;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Trains what is left of a study's runs, several at once where the cluster has slots to spare. A
 * small run on one slot has nobody to wait for, so that many side by side are finished sooner than
 * one after the other on all slots; and as a run's bits do not depend on its slots, with the same
 * results.
 */
public final class StudyRunner {
  /** More drivers' threads than this hold each other up. */
  private static final int MOST_AT_ONCE = 16;

  /** Between two looks whether another process still trains a run. */
  private static final int LOOK_AGAIN_MILLIS = 1000;

  private final JavaSparkContext spark;
  private final RunStore store;
  private final TrainingOptions options;
  private final int atOnce;
  private final StudyListener listener;
  private final Set<Training> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean stopRequested;

  /**
   * @param options of every run; where they have no partitions, each gets its share of the slots
   * @param atOnce how many are trained at once, or 0 for as many as there are slots
   */
  public StudyRunner(
      JavaSparkContext spark,
      RunStore store,
      TrainingOptions options,
      int atOnce,
      StudyListener listener) {
    this.spark = spark;
    this.store = store;
    this.options = options;
    this.atOnce = atOnce;
    this.listener = listener;
  }

  /** Asks all trainings to leave a checkpoint and end; from any thread. */
  public void requestStop() {
    stopRequested = true;
    underWay.forEach(Training::requestStop);
  }

  /**
   * Trains the runs that have not ended.
   *
   * @param what they are for, for the listener
   * @return how each has ended, by key; those that were stopped are missing
   */
  public Map<String, Outcome> run(String what, List<StudyRun> runs) throws IOException {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    Map<String, StudyRun> left = new LinkedHashMap<>();
    for (StudyRun run : runs) {
      Outcome outcome = store.outcome(run);
      if (outcome == null) {
        left.put(run.key(), run);
      } else {
        outcomes.put(run.key(), outcome);
      }
    }
    if (!left.isEmpty() && !stopRequested) {
      outcomes.putAll(train(what, List.copyOf(left.values()), outcomes.size()));
    }
    return outcomes;
  }

  private Map<String, Outcome> train(String what, List<StudyRun> runs, int finished)
      throws IOException {
    int slots = Training.slots(spark);
    int threads = Math.min(runs.size(), atOnce > 0 ? atOnce : Math.min(slots, MOST_AT_ONCE));
    int share = Math.max(1, slots / threads);
    listener.begun(what, runs, finished, threads, share);
    TrainingOptions shared = options.partitions() > 0 ? options : options.withPartitions(share);
    Queue<StudyRun> queue = new ArrayDeque<>(runs);
    Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads, StudyRunner::thread);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            executor.submit(
                () -> {
                  trainFrom(queue, shared, outcomes);
                  return null;
                }));
      }
      await(futures);
    } finally {
      executor.shutdown();
    }
    return outcomes;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "study");
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for all; the first failure stops the others, and is what is thrown. */
  private void await(List<Future<?>> futures) throws IOException {
    Throwable failure = null;
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        if (failure == null) {
          failure = e.getCause();
        } else {
          failure.addSuppressed(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        requestStop();
        throw new IllegalStateException("the study was interrupted", e);
      }
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private void trainFrom(
      Queue<StudyRun> queue, TrainingOptions shared, Map<String, Outcome> outcomes)
      throws IOException {
    try {
      while (!stopRequested) {
        StudyRun run = next(queue);
        if (run == null) {
          return;
        }
        try {
          train(run, shared);
        } catch (RunHeld e) {
          // Another study that shares it: when that has ended, so has the run, or goes on here.
          later(queue, run);
          continue;
        }
        Outcome outcome = store.outcome(run);
        if (outcome != null) {
          outcomes.put(run.key(), outcome);
          listener.ended(run, outcome);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      requestStop(); // What fails one run, such as a cluster that is gone, fails the others.
      throw e;
    }
  }

  private static void later(Queue<StudyRun> queue, StudyRun run) {
    synchronized (queue) {
      queue.add(run);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the study was interrupted", e);
    }
  }

  private static @Nullable StudyRun next(Queue<StudyRun> queue) {
    synchronized (queue) {
      return queue.poll();
    }
  }

  private void train(StudyRun run, TrainingOptions shared) throws IOException {
    if (store.outcome(run) != null) {
      return; // Another study has trained it meanwhile.
    }
    Training training = store.training(run, spark, shared, listener.run(run, store));
    underWay.add(training);
    try {
      if (stopRequested) {
        training.requestStop(); // It may have come before this one was in the set.
      }
      Optional<TrainingResult> unused = training.run(); // Read again from its folder.
    } catch (TrainingDiverged e) {
      store.diverged(run, e);
    } finally {
      underWay.remove(training);
    }
  }
}
