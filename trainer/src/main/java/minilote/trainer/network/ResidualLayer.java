package minilote.trainer.network;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    if (shortcut != null) {
      shortcut.chain.forward(input, rows, pass);
    }
    join(input, rows);
  }

  /** After both branches. */
  private void join(Numbers input, int rows) {
    Numbers passed = shortcut == null ? input : shortcut.chain.output();
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
      joinBack(delta, inputDelta, rows);
    }
  }

  /** After the ways back through both branches. */
  private void joinBack(Numbers delta, Numbers inputDelta, int rows) {
    Numbers other = shortcutDelta == null ? delta : shortcutDelta;
    engine.addElements(rows, inputs, inputDelta, other, inputDelta);
  }

  private void backward(
      Branch branch,
      Numbers input,
      Numbers delta,
      @Nullable Numbers inputDelta,
      int rows,
      Pass pass) {
    branch.chain.backward(input, through(branch, delta, rows), inputDelta, rows, pass);
  }

  /** Back through the last activation of a branch. */
  private Numbers through(Branch branch, Numbers delta, int rows) {
    if (branch.linear || ownDelta == null) {
      return delta;
    }
    engine.copy(delta, ownDelta); // The other branch needs it as it is.
    branch.chain.last().backwardThroughActivation(ownDelta, rows);
    return ownDelta;
  }

  @Override
  public SideBySide sideBySide(List<Layer> lanes) {
    return new Blocks(lanes.stream().map(ResidualLayer.class::cast).toList());
  }

  /** The block in several lanes: in all of them the one branch, then the other. */
  private static final class Blocks implements SideBySide {
    private static final Numbers[] NONE = {};

    private final List<ResidualLayer> blocks;
    private final ChainsSideBySide layers;
    private final @Nullable ChainsSideBySide shortcuts;
    private final Numbers[] shortcutDeltas; // of each lane; or none
    private final Numbers[] through; // ∂e/∂s of a branch's last layer, of each lane

    Blocks(List<ResidualLayer> blocks) {
      this.blocks = blocks;
      this.layers = new ChainsSideBySide(blocks.stream().map(b -> b.layers.chain).toList());
      this.through = new Numbers[blocks.size()];
      List<Branch> branches =
          blocks.stream().flatMap(block -> Stream.ofNullable(block.shortcut)).toList();
      this.shortcuts =
          branches.isEmpty()
              ? null
              : new ChainsSideBySide(branches.stream().map(b -> b.chain).toList());
      this.shortcutDeltas =
          blocks.stream()
              .flatMap(block -> Stream.ofNullable(block.shortcutDelta))
              .toArray(Numbers[]::new);
    }

    @Override
    public void forward(Numbers[] inputs, Lanes lanes) {
      layers.forward(inputs, lanes);
      if (shortcuts != null) {
        shortcuts.forward(inputs, lanes);
      }
      for (int i = 0; i < through.length; i++) {
        if (lanes.rows()[i] > 0) {
          blocks.get(i).join(inputs[i], lanes.rows()[i]);
        }
      }
    }

    @Override
    public void backward(Numbers[] inputs, Numbers[] deltas, Numbers[] inputDeltas, Lanes lanes) {
      boolean asked = inputDeltas.length > 0;
      if (shortcuts != null) {
        for (int i = 0; i < through.length; i++) {
          ResidualLayer block = blocks.get(i);
          Branch branch = Objects.requireNonNull(block.shortcut);
          through[i] = block.through(branch, deltas[i], lanes.rows()[i]);
        }
        shortcuts.backward(inputs, through, asked ? shortcutDeltas : NONE, lanes);
      }
      for (int i = 0; i < through.length; i++) {
        ResidualLayer block = blocks.get(i);
        through[i] = block.through(block.layers, deltas[i], lanes.rows()[i]);
      }
      layers.backward(inputs, through, inputDeltas, lanes);
      for (int i = 0; i < inputDeltas.length; i++) {
        if (lanes.rows()[i] > 0) {
          blocks.get(i).joinBack(deltas[i], inputDeltas[i], lanes.rows()[i]);
        }
      }
    }
  }
}
