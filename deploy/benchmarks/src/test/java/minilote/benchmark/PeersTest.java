package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The peers, in this process, on generated examples. */
class PeersTest {
  private static final int STEPS = 6; // two epochs, each with a smaller last batch

  @TempDir static Path folder;
  private static BenchmarkData data;

  @BeforeAll
  static void generate() {
    data = new BenchmarkData(folder, null);
  }

  private static Work work(BenchmarkNetwork network, long seed) throws Exception {
    return new Work(network, data.prepared(network.dataset(), 80), 32, seed, 2, STEPS, 0, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"M1", "M3", "C1"})
  void libtorch_sameWork_hasThePlainLoopsLosses(BenchmarkNetwork network) throws Exception {
    Outcome plain = PlainLoop.run(work(network, 0));
    Outcome libtorch = Libtorch.run(work(network, 0));

    assertEquals(STEPS, plain.losses().length);
    double[] losses = plain.losses();
    double first = 32 * losses[0] + 32 * losses[1] + 16 * losses[2];
    double second = 32 * losses[3] + 32 * losses[4] + 16 * losses[5]; // of the same 80 examples
    assertTrue(second < first, "it learns: " + second + " after " + first);
    assertEquals(0, LossMatch.largestDifference(libtorch.losses(), plain.losses()), 1e-4);
  }

  @Test
  void libtorch_otherSeed_isFoundOut() throws Exception {
    Outcome plain = PlainLoop.run(work(BenchmarkNetwork.M3, 0));
    Outcome libtorch = Libtorch.run(work(BenchmarkNetwork.M3, 1));

    assertTrue(
        LossMatch.largestDifference(libtorch.losses(), plain.losses()) > LossMatch.TOLERANCE);
  }
}
