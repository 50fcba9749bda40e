package minilote.trainer.network;

import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;

/** What a layer's signals become: x = θ(s) forward, δ = θ'(s) ⊙ ∂e/∂x backward. */
final class Units {
  private final Engine engine;
  private final ActivationFunction theta;
  private final float alpha;
  private final int pixels; // each with units of its own, 1 where there is no image
  private final int units;
  private final Numbers signal; // maxRows × pixels × units
  private final Numbers output; // maxRows × pixels × units

  /**
   * @param pixels of the image; 1 where there is none
   * @param units channels of a pixel, or all units
   * @param inPlace whether relu, whose output tells its derivative, may overwrite the signals
   */
  Units(Engine engine, Activation activation, int pixels, int units, boolean inPlace, int maxRows) {
    this.engine = engine;
    this.theta = activation.function();
    this.alpha = activation.alpha();
    this.pixels = pixels;
    this.units = units;
    this.signal = Layer.allocateRows(engine, maxRows, pixels * units);
    boolean same =
        theta == ActivationFunction.LINEAR || (inPlace && theta == ActivationFunction.RELU);
    this.output = same ? signal : Layer.allocateRows(engine, maxRows, pixels * units);
  }

  Numbers signal() {
    return signal;
  }

  Numbers output() {
    return output;
  }

  /** Whether outputs are {@code max(s, 0)} and lie where the signals did. */
  boolean isReluInPlace() {
    return theta == ActivationFunction.RELU && output == signal;
  }

  void forward(int rows) {
    if (theta != ActivationFunction.LINEAR) {
      engine.activate(theta, alpha, rows * pixels, units, signal, output);
    }
  }

  void backward(Numbers delta, int rows) {
    engine.multiplyByDerivative(theta, alpha, rows * pixels, units, signal, output, delta);
  }
}
