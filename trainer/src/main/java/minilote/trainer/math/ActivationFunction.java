package minilote.trainer.math;

/** The activation functions that an {@link Engine} computes, {@code θ} with {@code x = θ(s)}. */
public enum ActivationFunction {
  /** {@code x = s}. */
  LINEAR(true),
  /** {@code x = 1 / (1 + e^−s)}. */
  SIGMOID(true),
  TANH(true),
  /** {@code x = max(s, 0)}; the derivative at 0 is taken as 0. */
  RELU(true),
  /**
   * {@code x = s} for {@code s > 0}, {@code α (e^s − 1)} otherwise; the derivative at 0 is taken as
   * α. Clevert, Unterthiner and Hochreiter 2016, equation 15.
   */
  ELU(true),
  /** {@code x_j = e^{s_j} / Σ_k e^{s_k}} over the units of a row. */
  SOFTMAX(true),
  /** The threshold unit with values 0 and 1: 1 for {@code s ≥ 0}. */
  HEAVISIDE(false),
  /** The threshold unit with values −1 and 1: 1 for {@code s ≥ 0}, so that it always decides. */
  SIGN(false);

  private final boolean differentiable;

  ActivationFunction(boolean differentiable) {
    this.differentiable = differentiable;
  }

  /** Whether there is a derivative that back-propagation can use. */
  public boolean differentiable() {
    return differentiable;
  }
}
