package minilote.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Supplier;
import java.util.stream.Stream;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerSettingsTest {

  private static final OptimizerSettings SGD = OptimizerSettings.of(UpdateRule.SGD);
  private static final OptimizerSettings NESTEROV = OptimizerSettings.of(UpdateRule.NESTEROV);
  private static final OptimizerSettings ADAM = OptimizerSettings.of(UpdateRule.ADAM);
  private static final OptimizerSettings ADAMW = OptimizerSettings.of(UpdateRule.ADAMW);

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            () -> OptimizerSettings.of(UpdateRule.of("lion")),
            "--optimizer lion: there is no such optimizer; it must be one of sgd, momentum,"
                + " nesterov, adam, adamw"),
        mistake(
            () -> NESTEROV.withMomentum(1),
            "--momentum 1.0: it must be at least 0 and less than 1"),
        mistake(
            () -> NESTEROV.withMomentum(-0.1),
            "--momentum -0.1: it must be at least 0 and less than 1"),
        mistake(
            () -> NESTEROV.withMomentum(Double.NaN),
            "--momentum NaN: it must be at least 0 and less than 1"),
        mistake(
            () -> SGD.withMomentum(0.9),
            "--momentum 0.9: sgd has none; it belongs to momentum and nesterov"),
        mistake(
            () -> ADAM.withMomentum(0.9),
            "--momentum 0.9: adam has none; it belongs to momentum and nesterov"),
        mistake(() -> ADAM.withBeta1(1.5), "--beta1 1.5: it must be at least 0 and less than 1"),
        mistake(() -> ADAM.withBeta2(-1), "--beta2 -1.0: it must be at least 0 and less than 1"),
        mistake(
            () -> NESTEROV.withBeta2(0.9),
            "--beta2 0.9: nesterov has none; it belongs to adam and adamw"),
        mistake(() -> ADAM.withEpsilon(0), "--epsilon 0.0: it must be greater than 0"),
        mistake(
            () -> SGD.withEpsilon(1e-8),
            "--epsilon 1.0E-8: sgd has none; it belongs to adam and adamw"),
        mistake(
            () -> SGD.withWeightDecay(-5e-4), "--weight-decay -5.0E-4: it must be 0 or greater"),
        mistake(
            () -> SGD.withWeightDecay(Double.POSITIVE_INFINITY),
            "--weight-decay Infinity: it must be 0 or greater"),
        mistake(
            () -> ADAMW.withDecoupled(false),
            "--optimizer adamw: its weight decay is decoupled; for decay in the gradient choose"
                + " adam"));
  }

  private static Arguments mistake(Supplier<OptimizerSettings> settings, String sentence) {
    return Arguments.of(settings, sentence);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void settings_withMistake_nameOptionValueAndRemedy(
      Supplier<OptimizerSettings> settings, String sentence) {
    assertEquals(sentence, assertThrows(UserError.class, settings::get).getMessage());
  }

  @ParameterizedTest
  @EnumSource(UpdateRule.class)
  void fromJson_ofToJson_isTheSame(UpdateRule rule) throws Exception {
    OptimizerSettings settings =
        OptimizerSettings.of(rule).withWeightDecay(5e-4).withDecoupled(true).withDecayAll(true);
    String text = settings.toJson().toString();

    assertEquals(settings, OptimizerSettings.fromJson(new ObjectMapper().readTree(text)));
    assertEquals(
        rule.word().equals("nesterov") || rule.word().equals("momentum"),
        text.contains("momentum\":"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{};--optimizer : there is no such optimizer",
        "{\"rule\":\"momentum\"};\"momentum\" is missing",
        "{\"rule\":\"sgd\",\"weight_decay\":\"a\"};\"weight_decay\" must be a number, not \"a\"",
        "{\"rule\":\"sgd\",\"weight_decay\":0};\"decoupled\" is missing",
        "{\"rule\":\"sgd\",\"weight_decay\":-1,\"decoupled\":false,\"decay_all\":false};"
            + "--weight-decay -1.0: it must be 0 or greater",
      })
  void fromJson_missingOrWrong_isRefused(String json, String beginning) {
    UserError error =
        assertThrows(
            UserError.class, () -> OptimizerSettings.fromJson(new ObjectMapper().readTree(json)));

    assertTrue(error.getMessage().startsWith(beginning), error.getMessage());
  }

  /** torch.optim's defaults. */
  @Test
  void of_everyRule_hasPyTorchsConstants() {
    assertEquals(new OptimizerSettings(UpdateRule.SGD, 0, 0, 0, 0, 0, false, false), SGD);
    assertEquals(
        new OptimizerSettings(UpdateRule.NESTEROV, .9, 0, 0, 0, 0, false, false), NESTEROV);
    assertEquals(
        new OptimizerSettings(UpdateRule.ADAM, 0, 0.9, 0.999, 1e-8, 0, false, false), ADAM);
    assertEquals(
        new OptimizerSettings(UpdateRule.ADAMW, 0, 0.9, 0.999, 1e-8, 0.01, true, false), ADAMW);
  }
}
