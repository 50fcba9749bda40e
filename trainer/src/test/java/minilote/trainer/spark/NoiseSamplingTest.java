package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import minilote.trainer.run.GradientNoise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseSamplingTest {
  @ParameterizedTest
  @CsvSource({"32, 2, 96", "128, 2, 24", "512, 8, 24", "4096, 16, 6", "60000, 16, 1", "64, 1, 24"})
  void every_batchAndLanes_isAboutSoManyExamplesOfALane(int batch, int lanes, int every) {
    assertEquals(every, new NoiseSampling(new Lanes(lanes, batch), batch).every());
  }

  @Test
  void takes_stepsOfAnEpoch_isTheFirstAndEverySoMany() {
    NoiseSampling sampling = new NoiseSampling(new Lanes(2, 512), 512);
    assertEquals(6, sampling.every());
    assertTrue(sampling.takes(0, 512));
    assertFalse(sampling.takes(1, 512));
    assertTrue(sampling.takes(12, 512));
    assertFalse(sampling.takes(12, 511), "a last, smaller batch");
  }

  /** Lanes of 2, 3, 2 and 3 examples: an average of 1/b of 5/12. */
  @Test
  void add_lanesOfTwoSizes_knowsTheirInverses() {
    NoiseSampling sampling = new NoiseSampling(new Lanes(4, 10), 10);
    GradientNoise noise = sampling.add(GradientNoise.NONE, 4 * 3.0, 2);
    double trace = (3.0 - 2) / (5.0 / 12 - 1.0 / 10);
    assertEquals(trace, noise.noise() / noise.weight(), 1e-9);
    assertEquals(2 - trace / 10, noise.signal() / noise.weight(), 1e-9);
  }
}
