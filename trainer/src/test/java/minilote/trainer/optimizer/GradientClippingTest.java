package minilote.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradientClippingTest {

  private static final double NO = Double.POSITIVE_INFINITY;

  @Test
  void apply_normBeyondLimit_scalesToTheLimit() {
    float[] gradient = {3, 0, -4};

    assertEquals(5, new GradientClipping(2.5, NO).apply(gradient));

    assertArrayEquals(new float[] {1.5f, 0, -2}, gradient);
  }

  @Test
  void apply_normWithinLimit_changesNothing() {
    float[] gradient = {3, 0, -4};

    assertEquals(5, new GradientClipping(5, NO).apply(gradient));

    assertArrayEquals(new float[] {3, 0, -4}, gradient);
  }

  @Test
  void apply_valuesBeyondLimit_areCut() {
    float[] gradient = {3, 0.25f, -4, Float.NaN};

    new GradientClipping(NO, 0.5).apply(gradient);

    assertArrayEquals(new float[] {0.5f, 0.25f, -0.5f, Float.NaN}, gradient);
  }

  @Test
  void apply_bothLimits_scalesFirst() {
    float[] gradient = {3, 0, -4};

    new GradientClipping(2.5, 1.75).apply(gradient);

    assertArrayEquals(new float[] {1.5f, 0, -1.75f}, gradient);
  }

  @Test
  void apply_rangesWithTheNorm_equalTheWhole() {
    float[] whole = {3, 0, -4, 12};
    float[] cut = whole.clone();
    GradientClipping clipping = new GradientClipping(1, NO);

    double norm = clipping.apply(whole);
    clipping.apply(cut, 2, 4, norm);
    clipping.apply(cut, 0, 2, norm);

    assertEquals(13, norm);
    assertArrayEquals(whole, cut, 0f);
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity"})
  void apply_gradientThatIsNotFinite_staysForTheDetectionToSee(float bad) {
    float[] gradient = {1, bad};

    new GradientClipping(0.5, NO).apply(gradient);

    assertArrayEquals(new float[] {1, bad}, gradient);
  }

  @Test
  void none_anyGradient_changesNothing() {
    float[] gradient = {1e30f, -1e30f};

    GradientClipping.NONE.apply(gradient);

    assertTrue(GradientClipping.NONE.isNone());
    assertArrayEquals(new float[] {1e30f, -1e30f}, gradient);
  }

  @Test
  void settings_notGreaterThanZero_areRefused() {
    assertEquals(
        "--clip-norm 0.0: it must be greater than 0",
        assertThrows(UserError.class, () -> new GradientClipping(0, NO)).getMessage());
    assertEquals(
        "--clip-value NaN: it must be greater than 0",
        assertThrows(UserError.class, () -> new GradientClipping(NO, Double.NaN)).getMessage());
  }

  @Test
  void fromJson_ofToJson_isTheSame() throws Exception {
    for (GradientClipping clipping :
        new GradientClipping[] {GradientClipping.NONE, new GradientClipping(1, 0.5)}) {
      String json = clipping.toJson().toString();
      assertEquals(clipping, GradientClipping.fromJson(new ObjectMapper().readTree(json)));
    }
    assertThrows(
        UserError.class,
        () -> GradientClipping.fromJson(new ObjectMapper().readTree("{\"clip_norm\":1}")));
  }
}
