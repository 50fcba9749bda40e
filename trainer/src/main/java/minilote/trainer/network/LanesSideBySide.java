package minilote.trainer.network;

import java.util.List;
import java.util.function.IntConsumer;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Error and gradient of several lanes of one batch that is normalized as a whole: as {@link
 * BackPropagation} has them for one lane, but all lanes go through the network layer by layer, so
 * that a layer can learn of the whole batch what it needs ({@link LaneStatistics}). What all lanes
 * hold between two layers is kept at once.
 *
 * <pre>{@code
 * for (each lane) {
 *   lane.clear();
 *   // fill lane.inputs() and lane.targets() with its rows
 * }
 * lanes.errorAndGradient(rows, statistics, complete);
 * // gradient(), loss(), correct() of each lane
 * }</pre>
 *
 * <p>A lane is one block. One thread; nothing is allocated after construction but where the
 * statistics are others than before.
 */
public final class LanesSideBySide {
  private static final Numbers[] NOBODY = {};

  private final List<BackPropagation> lanes;
  private final ChainsSideBySide layers;
  private final Numbers[] inputs; // by lane
  private final Numbers[] deltas; // by lane, of the last layer
  private final int[] rows; // by lane
  private final Pass[] passes; // by lane
  private SideBySide.@Nullable Lanes now;

  /**
   * Lanes of one network.
   *
   * @param lanes each with memory of its own; they may share an engine
   */
  public LanesSideBySide(List<BackPropagation> lanes) {
    this.lanes = List.copyOf(lanes);
    this.layers = new ChainsSideBySide(lanes.stream().map(BackPropagation::layers).toList());
    this.inputs = lanes.stream().map(BackPropagation::input).toArray(Numbers[]::new);
    this.deltas = lanes.stream().map(BackPropagation::delta).toArray(Numbers[]::new);
    this.rows = new int[lanes.size()];
    this.passes = new Pass[lanes.size()];
  }

  /** How many lanes. */
  public int size() {
    return lanes.size();
  }

  /** One of the lanes, from 0. */
  public BackPropagation lane(int lane) {
    return lanes.get(lane);
  }

  /** See {@link BackPropagation#setParameters}; of all lanes. */
  public void setParameters(float[] parameters) {
    lanes.forEach(lane -> lane.setParameters(parameters));
  }

  /**
   * Forward, loss and backward in all lanes; adds to their sums.
   *
   * @param rowsOfLanes of each lane, 0 where it has none
   * @param statistics of the batch
   * @param complete told, again and again on the way back through the layers, from which parameter
   *     on all has been added to the gradients of all lanes
   */
  public void errorAndGradient(int[] rowsOfLanes, LaneStatistics statistics, IntConsumer complete) {
    int last = -1;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = rowsOfLanes[i];
      last = rows[i] > 0 ? i : last;
    }
    for (int i = 0; i <= last; i++) {
      if (rows[i] > 0) {
        // What the last one has passed, all have.
        passes[i] = lanes.get(i).begin(rows[i], i == last ? complete : Pass::tellNobody);
      }
    }
    SideBySide.Lanes all = now;
    if (all == null || all.statistics() != statistics) {
      all = new SideBySide.Lanes(rows, passes, statistics);
      now = all;
    }
    layers.forward(inputs, all);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] > 0) {
        lanes.get(i).measureAndTurn(rows[i]);
      }
    }
    layers.backward(inputs, deltas, NOBODY, all);
  }
}
