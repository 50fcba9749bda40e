package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void percentAndPoints_ofShares_haveTwoDecimals() {
    assertEquals("85.31 %", Words.percent(0.8531));
    assertEquals("100.00 %", Words.percent(1.0));
    assertEquals("–", Words.percent(null));
    assertEquals("–", Words.percent(Double.NaN));
    assertEquals("-1.20 points", Words.points(-0.012));
  }

  @Test
  void number_farFromOne_hasAnExponent() {
    assertEquals("0.4123", Words.number(0.41234));
    assertEquals("0.0000", Words.number(0.0));
    assertEquals("1.234e-05", Words.number(1.234e-5));
    assertEquals("1.000e+06", Words.number(1e6));
    assertEquals("–", Words.number(null));
  }

  @Test
  void duration_ofAnyLength_hasTwoUnitsAtMost() {
    assertEquals("0.4 s", Words.duration(0.42));
    assertEquals("48 s", Words.duration(47.6));
    assertEquals("2 min 5 s", Words.duration(125));
    assertEquals("3 h 7 min", Words.duration(3 * 3600 + 7 * 60 + 59));
  }

  @Test
  void count_ofOne_hasNoPlural() {
    assertEquals("1 epoch", Words.count(1, "epoch"));
    assertEquals("12,345 updates", Words.count(12_345, "update"));
  }
}
