package minilote.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {
  @ParameterizedTest
  @CsvSource({
    "10Gb/s, 1.25e9",
    "200Mb/s, 2.5e7",
    "1.25GB/s, 1.25e9",
    "25MB/s, 2.5e7",
    "1gbit, 1.25e8",
    "0.5 Gbps, 6.25e7"
  })
  void parse_bandwidth_isInBytes(String words, double bytes) {
    assertEquals(bytes, Link.parse(words, "0us").bandwidth(), bytes * 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"50us, 5e-5", "1.5ms, 1.5e-3", "0us, 0", "20µs, 2e-5", "1s, 1"})
  void parse_latency_isInSeconds(String words, double seconds) {
    assertEquals(seconds, Link.parse("1Gb/s", words).latency(), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "10", "0Gb/s", "-1Gb/s", "1.2.3Gb/s", "Gb/s", "10GBB/s"})
  void parse_wrongBandwidth_saysWhatWouldBeRight(String words) {
    UserError error = assertThrows(UserError.class, () -> Link.parse(words, "1us"));
    assertEquals(
        "--bandwidth %s: it must be such as 10Gb/s, 200Mb/s or 1.25GB/s".formatted(words),
        error.getMessage());
  }

  @Test
  void parse_latencyWithoutUnit_saysWhatWouldBeRight() {
    UserError error = assertThrows(UserError.class, () -> Link.parse("1Gb/s", "50"));
    assertEquals("--latency 50: it must be such as 50us or 1ms", error.getMessage());
  }
}
