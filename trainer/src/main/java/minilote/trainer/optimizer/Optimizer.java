package minilote.trainer.optimizer;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An update rule with its state: {@code w ← w − η · (something of the gradient)}.
 *
 * <p>Every rule works on each parameter by itself. So the result does not depend on how the
 * parameters are cut into ranges, nor on who updates which: several threads or machines may each
 * update their own ranges of one step. State lies in flat arrays beside the parameters, under names
 * that checkpoints use. Nothing is allocated after construction.
 *
 * <p>Weight decay shrinks the parameters of the decaying ranges by λ: through the gradient, {@code
 * g ← g + λw}, as the derivative of {@code ½λ‖w‖²} is ("L2"); or apart from it, {@code w ← w −
 * ηλw}, before the rule's own step ("decoupled"; Loshchilov and Hutter, Decoupled Weight Decay
 * Regularization, ICLR 2019, arXiv:1711.05101, algorithms 1 and 2, with η for their schedule). For
 * SGD without momentum the two are the same; for Adam they are not, because L2's share is divided
 * by the root of the second moment like everything in the gradient. All conventions are PyTorch's.
 */
public abstract sealed class Optimizer permits GradientDescent, Momentum, Nesterov, Adam {

  private final int parameterCount;
  private final double weightDecay;
  private final boolean decoupled;
  private final ParameterRange[] decaying;

  Optimizer(OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    this.parameterCount = parameterCount;
    this.weightDecay = settings.weightDecay();
    this.decoupled = settings.decoupled();
    this.decaying =
        settings.decayAll()
            ? new ParameterRange[] {new ParameterRange(0, parameterCount)}
            : decayRanges.toArray(new ParameterRange[0]);
    int end = 0;
    for (ParameterRange range : decaying) {
      if (range.from() < end || range.to() > parameterCount) {
        throw new IllegalArgumentException(
            "decaying ranges must ascend without overlap within "
                + (parameterCount + " parameters: " + decayRanges));
      }
      end = range.to();
    }
  }

  /**
   * The optimizer for some settings, with its state at zero.
   *
   * @param parameterCount how many parameters the flat array has
   * @param decayRanges which of them decay, in ascending order: the weights, not the biases; the
   *     settings' {@code decayAll} overrides it
   */
  public static Optimizer of(
      OptimizerSettings settings, int parameterCount, List<ParameterRange> decayRanges) {
    return switch (settings.rule()) {
      case SGD -> new GradientDescent(settings, parameterCount, decayRanges);
      case MOMENTUM -> new Momentum(settings, parameterCount, decayRanges);
      case NESTEROV -> new Nesterov(settings, parameterCount, decayRanges);
      case ADAM, ADAMW -> new Adam(settings, parameterCount, decayRanges);
    };
  }

  /**
   * One step for parameters {@code from} to {@code to − 1}.
   *
   * @param w the parameters; changed within the range
   * @param gradient the gradient of the mean loss, as long as {@code w}; only read
   * @param from the first parameter, counted from 0
   * @param to one past the last
   * @param learningRate η
   * @param step the number of this step, the first being 1
   */
  public final void update(
      float[] w, float[] gradient, int from, int to, float learningRate, long step) {
    if (w.length != parameterCount || gradient.length != parameterCount) {
      throw new IllegalArgumentException(
          "update: there are %d weights and %d gradients for an optimizer of %d parameters"
              .formatted(w.length, gradient.length, parameterCount));
    }
    if (from < 0 || to < from || to > parameterCount) {
      throw new IllegalArgumentException(
          "update: range %d to %d does not lie within %d parameters"
              .formatted(from, to, parameterCount));
    }
    if (step < 1) {
      throw new IllegalArgumentException("update: step is " + step + ", and the first is 1");
    }
    int at = from;
    for (ParameterRange range : decaying) {
      if (range.from() >= to) {
        break;
      }
      if (range.to() > at) {
        if (range.from() > at) {
          step(w, gradient, at, range.from(), learningRate, 0, step);
          at = range.from();
        }
        int end = Math.min(range.to(), to);
        decayingStep(w, gradient, at, end, learningRate, step);
        at = end;
      }
    }
    step(w, gradient, at, to, learningRate, 0, step);
  }

  private void decayingStep(
      float[] w, float[] gradient, int from, int to, float learningRate, long step) {
    if (!decoupled) {
      step(w, gradient, from, to, learningRate, (float) weightDecay, step);
      return;
    }
    float share = (float) (learningRate * weightDecay);
    for (int i = from; i < to; i++) {
      w[i] -= share * w[i];
    }
    step(w, gradient, from, to, learningRate, 0, step);
  }

  /**
   * The rule itself over a range that decays as a whole or not at all.
   *
   * @param decay λ of the decay through the gradient
   */
  abstract void step(
      float[] w, float[] gradient, int from, int to, float learningRate, float decay, long step);

  /**
   * The state's own arrays by their names, in the names' order, each as long as the parameters;
   * empty for a rule without state.
   */
  public abstract Map<String, float[]> state();

  /**
   * Takes over a state that {@link #state()} once gave, by copying it.
   *
   * @throws IllegalArgumentException if names or lengths differ from this optimizer's
   */
  public final void restore(Map<String, float[]> saved) {
    Map<String, float[]> own = state();
    if (!own.keySet().equals(saved.keySet())) {
      throw new IllegalArgumentException(
          "restore: the optimizer's state is " + own.keySet() + " and not " + saved.keySet());
    }
    for (Map.Entry<String, float[]> entry : saved.entrySet()) {
      if (entry.getValue().length != parameterCount) {
        throw new IllegalArgumentException(
            "restore: %s has %d numbers for %d parameters"
                .formatted(entry.getKey(), entry.getValue().length, parameterCount));
      }
    }
    saved.forEach(
        (name, values) ->
            System.arraycopy(values, 0, Objects.requireNonNull(own.get(name)), 0, parameterCount));
  }

  /** In an order of its own: {@code Map.of} has another one in every JVM. */
  static Map<String, float[]> named(Map<String, float[]> state) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(state));
  }
}
