package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Numbers;

/**
 * The same layer of several lanes of a batch, side by side: where it needs something of the whole
 * batch, all lanes go as far as that before any goes on. A lane without examples is passed over,
 * and all that is exchanged is exchanged without it.
 */
interface SideBySide {
  /**
   * Lanes on their way.
   *
   * @param rows of each lane, 0 where it has none
   * @param passes of each lane
   * @param statistics of the whole batch
   */
  record Lanes(int[] rows, Pass[] passes, LaneStatistics statistics) {}

  /**
   * {@link Layer#forward} in all lanes.
   *
   * @param inputs of each lane
   */
  void forward(Numbers[] inputs, Lanes lanes);

  /**
   * {@link Layer#backward} in all lanes.
   *
   * @param inputs of each lane
   * @param deltas of each lane
   * @param inputDeltas of each lane; empty where nobody asks for them
   */
  void backward(Numbers[] inputs, Numbers[] deltas, Numbers[] inputDeltas, Lanes lanes);

  /** Of a layer whose lanes need nothing of each other. */
  static SideBySide independent(List<? extends Layer> layers) {
    return new SideBySide() {
      @Override
      public void forward(Numbers[] inputs, Lanes lanes) {
        for (int i = 0; i < layers.size(); i++) {
          if (lanes.rows[i] > 0) {
            layers.get(i).forward(inputs[i], lanes.rows[i], lanes.passes[i]);
          }
        }
      }

      @Override
      public void backward(Numbers[] inputs, Numbers[] deltas, Numbers[] inputDeltas, Lanes lanes) {
        for (int i = 0; i < layers.size(); i++) {
          if (lanes.rows[i] > 0) {
            Numbers inputDelta = inputDeltas.length == 0 ? null : inputDeltas[i];
            layers
                .get(i)
                .backward(inputs[i], deltas[i], inputDelta, lanes.rows[i], lanes.passes[i]);
          }
        }
      }
    };
  }
}
