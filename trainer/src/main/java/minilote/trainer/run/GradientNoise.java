package minilote.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * How large the gradient of a training is and how much it differs from example to example, as the
 * lanes of its batches tell without another pass over the data (McCandlish et al. 2018, "An
 * Empirical Model of Large-Batch Training", appendix A.1).
 *
 * <p>Let {@code G} be the true mean gradient and {@code Σ} the covariance of single examples'. A
 * mean over {@code b} examples has {@code E‖g_b‖² = |G|² + tr(Σ)/b}. A batch of {@code B} examples
 * gives that for all of them, and for each of its lanes {@code l} of {@code b_l}; with the average
 * over lanes {@code a} of {@code ‖g_l‖²} and {@code c} of {@code 1/b_l},
 *
 * <pre>{@code
 * 𝒮 = (a − ‖g_B‖²) / (c − 1/B),    E 𝒮 = tr(Σ)
 * 𝒢 = ‖g_B‖² − 𝒮/B,                E 𝒢 = |G|²
 * }</pre>
 *
 * exactly, also where lanes are not of one size; with one size it is the paper's {@code (B‖g_B‖² −
 * b‖g_b‖²)/(B − b)}. The ratio of single steps' is neither unbiased nor steady, so each is averaged
 * over steps first, with weights that decay exponentially: {@code noise scale = 𝒮̄/𝒢̄}, in
 * examples.
 *
 * <p>As the examples of an epoch are drawn without being put back, {@code G} and {@code Σ} are
 * those of the distribution of which the training examples are a sample: over the {@code N}
 * training examples themselves {@code |G|²} is greater by {@code tr(Σ)/N}.
 *
 * @param signal sum of 𝒢 over the steps, each with its weight
 * @param noise the same sum of 𝒮
 * @param squares the same sum of {@code ‖g_B‖²}
 * @param weight the sum of the weights, which tends to 1
 */
public record GradientNoise(double signal, double noise, double squares, double weight) {
  /** Before the first step. */
  public static final GradientNoise NONE = new GradientNoise(0, 0, 0, 0);

  private static final String SIGNAL = "gradient_signal";
  private static final String NOISE = "gradient_noise";
  private static final String SQUARES = "gradient_squares";
  private static final String WEIGHT = "gradient_weight";

  /**
   * With a step whose batch is one lane, which says nothing about the noise.
   *
   * @param batchSquares {@code ‖g_B‖²}
   * @param decay what a weight becomes with each step, from 0 up to, not including, 1
   */
  public GradientNoise and(double batchSquares, double decay) {
    return and(0, 0, batchSquares, decay);
  }

  /**
   * With another step.
   *
   * @param laneSquares {@code a}, the average of {@code ‖g_l‖²} over the lanes
   * @param inverse {@code c}, that of {@code 1/b_l}; greater than {@code 1/B}
   * @param batchSquares {@code ‖g_B‖²}
   * @param batch examples of the batch {@code B}
   * @param decay what a weight becomes with each step, from 0 up to, not including, 1
   */
  public GradientNoise and(
      double laneSquares, double inverse, double batchSquares, int batch, double decay) {
    double trace = (laneSquares - batchSquares) / (inverse - 1.0 / batch); // 𝒮
    return and(batchSquares - trace / batch, trace, batchSquares, decay);
  }

  private GradientNoise and(double g, double s, double batchSquares, double decay) {
    double share = 1 - decay;
    return new GradientNoise(
        decay * signal + share * g,
        decay * noise + share * s,
        decay * squares + share * batchSquares,
        decay * weight + share);
  }

  /**
   * The simple noise scale {@code tr(Σ)/|G|²}, in examples; null without lanes to compare, and
   * where the gradient is so small that the noise hides it.
   */
  public @Nullable Double noiseScale() {
    double scale = noise / signal; // The weights' sum cancels out.
    return signal > 0 && noise >= 0 && Double.isFinite(scale) ? (Double) scale : null;
  }

  /**
   * The norm of a batch's mean gradient, before clipping: the root of its square's average; null
   * before the first step.
   */
  public @Nullable Double gradientNorm() {
    double mean = squares / weight;
    return Double.isFinite(mean) ? (Double) Math.sqrt(mean) : null;
  }

  /** Puts its numbers among a checkpoint's. */
  void putInto(ObjectNode json) {
    json.put(SIGNAL, signal).put(NOISE, noise).put(SQUARES, squares).put(WEIGHT, weight);
  }

  /** What {@link #putInto} has put; none in checkpoints from before there was any. */
  static GradientNoise from(JsonNode json) {
    return json.has(WEIGHT)
        ? new GradientNoise(
            Json.number(json, SIGNAL),
            Json.number(json, NOISE),
            Json.number(json, SQUARES),
            Json.number(json, WEIGHT))
        : NONE;
  }
}
