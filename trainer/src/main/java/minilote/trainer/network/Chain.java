package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/** Layers at work, one behind the other: of a network, or within a layer. */
final class Chain {
  private final List<Layer> layers;
  private final List<Numbers> deltas; // of each layer but the last, maxRows × d^(ℓ); or none

  /**
   * @param places at least one
   */
  Chain(List<Network.Place> places, Workspace workspace) {
    List<Layer> layerList = new ArrayList<>();
    List<Numbers> deltaList = new ArrayList<>();
    for (Network.Place place : places) {
      layerList.add(LayerKind.of(place.description().kind()).make(place, workspace));
      Numbers delta =
          layerList.size() < places.size()
              ? workspace.allocateDeltas(Network.size(place.outputShape()))
              : null;
      if (delta != null) {
        deltaList.add(delta);
      }
    }
    this.layers = List.copyOf(layerList);
    this.deltas = List.copyOf(deltaList);
  }

  int size() {
    return layers.size();
  }

  Layer layer(int index) {
    return layers.get(index);
  }

  Layer last() {
    return layers.get(layers.size() - 1);
  }

  /** Of the last layer, rows × d. */
  Numbers output() {
    return last().output();
  }

  /** δ of a layer but the last, from 0. */
  Numbers delta(int index) {
    return deltas.get(index);
  }

  /** From the input of the first layer to the output of the last. */
  void forward(Numbers input, int rows, Pass pass) {
    Numbers x = input;
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).forward(x, rows, pass);
      x = layers.get(i).output();
    }
  }

  /**
   * From the last layer to the gradients of all, and to what was put into the first.
   *
   * @param input what {@link #forward} was given
   * @param delta ∂e/∂s of the last layer, rows × d
   * @param inputDelta ∂e/∂x of the input, written; null where nobody asks for it
   */
  void backward(Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass) {
    Numbers behind = delta;
    for (int i = layers.size() - 1; i > 0; i--) {
      Layer before = layers.get(i - 1);
      layers.get(i).backward(before.output(), behind, deltas.get(i - 1), rows, pass);
      behind = deltas.get(i - 1);
      before.backwardThroughActivation(behind, rows);
    }
    layers.get(0).backward(input, behind, inputDelta, rows, pass);
  }
}
