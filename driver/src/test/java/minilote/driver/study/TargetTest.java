package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static Metrics line(
      int epoch, boolean end, @Nullable Double accuracy, @Nullable Double validation) {
    return TestMetrics.line(epoch, epoch * 10L, end, 1.0 / epoch, accuracy, validation);
  }

  private static final List<Metrics> FAST =
      List.of(line(1, true, 0.5, 0.6), line(2, true, 0.8, 0.9), line(3, true, 0.9, 0.85));
  private static final List<Metrics> SLOW =
      List.of(line(1, true, 0.1, 0.2), line(2, false, 0.8, null), line(3, true, 0.6, 0.7));

  @Test
  void of_withoutOne_isTheBestThatAllRunsReach() {
    Target target = Target.of(List.of(FAST, SLOW), null);
    assertEquals(new Target("validation_accuracy", 0.7, false), target);
    assertEquals(2, target.reached(FAST).epoch());
    assertEquals(3, target.reached(SLOW).epoch());
  }

  @Test
  void reached_givenTargetThatNoEpochHas_isNone() {
    Target target = Target.of(List.of(FAST, SLOW), 0.88);
    assertEquals(20, target.reached(FAST).step());
    assertNull(target.reached(SLOW));
  }

  @Test
  void of_numbers_isTheLeastLoss() {
    List<Metrics> numbers = List.of(line(1, true, null, null), line(2, true, null, null));
    Target target = Target.of(List.of(numbers), null);
    assertEquals(new Target("train_loss", 0.5, false), target);
    assertFalse(target.given());
    assertEquals(2, target.reached(numbers).epoch());
  }

  @Test
  void of_noRuns_isNone() {
    assertNull(Target.of(List.of(), 0.9));
  }
}
