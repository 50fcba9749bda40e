package minilote.trainer.optimizer;

import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent: {@code w ← w − η g}, with {@code g = ∇ + λw}.
 *
 * <p>H. Robbins and S. Monro, A Stochastic Approximation Method, Annals of Mathematical Statistics
 * 22(3), 1951. As PyTorch's {@code SGD}.
 */
final class GradientDescent extends Optimizer {

  GradientDescent(
      OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    super(settings, parameterCount, decayRanges);
  }

  @Override
  void step(
      float[] w, float[] gradient, int from, int to, float learningRate, float decay, long step) {
    for (int i = from; i < to; i++) {
      w[i] -= learningRate * (gradient[i] + decay * w[i]);
    }
  }

  @Override
  public Map<String, float[]> state() {
    return named(Map.of());
  }
}
