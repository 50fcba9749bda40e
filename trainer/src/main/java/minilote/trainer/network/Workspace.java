package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * What layers at work are made with.
 *
 * @param engine does the arithmetic
 * @param maxRows rows that memory is for
 * @param parameters all of the network's
 * @param gradient laid out as the parameters; null where nothing is learned
 */
record Workspace(Engine engine, int maxRows, Numbers parameters, @Nullable Numbers gradient) {
  /** The tensors of the layer at that place. */
  List<Numbers> parameters(Network.Place place) {
    return slices(parameters, place);
  }

  /** Where the gradients of these tensors are added; empty where nothing is learned. */
  List<Numbers> gradient(Network.Place place) {
    return gradient == null ? List.of() : slices(gradient, place);
  }

  private static List<Numbers> slices(Numbers all, Network.Place place) {
    return place.tensors().stream().map(t -> all.slice(t.offset(), t.length())).toList();
  }

  /** See {@link Layer#allocateRows}. */
  Numbers allocateRows(int columns) {
    return Layer.allocateRows(engine, maxRows, columns);
  }

  /** The same, where something is learned. */
  @Nullable Numbers allocateDeltas(int columns) {
    return gradient == null ? null : allocateRows(columns);
  }
}
