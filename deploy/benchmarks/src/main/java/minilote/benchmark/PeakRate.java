package minilote.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minilote.datasets.Json;
import minilote.trainer.math.NativeBlas;

/** How many products a second the machine can do at most: large square sgemm, in OpenBLAS. */
final class PeakRate {
  private static final int SIZE = 2048;
  private static final int REPETITIONS = 8;

  private PeakRate() {}

  /** GFLOP/s of {@code threads} such products at once; the best of some. */
  private static double measure(int threads) throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    SpinBarrier barrier = new SpinBarrier(threads);
    List<Future<Double>> futures = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      futures.add(pool.submit(() -> best(barrier, threads)));
    }
    double slowest = Double.POSITIVE_INFINITY;
    for (Future<Double> future : futures) {
      slowest = Math.min(slowest, future.get());
    }
    pool.shutdown();
    return slowest;
  }

  private static double best(SpinBarrier barrier, int threads) {
    BLAS blas = NativeBlas.blas();
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    float[] c = new float[SIZE * SIZE];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.25f);
    double best = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      barrier.await();
      long began = System.nanoTime();
      blas.sgemm("N", "N", SIZE, SIZE, SIZE, 1, a, 0, SIZE, b, 0, SIZE, 0, c, 0, SIZE);
      barrier.await(); // All of them: a product that ran alone does not count.
      double seconds = (System.nanoTime() - began) * 1e-9;
      best = Math.max(best, threads * 2.0 * SIZE * SIZE * SIZE / seconds * 1e-9);
    }
    return best;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    int threads = Integer.parseInt(args[0]);
    ObjectNode json = Json.object();
    json.put("blas", NativeBlas.report().describe());
    json.put("one_thread_gflops", measure(1));
    json.put("all_threads_gflops", measure(threads));
    System.out.println(json);
  }
}
