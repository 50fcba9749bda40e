package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minilote.datasets.Json;

/**
 * Two single-core workers, each a process of its own, against one; beside it two independent plain
 * loops of one thread at once against one alone, which is what the machine can give to two
 * processes that do not talk at all.
 */
final class Workers {
  private static final int WORKERS = 2;

  /** Of loops, which have little to compile. */
  private static final double LOOP_WARM_UP_SECONDS = 6;

  private final Contenders contenders;
  private final int rounds;
  private final List<ObjectNode> results = new ArrayList<>();

  Workers(Contenders contenders, int rounds) {
    this.contenders = contenders;
    this.rounds = rounds;
  }

  /**
   * Measures each work, round by round.
   *
   * @param works with two lanes each, however many workers there are
   */
  void measure(List<Work> works) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Work work : works) {
      rows.add(new Row(work.network(), work.batch(), 0));
    }
    try (LocalCluster cluster = contenders.cluster(WORKERS)) {
      Contender one = contenders.minilote("one-worker", cluster.options(1), true, List.of());
      Contender two = contenders.minilote("two-workers", cluster.options(WORKERS), true, List.of());
      for (Work work : works) {
        // Tells them how fast they are, and so how many epochs to take.
        one.run(work.during(0, 0));
        two.run(work.during(0, 0));
      }
      for (int round = 1; round <= rounds; round++) {
        for (int i = 0; i < works.size(); i++) {
          Work alone =
              works.get(i).withThreads(1).during(LOOP_WARM_UP_SECONDS, works.get(i).seconds());
          Row row = rows.get(i);
          row.measured("one loop", contenders.plain("loop-1").run(alone));
          row.measured("two loops", Outcome.ofRate(together(alone)));
          row.measured(one.name(), one.run(works.get(i)));
          row.measured(two.name(), two.run(works.get(i)));
          JavaProcess.log(describe(row));
        }
      }
    }
    rows.forEach(row -> results.add(result(row)));
  }

  /** Examples a second of two loops that run at the same time, added. */
  private double together(Work alone) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Future<Outcome>> loops = new ArrayList<>();
      for (int loop = 1; loop <= WORKERS; loop++) {
        JavaProcess.Of plain = contenders.plain("loop-" + loop);
        loops.add(threads.submit(() -> plain.run(alone)));
      }
      double sum = 0;
      for (Future<Outcome> loop : loops) {
        sum += loop.get().rate();
      }
      return sum;
    } catch (ExecutionException e) {
      throw new IOException("two loops at once: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static String describe(Row row) {
    return String.format(
        Locale.ROOT,
        "%s at %4d  two workers %.2f times one (%,.0f and %,.0f examples/s); two loops at once %.2f times one",
        row.network(),
        row.batch(),
        row.ratio("two-workers", "one-worker"),
        row.rate("two-workers"),
        row.rate("one-worker"),
        row.ratio("two loops", "one loop"));
  }

  private static ObjectNode result(Row row) {
    ObjectNode json = Json.object();
    json.put("network", row.network().name());
    json.put("batch", row.batch());
    json.put("one_worker", row.rate("one-worker"));
    json.put("two_workers", row.rate("two-workers"));
    json.put("workers_ratio", row.ratio("two-workers", "one-worker"));
    json.put("one_loop", row.rate("one loop"));
    json.put("two_loops", row.rate("two loops"));
    json.put("loops_ratio", row.ratio("two loops", "one loop"));
    json.set("rounds", row.toJson().path("contenders"));
    return json;
  }

  /** What was measured, an object a work. */
  List<ObjectNode> results() {
    return results;
  }
}
