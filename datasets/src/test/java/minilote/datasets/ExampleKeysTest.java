package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExampleKeysTest {
  @Test
  void of_anotherSeedEpochOrId_isAnotherKey() {
    Set<Long> keys = new HashSet<>();
    for (long seed = -2; seed < 3; seed++) {
      for (long epoch = 0; epoch < 5; epoch++) {
        ExampleKeys ofEpoch = new ExampleKeys(seed, epoch);
        for (long id = 0; id < 1000; id++) {
          keys.add(ofEpoch.of(id));
        }
      }
    }
    assertEquals(5 * 5 * 1000, keys.size());
  }

  /** From an independent implementation (in Python, from the comments of the classes). */
  @Test
  void of_fixedSeedEpochAndId_neverChanges() {
    assertEquals(6463244119898067553L, new ExampleKeys(0, 0).of(0));
    assertEquals(6526371434710460609L, new ExampleKeys(42, 3).of(12_345));
    assertEquals(7201465588630523390L, new ExampleKeys(-1, 1).of(5_000_000_000L));
  }
}
