package minilote.trainer.optimizer;

import java.util.List;
import java.util.Map;

/**
 * Gradient descent with momentum, the heavy ball: {@code v ← μ v + g}, {@code w ← w − η v}, with
 * {@code g = ∇ + λw} and {@code v = 0} at first.
 *
 * <p>B. T. Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, USSR
 * Computational Mathematics and Mathematical Physics 4(5), 1964, equation (9). The learning rate
 * stands outside of the velocity, as in PyTorch's {@code SGD(momentum=μ)}: when it falls, so does
 * the whole step.
 */
final class Momentum extends Optimizer {

  static final String VELOCITY = "velocity";

  private final float mu;
  private final float[] v;

  Momentum(OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    super(settings, parameterCount, decayRanges);
    this.mu = (float) settings.momentum();
    this.v = new float[parameterCount];
  }

  @Override
  void step(
      float[] w, float[] gradient, int from, int to, float learningRate, float decay, long step) {
    for (int i = from; i < to; i++) {
      float velocity = mu * v[i] + (gradient[i] + decay * w[i]);
      v[i] = velocity;
      w[i] -= learningRate * velocity;
    }
  }

  @Override
  public Map<String, float[]> state() {
    return named(Map.of(VELOCITY, v));
  }
}
