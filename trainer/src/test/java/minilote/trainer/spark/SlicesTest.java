package minilote.trainer.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 32})
  void roots_ofAnyRange_areAsManyAsInTheTree(int lanes) {
    for (int from = 0; from < lanes; from++) {
      for (int behind = from; behind <= lanes; behind++) {
        int[] executorOfLane = new int[lanes];
        Arrays.fill(executorOfLane, from, behind, 1);
        assertEquals(
            Slices.roots(executorOfLane, 1).length,
            Slices.roots(from, behind, lanes),
            "lanes %d to %d of %d".formatted(from, behind, lanes));
      }
    }
  }
}
