package minilote.trainer.network;

import java.util.List;
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
  private final int first; // of its parameters, among the network's
  private final int pieceRows; // of the weights' gradient

  private final Numbers weight; // in × out
  private final Numbers bias; // out
  private final List<Numbers> gradient;
  private final Flattening flattening;
  private final Units units; // maxRows × out

  DenseLayer(DenseDescription dense, Network.Place place, Workspace workspace) {
    this.engine = workspace.engine();
    this.in = Network.size(place.inputShape());
    this.out = dense.units();
    this.first = place.tensors().get(0).offset();
    this.pieceRows = in < LONG_ROW ? in : Math.max(1, PIECE / out);
    List<Numbers> parameters = workspace.parameters(place);
    this.weight = parameters.get(0);
    this.bias = parameters.get(1);
    this.gradient = workspace.gradient(place);
    this.flattening = Flattening.of(place, engine, workspace.maxRows());
    this.units = new Units(engine, dense.activation(), 1, out, false, workspace.maxRows());
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    Numbers x = flattening.forward(input, rows);
    engine.affine(rows, in, out, x, weight, bias, units.signal());
    units.forward(rows);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    Numbers x = flattening.list(input);
    engine.columnSums(rows, out, delta, pass.add(), gradient.get(1)); // Σ δ
    pass.complete(first + in * out);
    for (int behind = in; behind > 0; behind -= pieceRows) { // Σ x δᵀ
      int from = Math.max(0, behind - pieceRows);
      engine.transposedProduct(
          rows, in, out, from, behind - from, x, delta, pass.add(), gradient.get(0));
      pass.complete(first + from * out);
    }
    if (inputDelta != null) {
      engine.multiplyByTransposed(
          rows, out, in, delta, weight, flattening.delta(inputDelta)); // W δ
      flattening.backward(inputDelta, rows);
    }
  }
}
