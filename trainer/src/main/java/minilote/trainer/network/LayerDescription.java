package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a user says about one layer: everything but its input, which follows from the layer before.
 * Immutable.
 */
public sealed interface LayerDescription permits DenseDescription {
  /** The word that begins it, {@code dense}. */
  String kind();

  /** What turns its signals into its outputs. */
  Activation activation();

  /** As networks are written: {@code dense 512 relu}. */
  String toWords();

  /** The same content as a JSON object. */
  ObjectNode toJson();

  /** The shape of its output for an input of that shape: (n), or (channels, height, width). */
  List<Integer> outputShape(List<Integer> inputShape);

  /** How many parameters it has. */
  long parameterCount(List<Integer> inputShape);

  /**
   * Its parameters, one after the other.
   *
   * @param number of the layer, from 1
   * @param offset where they begin among all of the network's
   */
  List<ParameterTensor> tensors(int number, List<Integer> inputShape, int offset);
}
