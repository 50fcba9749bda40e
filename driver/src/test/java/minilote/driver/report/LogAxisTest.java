package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogAxisTest {
  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void over_manyDecades_hasPowersOfTen() {
    assertEquals(List.of("1", "10", "100", "1,000"), labels(LogAxis.over(0.9, 2000, 5)));
    assertEquals(List.of("0.01", "0.1", "1"), labels(LogAxis.over(0.008, 3, 5)));
    // Twelve decades: every second one.
    assertEquals(
        List.of("1e-06", "0.0001", "0.01", "1", "100", "10,000", "1e+06"),
        labels(LogAxis.over(1e-6, 1e6, 5)));
  }

  @Test
  void over_lessThanTwoDecades_hasRoundNumbersBetween() {
    assertEquals(List.of("1", "3", "10"), labels(LogAxis.over(0.9, 12, 5)));
    assertEquals(List.of("0.2", "0.5", "1"), labels(LogAxis.over(0.2, 1.1, 5)));
    assertEquals(List.of("1.5", "2", "3", "5"), labels(LogAxis.over(1.5, 5, 5)));
    assertEquals(List.of("0.92", "0.94", "0.96"), labels(LogAxis.over(0.915, 0.965, 3)));
  }

  @Test
  void at_batches_hasThemAndEqualFactorsAtEqualDistances() {
    LogAxis axis = LogAxis.at(List.of(32.0, 256.0, 2048.0));
    assertEquals(List.of("32", "256", "2,048"), labels(axis));
    assertEquals(axis.place(256) - axis.place(32), axis.place(2048) - axis.place(256), 1e-12);
    assertEquals(0.5, axis.place(256), 1e-12);
  }

  @Test
  void at_moreThanFind_leavesSomeOutButNeitherEnd() {
    List<Double> batches = IntStream.range(5, 15).mapToObj(i -> (double) (1 << i)).toList();
    List<Double> ticks = LogAxis.at(batches).ticks();
    assertTrue(ticks.size() < batches.size(), ticks.toString());
    assertEquals(32, ticks.get(0));
    assertEquals(16384, ticks.get(ticks.size() - 1));
    assertTrue(batches.containsAll(ticks), ticks.toString());
  }

  @Test
  void over_noRangeAbove0_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> LogAxis.over(0, 1, 5));
    assertThrows(IllegalArgumentException.class, () -> LogAxis.over(-2, -1, 5));
    assertThrows(IllegalArgumentException.class, () -> LogAxis.over(1, Double.NaN, 5));
  }

  @Test
  void over_anyRange_coversItWithFewTicksInOrder() {
    Random random = new Random(1);
    int examined = 0;
    for (int i = 0; i < 10_000; i++) {
      double least = Math.pow(10, random.nextInt(12) - 6 + random.nextDouble());
      double most = least * Math.pow(10, random.nextDouble() * random.nextInt(8));
      LogAxis axis = LogAxis.over(least, most, 5);
      assertTrue(axis.place(least) > 0 && axis.place(most) < 1, axis.toString());
      List<Double> ticks = axis.ticks();
      assertTrue(ticks.size() >= 2 && ticks.size() <= 11, axis.toString());
      assertEquals(ticks.stream().sorted().distinct().toList(), ticks);
      for (double tick : ticks) {
        assertTrue(axis.place(tick) > -1e-9 && axis.place(tick) < 1 + 1e-9, axis.toString());
      }
      examined++;
    }
    assertEquals(10_000, examined);
  }
}
