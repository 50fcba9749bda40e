package minilote.trainer.network;

import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;

/**
 * The mean loss of a network that answers over some rows, and its gradient, in double precision: of
 * small networks, where differences of gradients are to be taken that float has no digits for.
 *
 * <p>The weights w are the parameters that are trained; running statistics are constants.
 */
public final class PreciseLoss implements AutoCloseable {
  private final ReferenceEngine engine = new ReferenceEngine();
  private final BackPropagation backPropagation;
  private final int trained;
  private final int rows;

  /**
   * @param parameters whose running statistics count
   * @param x rows × inputs
   * @param y rows × outputs
   */
  public PreciseLoss(
      Network network, Loss loss, float[] parameters, float[] x, float[] y, int rows) {
    this.backPropagation = new BackPropagation(network, loss, engine, rows);
    this.trained = network.trainedCount();
    this.rows = rows;
    backPropagation.setParameters(parameters);
    System.arraycopy(x, 0, backPropagation.inputs(), 0, x.length);
    System.arraycopy(y, 0, backPropagation.targets(), 0, y.length);
  }

  /** How many weights there are. */
  public int dimension() {
    return trained;
  }

  private void set(double[] weights) {
    Numbers w = backPropagation.parameterNumbers();
    for (int i = 0; i < trained; i++) {
      engine.set(w, i, weights[i]);
    }
    backPropagation.clear();
  }

  /** E(w). */
  public double loss(double[] weights) {
    set(weights);
    backPropagation.error(rows);
    return backPropagation.loss() / rows;
  }

  /**
   * E(w) and ∇E(w).
   *
   * @param gradient written; another array than {@code weights}
   */
  public double lossAndGradient(double[] weights, double[] gradient) {
    set(weights);
    backPropagation.errorAndGradientAnswering(rows);
    Numbers sum = backPropagation.gradientNumbers();
    for (int i = 0; i < trained; i++) {
      gradient[i] = engine.get(sum, i) / rows;
    }
    return backPropagation.loss() / rows;
  }

  @Override
  public void close() {
    backPropagation.close();
  }
}
