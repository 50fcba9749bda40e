package minilote.benchmark;

import java.util.HashMap;
import java.util.Map;

/** What is known of how fast Minilote does a work, so that a run takes about the time it should. */
final class Rates {
  private final Map<String, Double> rates = new HashMap<>();

  /** Remembers examples a second. */
  void learned(Work work, double rate) {
    rates.put(key(work), rate);
  }

  /** Examples a second as they were last time; slow where there was none. */
  double of(Work work) {
    return rates.getOrDefault(key(work), 1.0);
  }

  private static String key(Work work) {
    return work.network() + " " + work.batch();
  }
}
