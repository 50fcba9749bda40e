package minilote.trainer.optimizer;

import java.util.List;
import java.util.Map;

/**
 * Nesterov's accelerated gradient: {@code v ← μ v + g}, {@code w ← w − η (g + μ v)}, with {@code g
 * = ∇ + λw} and {@code v = 0} at first.
 *
 * <p>Y. Nesterov, A Method for Solving the Convex Programming Problem with Convergence Rate
 * O(1/k²), Soviet Mathematics Doklady 27, 1983, in the form of I. Sutskever, J. Martens, G. Dahl
 * and G. Hinton, On the Importance of Initialization and Momentum in Deep Learning, ICML 2013,
 * equations (3) and (4), rewritten for the parameters at which the gradient is taken. As PyTorch's
 * {@code SGD(momentum=μ, nesterov=True)}.
 */
final class Nesterov extends Optimizer {

  private final float mu;
  private final float[] v;

  Nesterov(OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    super(settings, parameterCount, decayRanges);
    this.mu = (float) settings.momentum();
    this.v = new float[parameterCount];
  }

  @Override
  void step(
      float[] w, float[] gradient, int from, int to, float learningRate, float decay, long step) {
    for (int i = from; i < to; i++) {
      float g = gradient[i] + decay * w[i];
      float velocity = mu * v[i] + g;
      v[i] = velocity;
      w[i] -= learningRate * (g + mu * velocity);
    }
  }

  @Override
  public Map<String, float[]> state() {
    return named(Map.of(Momentum.VELOCITY, v));
  }
}
