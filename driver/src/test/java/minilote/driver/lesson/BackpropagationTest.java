package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;
import minilote.trainer.network.NetworkDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked examples against {@code worked_examples.py}, which is beside the trainer's tests: the
 * formulas one number at a time in 50-digit decimals.
 */
class BackpropagationTest {
  @TempDir private Path folder;

  private static Findings plain() throws IOException {
    return Classrooms.work(new Backpropagation(), Classrooms.empty(0));
  }

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("mine.csv"), text);
  }

  private Findings onCsv(String text) throws IOException {
    return Classrooms.work(new Backpropagation(), Classrooms.with(0, csv(text), null, null));
  }

  private static Findings traced(String network) throws IOException {
    return Classrooms.work(new Backpropagation(), Classrooms.with(0, null, network, null));
  }

  private static JsonNode quantity(Findings found, String block, String name) {
    for (JsonNode quantity : found.toJson().path(block)) {
      if (quantity.path("name").asText().equals(name)) {
        return quantity;
      }
    }
    throw new AssertionError(block + " has no " + name);
  }

  private static double[] flat(JsonNode rows) {
    List<Double> numbers = new ArrayList<>();
    rows.forEach(row -> row.forEach(number -> numbers.add(number.asDouble())));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Values, and of derivatives the differences too, are those numbers. */
  private static void assertValues(
      Findings found, String block, String name, String shape, double... expected) {
    JsonNode quantity = quantity(found, block, name);
    assertEquals(shape, quantity.path("shape").toString(), name);
    double[] values = flat(quantity.path("values"));
    assertEquals(expected.length, values.length, name);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 3e-7, name);
    }
    if (block.endsWith("backward")) {
      double[] differences = flat(quantity.path("differences"));
      for (int i = 0; i < expected.length; i++) {
        // Nearer than single precision is: these are of the loss in doubles, at weights in floats.
        assertEquals(expected[i], differences[i], 1e-7, name);
      }
      double relative = quantity.path("relative_difference").asDouble();
      assertTrue(relative > 0 && relative < 1e-6, name + " " + relative);
    }
  }

  @Test
  void regression_builtIn_isAsByHand() throws IOException {
    Findings found = plain();
    String forward = "regression-forward";
    assertValues(
        found, forward, "z2", "[3,3]", 0.53, 0.18, 0.01, 0.15, -0.14, 0.31, 0.3, -0.28, 0.62);
    assertValues(
        found,
        forward,
        "a2",
        "[3,3]",
        0.629483111967,
        0.544878892374,
        0.502499979167,
        0.537429845344,
        0.465057054842,
        0.576885261132,
        0.574442516812,
        0.430453776061,
        0.650218548574);
    assertValues(found, forward, "z3", "[3,1]", 0.725201961277, 0.737460410628, 0.821794971340);
    assertValues(found, forward, "ŷ", "[3,1]", 0.725201961277, 0.737460410628, 0.821794971340);
    String back = "regression-backward";
    assertValues(found, back, "δ3", "[3,1]", -0.024798038723, -0.082539589372, -0.108205028660);
    assertValues(found, back, "∂E/∂W2", "[3,1]", -0.122126754333, -0.098474809389, -0.130433803194);
    assertValues(
        found,
        back,
        "δ2",
        "[3,3]",
        -0.003470249299,
        0.000614956358,
        -0.004959483757,
        -0.012311555958,
        0.002053411573,
        -0.016117581990,
        -0.015870971174,
        0.002652790436,
        -0.019687635548);
    assertValues(
        found,
        back,
        "∂E/∂W1",
        "[2,3]",
        -0.023067823942,
        0.003863983130,
        -0.029234271671,
        -0.012280948960,
        0.002086754847,
        -0.016058054374);
    assertEquals(0.009568027383, found.number("regression-error"), 1e-8);
    assertTrue(found.number("largest") < 1e-6);
  }

  @Test
  void classification_builtIn_isAsByHand() throws IOException {
    Findings found = plain();
    String forward = "classification-forward";
    assertValues(found, forward, "u1", "[2,3]", -0.28, -0.17, 0.71, 0.52, -0.52, 1.16);
    assertValues(
        found,
        forward,
        "h1",
        "[2,3]",
        -0.272905080563,
        -0.168381045871,
        0.610676832817,
        0.477700012168,
        -0.477700012168,
        0.821039881333);
    assertValues(
        found,
        forward,
        "u2",
        "[2,2]",
        0.246630886325,
        0.306268908078,
        0.804657927885,
        -0.406802039552);
    assertValues(
        found,
        forward,
        "h2",
        "[2,2]",
        0.561347074218,
        0.575974283646,
        0.690969974369,
        0.399679179393);
    assertValues(found, forward, "u3", "[2,1]", 0.364299783088, 0.630291546230);
    assertValues(found, forward, "ŷ", "[2,1]", 0.590080890349, 0.652555566476);
    String back = "classification-backward";
    assertValues(found, back, "∂𝓛/∂u3", "[2,1]", -0.204959554826, 0.326277783238);
    assertValues(found, back, "∂𝓛/∂U", "[2,1]", 0.110394705087, 0.012355003892);
    assertValues(found, back, "∂𝓛/∂c", "[1,1]", 0.121318228412);
    // ∂𝓛/∂u3 Uᵀ with U = (1.1, −0.7)
    assertValues(
        found,
        back,
        "∂𝓛/∂h2",
        "[2,2]",
        1.1 * -0.204959554826,
        -0.7 * -0.204959554826,
        1.1 * 0.326277783238,
        -0.7 * 0.326277783238);
    assertValues(
        found,
        back,
        "∂𝓛/∂u2",
        "[2,2]",
        -0.055515383990,
        0.035039790342,
        0.076637272847,
        -0.054799989347);
    assertValues(
        found,
        back,
        "∂𝓛/∂W2",
        "[3,2]",
        0.051760056512,
        -0.035740492384,
        -0.027261887754,
        0.020277919033,
        0.029020298537,
        -0.023594988562);
    assertValues(found, back, "∂𝓛/∂b2", "[1,2]", 0.021121888858, -0.019760199005);
    // ∂𝓛/∂u1 over 1 − tanh², where h1 is as above
    double[] byU1 = {
      -0.041358326745,
      0.049388009220,
      -0.019974063248,
      0.051580479913,
      -0.056636702212,
      0.013911120855
    };
    double[] h1 = {
      -0.272905080563,
      -0.168381045871,
      0.610676832817,
      0.477700012168,
      -0.477700012168,
      0.821039881333
    };
    double[] byH1 = new double[byU1.length];
    for (int i = 0; i < byH1.length; i++) {
      byH1[i] = byU1[i] / (1 - h1[i] * h1[i]);
    }
    assertValues(found, back, "∂𝓛/∂h1", "[2,3]", byH1);
    assertValues(found, back, "∂𝓛/∂u1", "[2,3]", byU1);
    assertValues(
        found,
        back,
        "∂𝓛/∂W1",
        "[2,3]",
        0.056691556497,
        -0.060261048709,
        0.010879649659,
        0.065104136068,
        -0.076256621728,
        0.028142212155);
    assertValues(found, back, "∂𝓛/∂b1", "[1,3]", 0.010222153168, -0.007248692992, -0.006062942393);
    assertEquals(0.792323089743, found.number("classification-error"), 1e-7);
  }

  @Test
  void chain_ofOneUnit_isAsByHand() throws IOException {
    double z = -0.8 * 1.5 + 0.3;
    double sigma = 1 / (1 + Math.exp(-z));
    double byZ = -2 * (1 - sigma) * sigma * (1 - sigma);
    Findings found = plain();
    for (double[] row :
        new double[][] {
          {0, z},
          {1, sigma},
          {2, (1 - sigma) * (1 - sigma)},
          {3, -2 * (1 - sigma)},
          {4, sigma * (1 - sigma)},
          {5, byZ},
          {6, byZ * 1.5},
          {7, byZ}
        }) {
      List<String> cells =
          Objects.requireNonNull(found.table("chain-table")).rows().get((int) row[0]);
      assertEquals(row[1], Double.parseDouble(cells.get(2).replace('−', '-')), 6e-7);
      if (row[0] > 2) {
        assertEquals(cells.get(2), cells.get(3));
      }
    }
  }

  @Test
  void loopsOverUnits_andMatrices_stayTogether() throws IOException {
    double difference = plain().number("online-difference");
    assertTrue(difference > 0 && difference < 2e-5, "" + difference);
  }

  /** One step from zero weights: σ = ½ everywhere, so that only the outputs' layer learns. */
  @Test
  void loopsOverUnits_oneStepByHand_isThat() {
    Network network =
        Network.of(NetworkDescription.parse("dense 2 sigmoid, dense 1 sigmoid"), List.of(1));
    UnitByUnit loops = new UnitByUnit(network, new float[network.parameterCount()]);
    assertEquals(0.25, loops.learn(new float[] {3}, new float[] {1}, 1), 1e-15);
    // ∂E/∂h = 2 (½ − 1) ¼ = −¼; v_0 ← ¼, v_j ← ¼ · ½; u stays, as v was 0.
    float[] w = {0, 0, /* b */ 0, 0, /* v */ 0.125f, 0.125f, /* b */ 0.25f};
    assertEquals(0, loops.farthestFrom(w), 1e-15);
    w[0] = 1e-3f;
    assertEquals(1e-3, loops.farthestFrom(w), 1e-9);
  }

  /** One example with the built-in weights: z2 by hand, and a target that no cross-entropy has. */
  @Test
  void csv_ofTwoInputs_isTraced() throws IOException {
    Findings found = onCsv("a,b,y\n1,2,-3\n");
    assertValues(found, "regression-forward", "z2", "[1,3]", 1.1, 0.2, 0.3);
    assertValues(found, "regression-given", "y", "[1,1]", -3);
    assertFalse(found.toJson().path("both").asBoolean(true));
    assertValues(found, "classification-given", "y", "[2,1]", 1, 0);
  }

  @Test
  void csv_ofThreeInputs_hasDrawnWeights() throws IOException {
    Findings found = onCsv("1,2,0.5,1\n-1,0,1,0\n");
    assertTrue(found.toJson().path("drawn").asBoolean());
    assertEquals("[3,3]", quantity(found, "regression-given", "W1").path("shape").toString());
    assertEquals("[2,1]", quantity(found, "classification-given", "y").path("shape").toString());
    assertTrue(found.number("largest") < 1e-4);
  }

  @Test
  void csv_farFromOne_saturatesUnitsAndSaysSo() throws IOException {
    Findings found = onCsv("60,20,1\n-50,70,0\n30,-40,1\n");
    assertFalse(found.toJson().path("agree").asBoolean(true));
    assertTrue(found.toJson().path("saturated").asBoolean());
  }

  /** Digits are lost, and not in units: their outputs are about ½. */
  @Test
  void csv_ofLargeTargets_isNotCalledSaturated() throws IOException {
    Findings found = onCsv("0,0.1,250000\n0.5,0.2,900000\n0.8,1,1500000\n1,0.7,2250000\n");
    assertFalse(found.toJson().path("agree").asBoolean(true), "" + found.number("largest"));
    assertFalse(found.toJson().path("saturated").asBoolean(true));
    for (double output : flat(quantity(found, "regression-forward", "a2").path("values"))) {
      assertTrue(output > 0.3 && output < 0.8, "" + output);
    }
  }

  /** The gradient of the weights is the product of what is shown. */
  @ParameterizedTest
  @CsvSource({
    "'dense 3 tanh, dense 1 sigmoid', bce",
    "'dense 4 relu, dense 3 elu, dense 2 linear', mse",
    "'dense 5 sigmoid, dense 3 softmax', cce"
  })
  void trace_ofOwnNetwork_agreesWithDifferences(String network, String loss) throws IOException {
    Findings found = traced(network);
    assertEquals(loss, found.toJson().path("own-loss").asText());
    double largest = found.number("largest");
    assertTrue(largest > 0 && largest < 1e-5, "" + largest);
    JsonNode x = quantity(found, "own-given", "x^(0)").path("values");
    JsonNode delta = quantity(found, "own-backward", "δ^(1)").path("values");
    JsonNode gradient = quantity(found, "own-backward", "G^(1)").path("values");
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < delta.get(0).size(); j++) {
        double sum = 0;
        for (int n = 0; n < x.size(); n++) {
          sum += x.get(n).get(i).asDouble() * delta.get(n).get(j).asDouble();
        }
        assertEquals(sum, gradient.get(i).get(j).asDouble(), 1e-6);
      }
    }
  }

  private static void assertTraceError(String network, String sentence) {
    UserError error = assertThrows(UserError.class, () -> traced(network));
    assertEquals(sentence, error.getMessage());
  }

  @Test
  void trace_wrongNetwork_isOneSentence() {
    assertTraceError(
        "dense 3 heaviside, dense 1 sigmoid",
        "--trace: layer 1 is heaviside, which has no derivative for back-propagation to learn by: use sigmoid there");
    assertTraceError(
        "dense 3 tanh, dropout 0.5, dense 1 sigmoid",
        "--trace: layer 2 is 'dropout 0.5', and a trace is of dense layers alone, as in 'dense 3 tanh, dense 1 sigmoid'");
    assertTraceError(
        "dense 100 tanh, dense 1 sigmoid",
        "--trace: the network has 401 parameters on 2 inputs, and each is written out here: at most 200");
    assertTrue(
        assertThrows(UserError.class, () -> traced("dens 3 tanh"))
            .getMessage()
            .startsWith("--trace: layer 1, character 1: 'dens' is no kind of layer"));
  }

  private void assertCsvError(String text, String network, String sentence) throws IOException {
    Path file = csv(text);
    Classroom room = Classrooms.with(0, file, network.isEmpty() ? null : network, null);
    UserError error =
        assertThrows(UserError.class, () -> Classrooms.work(new Backpropagation(), room));
    assertEquals(file + sentence, error.getMessage());
  }

  @Test
  void csv_thatDoesNotFit_isOneSentence() throws IOException {
    assertCsvError("1\n2\n", "", " has 1 column, and it needs at least 2: inputs, then the target");
    assertCsvError(
        "1,2\n".repeat(13),
        "",
        " has 13 examples of 1 input, and each number is written out here: at most 12 of 12");
    assertCsvError(
        "1,2\n",
        "dense 3 tanh, dense 2 linear",
        " has 2 columns, and the network of --trace has 2 outputs: it needs at least 3, inputs and then a target for each output");
    assertCsvError(
        "x,y\n1,0\n1,2\n",
        "dense 1 sigmoid",
        ", line 3, column 2 (y) is 2, and a target of sigmoid outputs is from 0 to 1");
    assertCsvError(
        "1,1,0\n1,1,1\n",
        "dense 2 softmax",
        ", line 2: the targets of softmax outputs, here the last 2 columns, add up to 1, not 2: write a class as one 1 among 0s");
  }

  @Test
  void csv_beyondAllNumbers_isOneSentence() throws IOException {
    assertEquals(
        "--csv: the loss is not a finite number on these examples: bring each of their columns to about −1 to 1",
        assertThrows(UserError.class, () -> onCsv("3e38,1,3e38\n".repeat(3))).getMessage());
  }
}
