package minilote.trainer.optimizer;

import java.util.List;
import java.util.Map;

/**
 * Adam: {@code m ← β₁ m + (1 − β₁) g}, {@code v ← β₂ v + (1 − β₂) g²}, {@code w ← w − η · (m / (1 −
 * β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)} at step t, with {@code m = v = 0} at first and {@code g = ∇ +
 * λw}.
 *
 * <p>D. P. Kingma and J. Ba, Adam: A Method for Stochastic Optimization, ICLR 2015,
 * arXiv:1412.6980, algorithm 1. With decoupled decay, {@code w ← w − ηλw} first and {@code g = ∇},
 * it is AdamW: I. Loshchilov and F. Hutter, Decoupled Weight Decay Regularization, ICLR 2019,
 * arXiv:1711.05101, algorithm 2. As PyTorch's {@code Adam} and {@code AdamW}: ε is added to the
 * corrected root. The corrections are reckoned in double precision from the step's number, so that
 * a resumed run has the same ones.
 */
final class Adam extends Optimizer {

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final float[] m;
  private final float[] v;

  Adam(OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    super(settings, parameterCount, decayRanges);
    this.beta1 = settings.beta1();
    this.beta2 = settings.beta2();
    this.epsilon = (float) settings.epsilon();
    this.m = new float[parameterCount];
    this.v = new float[parameterCount];
  }

  @Override
  void step(
      float[] w, float[] gradient, int from, int to, float learningRate, float decay, long step) {
    float rate = (float) (learningRate / (1 - power(beta1, step)));
    float root = (float) (1 / Math.sqrt(1 - power(beta2, step)));
    float keep1 = (float) beta1;
    float take1 = (float) (1 - beta1);
    float keep2 = (float) beta2;
    float take2 = (float) (1 - beta2);
    for (int i = from; i < to; i++) {
      float g = gradient[i] + decay * w[i];
      float first = keep1 * m[i] + take1 * g;
      float second = keep2 * v[i] + take2 * (g * g);
      m[i] = first;
      v[i] = second;
      w[i] -= rate * first / ((float) Math.sqrt(second) * root + epsilon);
    }
  }

  /** By squaring: {@code StrictMath.pow} allocates, at every step. */
  private static double power(double base, long exponent) {
    double power = 1;
    double square = base; // base^(2^k)
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }

  @Override
  public Map<String, float[]> state() {
    return named(Map.of("first_moment", m, "second_moment", v));
  }
}
