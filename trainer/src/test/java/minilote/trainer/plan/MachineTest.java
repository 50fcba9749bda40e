package minilote.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {
  private static final Machine MACHINE = Machines.machine();

  @Test
  void fromJson_ofItsText_isTheSameMachine() {
    String text = Json.pretty(MACHINE.toJson());
    assertEquals(MACHINE, Machine.fromJson(Json.parse(text)));
  }

  @Test
  void gigaflops_ofATaskAmongBusyOnes_countTheProductsOfAllLayers() {
    // A row: 4·3 + 3·2 products forward, as many for the gradient, and 3·2 on the way back: 42,
    // each
    // with a sum, of 100 rows in 0.2 s.
    assertEquals(2 * 42 * 100 / 0.2 * 1e-9, MACHINE.gigaflops(100), 1e-15);
  }

  @Test
  void fromJson_missingMember_namesIt() {
    for (String name : new String[] {"date", "blas", "parameters", "lanes", "costs"}) {
      ObjectNode json = MACHINE.toJson();
      json.remove(name);
      UserError error = assertThrows(UserError.class, () -> Machine.fromJson(json));
      assertEquals("\"%s\" is missing".formatted(name), error.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"minilote_machine\":1 | \"minilote_machine\":2 | \"minilote_machine\" must be a whole number from 1 to 1, not 2",
        "\"cores\":2 | \"cores\":0 | \"cores\" must be a whole number from 1 to 65536, not 0",
        "[1,2,2] | [1,2,0] | \"input_shape\" must be a list of sizes, and has 0",
        "\"job_seconds\":1.0 | \"job_seconds\":-1 | costs must be 0 or more, not -1.0",
        "\"alone_seconds\":0.1 | \"alone_seconds\":0 | a lane's seconds must be greater than 0, not 0.0 and 0.2",
        "\"part_rows\":100 | \"part_rows\":64 | the largest of them 64",
      })
  void fromJson_wrongValue_saysWhatWouldBeRight(String right, String wrong, String sentence) {
    String text = MACHINE.toJson().toString();
    assertTrue(text.contains(right), text);
    ObjectNode json = Json.parse(text.replace(right, wrong));
    UserError error = assertThrows(UserError.class, () -> Machine.fromJson(json));
    assertTrue(error.getMessage().contains(sentence), error.getMessage());
  }
}
