package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LossMatchTest {
  @Test
  void largestDifference_oneStepDiffers_isRelativeToTheReference() {
    assertEquals(
        0.25, LossMatch.largestDifference(new double[] {4, 2.5, 1}, new double[] {4, 2, 1}), 1e-12);
  }

  @Test
  void largestDifference_notANumber_isInfinite() {
    assertEquals(
        Double.POSITIVE_INFINITY,
        LossMatch.largestDifference(new double[] {1, Double.NaN}, new double[] {1, 1}));
  }

  @Test
  void largestDifference_fewerSteps_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> LossMatch.largestDifference(new double[1], new double[2]));
  }
}
