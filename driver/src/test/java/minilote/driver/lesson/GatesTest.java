package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Truth tables as logic has them. */
class GatesTest {
  @Test
  void units_withTheseWeights_answerTheTruthTables() throws IOException {
    Findings found = Classrooms.work(new Gates(), Classrooms.empty(0));
    assertEquals(List.of("−1", "−1", "−1", "1"), answers(found, "signs", "AND"));
    assertEquals(List.of("−1", "1", "1", "1"), answers(found, "signs", "OR"));
    assertEquals(List.of("1", "−1", "−1", "−1"), answers(found, "signs", "NOR"));
    assertEquals(List.of("1", "1", "−1", "−1"), answers(found, "signs", "NOT"));
    assertEquals(List.of("0", "0", "0", "1"), answers(found, "bits", "AND"));
    assertEquals(List.of("0", "1", "1", "1"), answers(found, "bits", "OR"));
    assertEquals(List.of("1", "0", "0", "0"), answers(found, "bits", "NOR"));
    assertEquals(List.of("1", "1", "0", "0"), answers(found, "bits", "NOT"));
  }

  /** What is in the columns of the four pairs. */
  private static List<String> answers(Findings found, String table, String gate) {
    return Objects.requireNonNull(found.table(table)).rows().stream()
        .filter(row -> row.get(0).equals(gate))
        .map(row -> row.subList(4, 8))
        .findFirst()
        .orElseThrow();
  }
}
