package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;
import minilote.trainer.math.Numbers;

/** {@link Chain}s of several lanes, layer by layer in all of them. */
final class ChainsSideBySide implements SideBySide {
  private final List<Chain> chains;
  private final List<SideBySide> layers = new ArrayList<>();
  private final List<Numbers[]> outputs = new ArrayList<>(); // by layer, of each lane
  private final List<Numbers[]> deltas = new ArrayList<>(); // of each layer but the last

  /**
   * Of the same layers.
   *
   * @param chains one a lane
   */
  ChainsSideBySide(List<Chain> chains) {
    this.chains = chains;
    Chain first = chains.get(0);
    for (int i = 0; i < first.size(); i++) {
      int at = i;
      layers.add(first.layer(i).sideBySide(chains.stream().map(c -> c.layer(at)).toList()));
      outputs.add(chains.stream().map(c -> c.layer(at).output()).toArray(Numbers[]::new));
      if (i < first.size() - 1) {
        deltas.add(chains.stream().map(c -> c.delta(at)).toArray(Numbers[]::new));
      }
    }
  }

  /** Of the last layer, of each lane. */
  Numbers[] outputs() {
    return outputs.get(outputs.size() - 1);
  }

  @Override
  public void forward(Numbers[] inputs, Lanes lanes) {
    Numbers[] x = inputs;
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).forward(x, lanes);
      x = outputs.get(i);
    }
  }

  @Override
  public void backward(Numbers[] inputs, Numbers[] last, Numbers[] inputDeltas, Lanes lanes) {
    Numbers[] behind = last;
    for (int i = layers.size() - 1; i > 0; i--) {
      layers.get(i).backward(outputs.get(i - 1), behind, deltas.get(i - 1), lanes);
      behind = deltas.get(i - 1);
      backwardThroughActivation(i - 1, behind, lanes);
    }
    layers.get(0).backward(inputs, behind, inputDeltas, lanes);
  }

  private void backwardThroughActivation(int layer, Numbers[] delta, Lanes lanes) {
    for (int lane = 0; lane < chains.size(); lane++) {
      if (lanes.rows()[lane] > 0) {
        chains.get(lane).layer(layer).backwardThroughActivation(delta[lane], lanes.rows()[lane]);
      }
    }
  }
}
