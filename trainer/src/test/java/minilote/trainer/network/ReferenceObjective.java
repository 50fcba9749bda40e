package minilote.trainer.network;

import minilote.trainer.measure.Objective;

/** The mean loss of a network that answers over some rows, in double precision. */
public final class ReferenceObjective implements Objective {
  private final PreciseLoss loss;

  /**
   * @param parameters whose running statistics count
   * @param x rows × inputs
   * @param y rows × outputs
   */
  public ReferenceObjective(
      Network network, Loss loss, float[] parameters, float[] x, float[] y, int rows) {
    this.loss = new PreciseLoss(network, loss, parameters, x, y, rows);
  }

  @Override
  public int dimension() {
    return loss.dimension();
  }

  @Override
  public double loss(double[] weights) {
    return loss.loss(weights);
  }

  @Override
  public double lossAndGradient(double[] weights, double[] gradient) {
    return loss.lossAndGradient(weights, gradient);
  }
}
