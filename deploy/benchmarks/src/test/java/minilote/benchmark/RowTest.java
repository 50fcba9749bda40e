package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RowTest {
  private final Row row = new Row(BenchmarkNetwork.M3, 128, 1000);

  @Test
  void ratio_machineSlowsDownBetweenRounds_isThatWithinARound() {
    for (double speed : new double[] {1, 0.5, 2}) {
      row.measured("minilote", Outcome.ofRate(300 * speed));
      row.measured("libtorch", Outcome.ofRate(200 * speed));
    }

    assertEquals(1.5, row.ratio("libtorch"), 1e-12);
    assertEquals(200, row.rate("libtorch"), 1e-12);
  }

  @Test
  void isValid_lossesWithinTolerance_holds() {
    row.compared("libtorch", steps(1.0, 0.9), steps(1.0, 0.905));

    assertTrue(row.isValid("libtorch"));
  }

  @Test
  void isValid_oneLossTooFar_doesNotHold() {
    row.compared("libtorch", steps(1.0, 0.9), steps(1.0, 0.92));

    assertFalse(row.isValid("libtorch"));
  }

  @Test
  void isValid_sameLossesOtherWeights_doesNotHold() {
    row.compared(
        "plain", Outcome.ofSteps(new double[] {1}, "a"), Outcome.ofSteps(new double[] {1}, "b"));

    assertFalse(row.isValid("plain"));
  }

  @Test
  void isValid_otherEngineOtherWeights_holds() {
    row.compared(
        Row.PORTABLE,
        Outcome.ofSteps(new double[] {1}, "a"),
        Outcome.ofSteps(new double[] {1.001}, "b"));

    assertTrue(row.isValid(Row.PORTABLE));
  }

  @Test
  void ratio_ofThePlainLoop_isThatOfItsEngine() {
    row.measured(Row.MINILOTE, Outcome.ofRate(300));
    row.measured(Row.PORTABLE, Outcome.ofRate(180));
    row.measured(Row.PLAIN, Outcome.ofRate(200));

    assertEquals(0.9, row.ratio(Row.PLAIN), 1e-12);
  }

  private static Outcome steps(double... losses) {
    return Outcome.ofSteps(losses, "");
  }
}
