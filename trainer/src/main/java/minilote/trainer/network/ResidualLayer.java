package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * A residual block at work: {@code s = F(x) + x} or {@code s = F(x) + P(x)}, {@code x' = θ(s)}; and
 * back, {@code ∂e/∂x = Fᵀδ + δ} or {@code Fᵀδ + Pᵀδ}, with the transposed Jacobians of F and P.
 */
final class ResidualLayer implements Layer {
  private final Engine engine;
  private final int inputs; // d^(ℓ-1)
  private final int size; // d^(ℓ)
  private final Branch layers; // F
  private final @Nullable Branch shortcut; // P; none where it is the input itself
  private final Units units; // maxRows × size
  private final @Nullable Numbers ownDelta; // maxRows × size, for a branch that changes it
  private final @Nullable Numbers shortcutDelta; // ∂e/∂x through P, maxRows × inputs

  ResidualLayer(ResidualDescription residual, Network.Place place, Workspace workspace) {
    this.engine = workspace.engine();
    this.inputs = Network.size(place.inputShape());
    this.size = Network.size(place.outputShape());
    this.layers = new Branch(place.parts().get(0), workspace);
    this.shortcut = place.parts().size() > 1 ? new Branch(place.parts().get(1), workspace) : null;
    boolean image = ImageShape.isImage(place.outputShape());
    int pixels = image ? ImageShape.of(place.outputShape()).area() : 1;
    this.units =
        new Units(engine, residual.activation(), pixels, size / pixels, true, workspace.maxRows());
    boolean changed = !layers.linear || (shortcut != null && !shortcut.linear);
    this.ownDelta = changed ? workspace.allocateDeltas(size) : null;
    this.shortcutDelta = shortcut == null ? null : workspace.allocateDeltas(inputs);
  }

  /** One of the ways through the block. */
  private static final class Branch {
    final Chain chain;
    final boolean linear; // its last activation

    Branch(List<Network.Place> places, Workspace workspace) {
      this.chain = new Chain(places, workspace);
      this.linear =
          places.get(places.size() - 1).description().activation().equals(Activation.LINEAR);
    }
  }

  @Override
  public Units units() {
    return units;
  }

  @Override
  public void forward(Numbers input, int rows, Pass pass) {
    layers.chain.forward(input, rows, pass);
    Numbers passed = input;
    if (shortcut != null) {
      shortcut.chain.forward(input, rows, pass);
      passed = shortcut.chain.output();
    }
    engine.addElements(rows, size, layers.chain.output(), passed, units.signal());
    units.forward(rows);
  }

  @Override
  public void backward(
      Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    // The shortcut's parameters are the last ones.
    if (shortcut != null) {
      Numbers through = inputDelta == null ? null : shortcutDelta;
      backward(shortcut, input, delta, through, rows, pass);
    }
    backward(layers, input, delta, inputDelta, rows, pass);
    if (inputDelta != null) {
      Numbers other = shortcutDelta == null ? delta : shortcutDelta;
      engine.addElements(rows, inputs, inputDelta, other, inputDelta);
    }
  }

  private void backward(
      Branch branch,
      Numbers input,
      Numbers delta,
      @Nullable Numbers inputDelta,
      int rows,
      Pass pass) {
    Numbers own = delta;
    if (!branch.linear && ownDelta != null) {
      engine.copy(delta, ownDelta); // The other branch needs it as it is.
      branch.chain.last().backwardThroughActivation(ownDelta, rows);
      own = ownDelta;
    }
    branch.chain.backward(input, own, inputDelta, rows, pass);
  }
}
