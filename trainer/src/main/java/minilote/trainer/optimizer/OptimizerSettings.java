package minilote.trainer.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * Which update rule, with which constants. What a rule does not have is 0.
 *
 * <p>{@code OptimizerSettings.of(UpdateRule.NESTEROV).withMomentum(0.95).withWeightDecay(5e-4)}.
 *
 * @param rule the rule
 * @param momentum μ of momentum and Nesterov, in [0, 1); 0.9 unless said
 * @param beta1 β₁ of Adam, in [0, 1); 0.9 unless said
 * @param beta2 β₂ of Adam, in [0, 1); 0.999 unless said
 * @param epsilon ε of Adam, greater than 0; 1e-8 unless said
 * @param weightDecay λ, at least 0; 0 unless said, and 0.01 for AdamW
 * @param decoupled whether weights shrink apart from the gradient ({@code w ← w − ηλw}, Loshchilov
 *     and Hutter 2019) rather than through it ({@code g ← g + λw}); AdamW's always do
 * @param decayAll whether biases and normalization's parameters decay as well
 */
public record OptimizerSettings(
    UpdateRule rule,
    double momentum,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    boolean decoupled,
    boolean decayAll) {

  /**
   * Checks every constant.
   *
   * @throws UserError naming the option, its value and what it may be
   */
  public OptimizerSettings {
    if (rule.hasMomentum()) {
      requireFraction("--momentum", momentum);
    } else {
      requireAbsent("--momentum", momentum, rule, "momentum and nesterov");
    }
    if (rule.hasMoments()) {
      requireFraction("--beta1", beta1);
      requireFraction("--beta2", beta2);
      if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
        throw new UserError("--epsilon " + epsilon + ": it must be greater than 0");
      }
    } else {
      requireAbsent("--beta1", beta1, rule, "adam and adamw");
      requireAbsent("--beta2", beta2, rule, "adam and adamw");
      requireAbsent("--epsilon", epsilon, rule, "adam and adamw");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new UserError("--weight-decay " + weightDecay + ": it must be 0 or greater");
    }
    if (rule == UpdateRule.ADAMW && !decoupled) {
      throw new UserError(
          "--optimizer adamw: its weight decay is decoupled; for decay in the gradient choose adam");
    }
  }

  /** A rule with its usual constants, which are PyTorch's. */
  public static OptimizerSettings of(UpdateRule rule) {
    boolean moments = rule.hasMoments();
    return new OptimizerSettings(
        rule,
        rule.hasMomentum() ? 0.9 : 0,
        moments ? 0.9 : 0,
        moments ? 0.999 : 0,
        moments ? 1e-8 : 0,
        rule == UpdateRule.ADAMW ? 0.01 : 0,
        rule == UpdateRule.ADAMW,
        false);
  }

  /** These settings with another μ. */
  public OptimizerSettings withMomentum(double value) {
    return new OptimizerSettings(
        rule, value, beta1, beta2, epsilon, weightDecay, decoupled, decayAll);
  }

  /** These settings with another β₁. */
  public OptimizerSettings withBeta1(double value) {
    return new OptimizerSettings(
        rule, momentum, value, beta2, epsilon, weightDecay, decoupled, decayAll);
  }

  /** These settings with another β₂. */
  public OptimizerSettings withBeta2(double value) {
    return new OptimizerSettings(
        rule, momentum, beta1, value, epsilon, weightDecay, decoupled, decayAll);
  }

  /** These settings with another ε. */
  public OptimizerSettings withEpsilon(double value) {
    return new OptimizerSettings(
        rule, momentum, beta1, beta2, value, weightDecay, decoupled, decayAll);
  }

  /** These settings with another λ. */
  public OptimizerSettings withWeightDecay(double value) {
    return new OptimizerSettings(rule, momentum, beta1, beta2, epsilon, value, decoupled, decayAll);
  }

  /** These settings with weight decay apart from the gradient, or in it. */
  public OptimizerSettings withDecoupled(boolean value) {
    return new OptimizerSettings(
        rule, momentum, beta1, beta2, epsilon, weightDecay, value, decayAll);
  }

  /** These settings with decay of every parameter, or of weights alone. */
  public OptimizerSettings withDecayAll(boolean value) {
    return new OptimizerSettings(
        rule, momentum, beta1, beta2, epsilon, weightDecay, decoupled, value);
  }

  /** As JSON, with what the rule has. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("rule", rule.word());
    if (rule.hasMomentum()) {
      json.put("momentum", momentum);
    }
    if (rule.hasMoments()) {
      json.put("beta1", beta1).put("beta2", beta2).put("epsilon", epsilon);
    }
    return json.put("weight_decay", weightDecay)
        .put("decoupled", decoupled)
        .put("decay_all", decayAll);
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError if a constant is missing, is not a number, or may not have its value
   */
  public static OptimizerSettings fromJson(JsonNode json) {
    UpdateRule rule = UpdateRule.of(json.path("rule").asText());
    boolean moments = rule.hasMoments();
    return new OptimizerSettings(
        rule,
        rule.hasMomentum() ? Json.number(json, "momentum") : 0,
        moments ? Json.number(json, "beta1") : 0,
        moments ? Json.number(json, "beta2") : 0,
        moments ? Json.number(json, "epsilon") : 0,
        Json.number(json, "weight_decay"),
        Json.truth(json, "decoupled"),
        Json.truth(json, "decay_all"));
  }

  private static void requireFraction(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError(option + " " + value + ": it must be at least 0 and less than 1");
    }
  }

  private static void requireAbsent(String option, double value, UpdateRule rule, String those) {
    if (value != 0) {
      throw new UserError(
          option + " " + value + ": " + rule.word() + " has none; it belongs to " + those);
    }
  }
}
