package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import minilote.trainer.run.Metrics;
import org.junit.jupiter.api.Test;

class MetricsLinesTest {
  private static Metrics line(
      int epoch, long examples, boolean end, double loss, double rate, double seconds) {
    return new Metrics(epoch, 0, examples, end, loss, null, null, null, 0.1, null, null, rate, seconds);
  }

  @Test
  void lossesOfSteps_twoEpochsWithASmallerLastBatch_areThoseOfTheBatches() {
    // Batches of 10, 10 and 5 examples with losses 4, 2, 3, then 1, 0.5, 0.25.
    List<Metrics> lines =
        List.of(
            line(1, 10, false, 4, 1, 1),
            line(1, 20, false, 3, 1, 2),
            line(1, 25, true, 75.0 / 25, 1, 3),
            line(2, 35, false, 1, 1, 4),
            line(2, 45, false, 0.75, 1, 5),
            line(2, 50, true, 16.25 / 25, 1, 6));

    assertArrayEquals(
        new double[] {4, 2, 3, 1, 0.5, 0.25}, MetricsLines.lossesOfSteps(lines, 10), 1e-12);
  }

  @Test
  void rate_afterTheWarmUp_takesWholeEpochsAlone() {
    List<Metrics> lines =
        List.of(
            line(1, 100, true, 1, 20, 5), // before the warm-up of 6 s is over
            line(2, 200, true, 1, 50, 7),
            line(3, 300, true, 1, 100, 8.5), // 1 s of steps, 0.5 s more
            line(4, 400, true, 1, 50, 11)); // 2 s of steps, 0.5 s more

    Outcome outcome = MetricsLines.rate(lines, 6);

    assertEquals(200 / 3.0, outcome.rate(), 1e-12);
    assertEquals(200 / 4.0, outcome.rateWithCheckpoints(), 1e-12);
  }

  @Test
  void rate_warmUpLongerThanTheRun_takesTheLastEpoch() {
    List<Metrics> lines = List.of(line(1, 100, true, 1, 20, 5), line(2, 200, true, 1, 50, 7));

    assertEquals(50, MetricsLines.rate(lines, 60).rate(), 1e-12);
  }
}
