package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.run.Metrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
  private static @Nullable Double noiseScale(@Nullable Double... epochs) {
    List<Metrics> metrics = new ArrayList<>();
    for (Double scale : epochs) {
      int epoch = metrics.size() + 1;
      metrics.add(
          new Metrics(epoch, epoch, epoch, true, 1, null, null, null, 0.1, scale, null, 1, epoch));
    }
    return RunFigures.noiseScale(metrics);
  }

  @Test
  void noiseScale_isTheMedianOfTheLaterEpochs() {
    assertNull(noiseScale());
    assertEquals(7.0, noiseScale(7.0));
    assertEquals(4.0, noiseScale(100.0, 4.0));
    assertEquals(2.0, noiseScale(100.0, 9.0, 3.0, 1.0));
    assertEquals(2.0, noiseScale(100.0, 100.0, 2.0, 9.0, 1.0));
  }

  /** An epoch whose gradient is lost in the noise has a scale beyond all that can be told. */
  @Test
  void noiseScale_thatCannotBeTold_isLarge() {
    assertEquals(5.0, noiseScale(1.0, 1.0, null, 5.0, 4.0));
    assertNull(noiseScale(1.0, 1.0, null, null, 4.0));
    assertNull(noiseScale(null, null));
  }
}
