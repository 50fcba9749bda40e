package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What figures do not say by themselves. */
class CautionTest {
  private static List<String> cautions(String table, String runs) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode rows = mapper.readTree(table.replace('\'', '"'));
    List<Cell> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(new Cell("", row.path("batch").asInt(), Map.of())));
    return Caution.of(cells, rows, mapper.readTree(runs.replace('\'', '"')));
  }

  @Test
  void of_rowsTrainedUnevenly_namesTheLeastAndTheMost() throws IOException {
    assertEquals(
        List.of(
            "Not all have learned their training examples as far: from 84.89 % of them (batch 8,192)"
                + " to 97.50 % (batch 32). What is less far has a smaller gap, and often less accuracy,"
                + " for this reason alone; --equal steps, --scaling and --tune compare in other ways."),
        cautions(
            "[{'batch': 32, 'runs': 3, 'train_accuracy_mean': 0.975},"
                + " {'batch': 8192, 'runs': 3, 'train_accuracy_mean': 0.8489},"
                + " {'batch': 99, 'runs': 0, 'train_accuracy_mean': null}]",
            "[{'epochs_to_target': 2.0}, {'epochs_to_target': null}]"));
  }

  @Test
  void of_rowsTrainedAlike_saysNothing() throws IOException {
    assertEquals(
        List.of(),
        cautions(
            "[{'batch': 32, 'runs': 3, 'train_accuracy_mean': 0.99},"
                + " {'batch': 64, 'runs': 3, 'train_accuracy_mean': 0.95}]",
            "[{'epochs_to_target': 3.0}]"));
    assertEquals(List.of(), cautions("[]", "[]"));
  }

  @Test
  void of_targetsReachedInTheFirstEpoch_saysThatFiguresAreBounds() throws IOException {
    assertEquals(
        List.of(
            "The target is looked at where an epoch ends: where the first one was enough, updates and"
                + " seconds to it are no more than a bound."),
        cautions("[]", "[{'epochs_to_target': 2.0}, {'epochs_to_target': 1.0}]"));
  }
}
