package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static Statistics of(FeatureType type, long count, double sum, double squares) {
    return new Statistics(
        type, count, List.of(BigDecimal.valueOf(sum)), List.of(BigDecimal.valueOf(squares)));
  }

  @Test
  void meanAndDeviation_bytes_areFractionsOf255() {
    // Bytes 10, 20, 60: mean 30, variance (400 + 100 + 900) / 3.
    Statistics statistics = of(FeatureType.BYTES, 3, 90, 100 + 400 + 3600);
    assertEquals(30 / 255.0, statistics.mean(0), 1e-15);
    assertEquals(Math.sqrt(1400 / 3.0) / 255, statistics.deviation(0), 1e-15);
  }

  @Test
  void deviation_floatsFarFromZero_doesNotCancel() {
    // 1e9 and 1e9 + 2: deviation 1; in doubles the squares' difference would be lost.
    BigDecimal a = BigDecimal.valueOf(1_000_000_000L);
    BigDecimal b = BigDecimal.valueOf(1_000_000_002L);
    Statistics statistics =
        new Statistics(
            FeatureType.FLOATS, 2, List.of(a.add(b)), List.of(a.multiply(a).add(b.multiply(b))));
    assertEquals(1_000_000_001.0, statistics.mean(0));
    assertEquals(1.0, statistics.deviation(0), 1e-12);
  }

  @Test
  void deviation_constant_isZero() {
    assertEquals(0, of(FeatureType.FLOATS, 3, 0.3, 0.03).deviation(0), 1e-12);
    assertEquals(0, of(FeatureType.BYTES, 4, 4 * 7, 4 * 49).deviation(0));
  }

  @Test
  void json_sumsBeyondDoubles_comeBackExactly() {
    BigDecimal large = new BigDecimal("9007199254740993000001");
    Statistics statistics =
        new Statistics(
            FeatureType.BYTES,
            7,
            List.of(large, BigDecimal.valueOf(1000)),
            List.of(large, BigDecimal.ONE));
    assertEquals(statistics, Statistics.fromJson(statistics.toJson(), FeatureType.BYTES));
    Statistics floats = of(FeatureType.FLOATS, 7, -0.1, 1.0 / 3);
    assertEquals(floats, Statistics.fromJson(floats.toJson(), FeatureType.FLOATS));
  }
}
