package minilote.trainer.network;

import minilote.trainer.math.Numbers;
import minilote.trainer.math.ReferenceEngine;
import minilote.trainer.measure.Objective;

/** The mean loss of a network that answers over some rows, in double precision. */
public final class ReferenceObjective implements Objective {
  private final ReferenceEngine engine = new ReferenceEngine();
  private final BackPropagation backPropagation;
  private final int trained;
  private final int rows;

  /**
   * @param parameters whose running statistics count
   * @param x rows × inputs
   * @param y rows × outputs
   */
  public ReferenceObjective(
      Network network, Loss loss, float[] parameters, float[] x, float[] y, int rows) {
    this.backPropagation = new BackPropagation(network, loss, engine, rows);
    this.trained = network.trainedCount();
    this.rows = rows;
    backPropagation.setParameters(parameters);
    System.arraycopy(x, 0, backPropagation.inputs(), 0, x.length);
    System.arraycopy(y, 0, backPropagation.targets(), 0, y.length);
  }

  @Override
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

  @Override
  public double loss(double[] weights) {
    set(weights);
    backPropagation.error(rows);
    return backPropagation.loss() / rows;
  }

  @Override
  public double lossAndGradient(double[] weights, double[] gradient) {
    set(weights);
    backPropagation.errorAndGradientAnswering(rows);
    for (int i = 0; i < trained; i++) {
      gradient[i] = engine.get(backPropagation.gradientNumbers(), i) / rows;
    }
    return backPropagation.loss() / rows;
  }
}
