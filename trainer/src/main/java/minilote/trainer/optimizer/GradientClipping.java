package minilote.trainer.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import minilote.datasets.UserError;
import minilote.trainer.math.Norms;

/**
 * Limits on the gradient of the mean loss, before any weight decay is added to it. The norm is
 * limited first, where both are.
 *
 * <p>The norm is that of all parameters together: R. Pascanu, T. Mikolov and Y. Bengio, On the
 * Difficulty of Training Recurrent Neural Networks, ICML 2013, algorithm 1.
 *
 * @param norm the greatest norm, {@code g ← g · norm/‖g‖} beyond it; infinite for no limit
 * @param value the greatest absolute value of an element; infinite for no limit
 */
public record GradientClipping(double norm, double value) {

  /** No limits. */
  public static final GradientClipping NONE =
      new GradientClipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * Checks both limits.
   *
   * @throws UserError if one is not greater than 0
   */
  public GradientClipping {
    require("--clip-norm", norm);
    require("--clip-value", value);
  }

  /** Whether gradients are limited at all. */
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Limits a whole gradient.
   *
   * @return its norm before
   */
  public double apply(float[] gradient) {
    double length = Norms.norm(gradient, 0, gradient.length);
    apply(gradient, 0, gradient.length, length);
    return length;
  }

  /**
   * Limits elements {@code from} to {@code to − 1} of a gradient whose norm is known.
   *
   * @param length the norm of the whole gradient; not a number or infinite where the gradient is,
   *     which is then left as it is
   */
  public void apply(float[] gradient, int from, int to, double length) {
    if (length > norm && length < Double.POSITIVE_INFINITY) {
      float scale = (float) (norm / length);
      for (int i = from; i < to; i++) {
        gradient[i] *= scale;
      }
    }
    if (value < Double.POSITIVE_INFINITY) {
      float limit = (float) value;
      for (int i = from; i < to; i++) {
        gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
      }
    }
  }

  /** As JSON; null where there is no limit. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    put(json, "clip_norm", norm);
    put(json, "clip_value", value);
    return json;
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError if a limit is neither null nor a number greater than 0
   */
  public static GradientClipping fromJson(JsonNode json) {
    return new GradientClipping(limit(json, "clip_norm"), limit(json, "clip_value"));
  }

  private static void put(ObjectNode json, String name, double limit) {
    if (limit < Double.POSITIVE_INFINITY) {
      json.put(name, limit);
    } else {
      json.putNull(name);
    }
  }

  private static double limit(JsonNode json, String name) {
    Double limit = Json.numberOrNull(json, name);
    return limit == null ? Double.POSITIVE_INFINITY : limit;
  }

  private static void require(String option, double limit) {
    if (!(limit > 0)) {
      throw new UserError(option + " " + limit + ": it must be greater than 0");
    }
  }
}
