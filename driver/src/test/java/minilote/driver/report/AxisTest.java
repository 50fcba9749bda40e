package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AxisTest {
  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void over_aRange_endsOnRoundNumbers() {
    assertEquals(
        List.of("0", "0.5", "1.0", "1.5", "2.0", "2.5"), labels(LinearAxis.over(0.1, 2.3, 5)));
    assertEquals(List.of("20", "40", "60", "80", "100"), labels(LinearAxis.over(31.2, 91.8, 5)));
    assertEquals(List.of("-5", "0", "5", "10"), labels(LinearAxis.over(-4.2, 6.3, 5)));
  }

  @Test
  void over_smallAndLargeNumbers_hasShortLabels() {
    assertEquals(
        List.of("0", "2e-06", "4e-06", "6e-06", "8e-06", "1e-05"),
        labels(LinearAxis.over(0, 1e-5, 5)));
    assertEquals(List.of("0", "1e+07", "2e+07", "3e+07"), labels(LinearAxis.over(0, 3e7, 3)));
  }

  @Test
  void over_aConstant_hasItWithin() {
    for (double constant : new double[] {0, 0.05, -3, 1e9}) {
      LinearAxis axis = LinearAxis.over(constant, constant, 5);
      assertTrue(axis.place(constant) > 0 && axis.place(constant) < 1, axis.toString());
    }
  }

  @Test
  void counting_epochs_hasWholeNumbers() {
    assertEquals(List.of("0", "1", "2", "3"), labels(LinearAxis.counting(3, 8)));
    assertEquals(List.of("0", "20", "40", "60", "80", "100"), labels(LinearAxis.counting(100, 8)));
  }

  @Test
  void over_anyRange_coversItWithFewTicks() {
    Random random = new Random(1);
    int examined = 0;
    for (int i = 0; i < 10_000; i++) {
      double least = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
      double most = least + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(12) - 6);
      if (most - least > 1e-9 * Math.abs(least)) {
        LinearAxis axis = LinearAxis.over(least, most, 5);
        assertTrue(axis.place(least) >= -1e-9 && axis.place(most) <= 1 + 1e-9, axis.toString());
        assertTrue(axis.ticks().size() >= 2 && axis.ticks().size() <= 8, axis.toString());
        examined++;
      }
    }
    assertTrue(examined > 9_000, examined + " ranges");
  }
}
