package minilote.trainer.network;

import java.util.List;
import java.util.function.IntConsumer;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/** A dense layer at work: {@code s = Wᵀx + b}, {@code x' = θ(s)} for every row x. */
final class DenseLayer implements Layer {
  /**
   * Numbers of the weights' gradient that one product adds to: enough for a product to be as fast
   * as it can be, few enough for the first ones to be of use while the others are computed.
   */
  private static final int PIECE = 1 << 18;

  private final Engine engine;
  private final int in; // d^(ℓ-1)
  private final int out; // d^(ℓ)
  private final ActivationFunction theta;
  private final float alpha;
  private final int first; // of its parameters, among the network's
  private final int pieceRows; // of the weights' gradient

  private final Numbers weight; // in × out
  private final Numbers bias; // out
  private final Numbers signal; // maxRows × out
  private final Numbers output; // maxRows × out

  DenseLayer(
      Engine engine,
      int in,
      DenseDescription dense,
      int first,
      List<Numbers> parameters,
      int maxRows) {
    this.first = first;
    this.engine = engine;
    this.in = in;
    this.out = dense.units();
    this.pieceRows = in < LONG_ROW ? in : Math.max(1, PIECE / out);
    this.theta = dense.activation().function();
    this.alpha = dense.activation().alpha();
    this.weight = parameters.get(0);
    this.bias = parameters.get(1);
    this.signal = Layer.allocateRows(engine, maxRows, out);
    this.output =
        theta == ActivationFunction.LINEAR ? signal : Layer.allocateRows(engine, maxRows, out);
  }

  @Override
  public Numbers signal() {
    return signal;
  }

  @Override
  public Numbers output() {
    return output;
  }

  @Override
  public void forward(Numbers input, int rows) {
    engine.affine(rows, in, out, input, weight, bias, signal);
    if (theta != ActivationFunction.LINEAR) {
      engine.activate(theta, alpha, rows, out, signal, output);
    }
  }

  @Override
  public void backwardThroughActivation(Numbers delta, int rows) {
    engine.multiplyByDerivative(theta, alpha, rows, out, signal, output, delta);
  }

  @Override
  public void backward(
      Numbers input,
      Numbers delta,
      List<Numbers> gradient,
      boolean add,
      @Nullable Numbers inputDelta,
      int rows,
      IntConsumer complete) {
    engine.columnSums(rows, out, delta, add, gradient.get(1)); // Σ δ
    complete.accept(first + in * out);
    for (int behind = in; behind > 0; behind -= pieceRows) { // Σ x δᵀ
      int from = Math.max(0, behind - pieceRows);
      engine.transposedProduct(
          rows, in, out, from, behind - from, input, delta, add, gradient.get(0));
      complete.accept(first + from * out);
    }
    if (inputDelta != null) {
      engine.multiplyByTransposed(rows, out, in, delta, weight, inputDelta); // W δ
    }
  }
}
