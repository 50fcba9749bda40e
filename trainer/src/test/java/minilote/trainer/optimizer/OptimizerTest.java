package minilote.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {

  /** What optimizers.py, beside it, reckons in double precision. */
  private static JsonNode reference() throws IOException {
    try (InputStream in = OptimizerTest.class.getResourceAsStream("optimizers.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  static Stream<JsonNode> cases() throws IOException {
    return StreamSupport.stream(reference().path("cases").spliterator(), false);
  }

  @Test
  void cases_inTheReference_coverEveryRule() throws IOException {
    assertEquals(14, cases().count());
    assertEquals(
        List.of("adam", "adamw", "momentum", "nesterov", "sgd"),
        cases().map(node -> node.path("rule").asText()).distinct().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void update_severalSteps_followsTheReference(JsonNode expected) throws IOException {
    JsonNode reference = reference();
    OptimizerSettings settings =
        new OptimizerSettings(
            UpdateRule.of(expected.path("rule").asText()),
            expected.path("momentum").doubleValue(),
            expected.path("beta1").doubleValue(),
            expected.path("beta2").doubleValue(),
            expected.path("epsilon").doubleValue(),
            expected.path("weight_decay").doubleValue(),
            expected.path("decoupled").booleanValue(),
            expected.path("decay_all").booleanValue());
    Optimizer optimizer = Optimizer.of(settings, 5, List.of(new ParameterRange(1, 3)));
    float[] w = floats(reference.path("weights"));

    int steps = reference.path("rates").size();
    for (int t = 0; t < steps; t++) {
      float rate = reference.path("rates").path(t).floatValue();
      optimizer.update(w, floats(reference.path("gradients").path(t)), 0, 5, rate, t + 1);

      assertArrayEquals(floats(expected.path("trace").path(t)), w, 2e-6f, "step " + (t + 1));
    }
    assertEquals(6, steps);
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.path(i).floatValue();
    }
    return values;
  }

  /** 1,000 parameters of which 200 to 299 and 300 to 640 decay. */
  private static Optimizer large(UpdateRule rule, boolean decoupled) {
    OptimizerSettings settings =
        OptimizerSettings.of(rule)
            .withWeightDecay(0.01)
            .withDecoupled(decoupled || rule == UpdateRule.ADAMW);
    return Optimizer.of(
        settings, 1000, List.of(new ParameterRange(200, 300), new ParameterRange(300, 641)));
  }

  private static float[] random(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(UpdateRule.class)
  void update_rangeCutAnywhere_givesTheSameBits(UpdateRule rule) {
    Random random = new Random(7);
    for (boolean decoupled : new boolean[] {false, true}) {
      Optimizer whole = large(rule, decoupled);
      Optimizer cut = large(rule, decoupled);
      float[] wWhole = random(1000, random);
      float[] wCut = wWhole.clone();
      for (int step = 1; step <= 30; step++) {
        float[] gradient = random(1000, random);
        whole.update(wWhole, gradient, 0, 1000, 0.01f, step);
        int first = random.nextInt(1001);
        int second = first + random.nextInt(1001 - first);
        cut.update(wCut, gradient, second, 1000, 0.01f, step);
        cut.update(wCut, gradient, 0, first, 0.01f, step);
        cut.update(wCut, gradient, first, second, 0.01f, step);
      }
      assertArrayEquals(wWhole, wCut, 0f);
      whole.state().forEach((name, values) -> assertArrayEquals(values, cut.state().get(name), 0f));
    }
  }

  @ParameterizedTest
  @EnumSource(UpdateRule.class)
  void update_partOfTheParameters_leavesTheOthersAndTheirState(UpdateRule rule) {
    Random random = new Random(8);
    Optimizer optimizer = large(rule, false);
    float[] before = random(1000, random);
    float[] w = before.clone();

    optimizer.update(w, random(1000, random), 250, 700, 0.01f, 1);

    for (int i = 0; i < 1000; i++) {
      boolean within = i >= 250 && i < 700;
      int index = i;
      assertEquals(within, w[i] != before[i], () -> "weight " + index);
      optimizer
          .state()
          .forEach((name, values) -> assertEquals(within, values[index] != 0, name + index));
    }
  }

  @Test
  void update_noGradient_shrinksTheDecayingRangesAlone() {
    Optimizer optimizer = large(UpdateRule.SGD, false);
    float[] w = new float[1000];
    java.util.Arrays.fill(w, 1f);

    optimizer.update(w, new float[1000], 0, 1000, 0.5f, 1);

    for (int i = 0; i < 1000; i++) {
      assertEquals(i >= 200 && i < 641 ? 0.995f : 1f, w[i], "weight " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(UpdateRule.class)
  void restore_savedState_continuesToTheSameBits(UpdateRule rule) {
    Random random = new Random(9);
    Optimizer first = large(rule, false);
    float[] w = random(1000, random);
    for (int step = 1; step <= 5; step++) {
      first.update(w, random(1000, random), 0, 1000, 0.01f, step);
    }
    Optimizer second = large(rule, false);
    float[] copy = w.clone();

    second.restore(first.state());

    float[] gradient = random(1000, random);
    first.update(w, gradient, 0, 1000, 0.01f, 6);
    second.update(copy, gradient, 0, 1000, 0.01f, 6);
    assertArrayEquals(w, copy, 0f);
    second.state().forEach((name, values) -> values[0] = 42);
    first.state().forEach((name, values) -> assertTrue(values[0] != 42, "restoring copies"));
  }

  @Test
  void state_namesOfEveryRule_areThoseOfCheckpoints() {
    assertEquals("[]", names(UpdateRule.SGD));
    assertEquals("[velocity]", names(UpdateRule.MOMENTUM));
    assertEquals("[velocity]", names(UpdateRule.NESTEROV));
    assertEquals("[first_moment, second_moment]", names(UpdateRule.ADAM));
    assertEquals("[first_moment, second_moment]", names(UpdateRule.ADAMW));
  }

  private static String names(UpdateRule rule) {
    return large(rule, false).state().keySet().toString();
  }

  @Test
  void restore_stateOfAnotherRuleOrSize_isRefused() {
    Optimizer adam = large(UpdateRule.ADAM, false);

    assertEquals(
        "restore: the optimizer's state is [first_moment, second_moment] and not [velocity]",
        refusal(() -> adam.restore(large(UpdateRule.MOMENTUM, false).state())));
    assertEquals(
        "restore: velocity has 3 numbers for 1000 parameters",
        refusal(() -> large(UpdateRule.NESTEROV, false).restore(Map.of("velocity", new float[3]))));
  }

  @Test
  void update_wrongSizesRangesSteps_areRefused() {
    Optimizer sgd = large(UpdateRule.SGD, false);
    float[] w = new float[1000];

    assertEquals(
        "update: there are 1000 weights and 5 gradients for an optimizer of 1000 parameters",
        refusal(() -> sgd.update(w, new float[5], 0, 5, 1, 1)));
    assertEquals(
        "update: range 5 to 1001 does not lie within 1000 parameters",
        refusal(() -> sgd.update(w, w, 5, 1001, 1, 1)));
    assertEquals(
        "update: step is 0, and the first is 1", refusal(() -> sgd.update(w, w, 0, 5, 1, 0)));
  }

  @Test
  void of_decayRangesThatOverlapOrReachBeyond_areRefused() {
    OptimizerSettings sgd = OptimizerSettings.of(UpdateRule.SGD);
    List<ParameterRange> overlapping = List.of(new ParameterRange(0, 5), new ParameterRange(4, 6));

    assertTrue(
        refusal(() -> Optimizer.of(sgd, 10, overlapping))
            .startsWith(
                "decaying ranges must ascend without overlap within 10 parameters: ["
                    + "ParameterRange[from=0, to=5]"));
    refusal(() -> Optimizer.of(sgd, 10, List.of(new ParameterRange(8, 11))));
    refusal(() -> new ParameterRange(3, 2));
  }

  private static String refusal(Runnable action) {
    return assertThrows(IllegalArgumentException.class, action::run).getMessage();
  }
}
