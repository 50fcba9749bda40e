package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.datasets.UserError;

/**
 * What a user says about one layer: everything but its input, which follows from the layer before.
 * Immutable.
 */
public sealed interface LayerDescription
    permits DenseDescription,
        ConvDescription,
        PoolDescription,
        GlobalAveragePoolDescription,
        FlattenDescription,
        DropoutDescription,
        ResidualDescription,
        BatchNormDescription {
  /** The word that begins it, {@code dense}. */
  String kind();

  /** What turns its signals into its outputs. */
  Activation activation();

  /** As networks are written: {@code dense 512 relu}. */
  String toWords();

  /** The same content as a JSON object. */
  ObjectNode toJson();

  /** Whether it takes an image as one, or as the list of its numbers. */
  boolean worksOnImages();

  /**
   * The shape of its output for an input of that shape: (n), or (channels, height, width).
   *
   * @throws UserError if it does not take such an input; the sentence leaves to say which layer
   */
  List<Integer> outputShape(List<Integer> inputShape);

  /** How many parameters it has, on an input that {@link #outputShape} took; none unless said. */
  default long parameterCount(List<Integer> inputShape) {
    return 0;
  }

  /**
   * How many products of two numbers an example takes forward, on an input that {@link
   * #outputShape} took: what the time of a layer is reckoned from. Those of its parts unless said.
   */
  default long multiplications(List<Integer> inputShape) {
    long sum = 0;
    for (Part part : parts()) {
      List<Integer> shape = inputShape;
      for (LayerDescription layer : part.layers()) {
        sum += layer.multiplications(shape);
        shape = layer.outputShape(shape);
      }
    }
    return sum;
  }

  /**
   * Its parameters, one after the other.
   *
   * @param offset where they begin among all of the network's
   */
  default List<ParameterTensor> tensors(LayerNumber number, List<Integer> inputShape, int offset) {
    return List.of();
  }

  /** How many statistics it has, on such an input; none unless said. */
  default long statisticsCount(List<Integer> inputShape) {
    return 0;
  }

  /**
   * Its statistics, one after the other: tensors that are measured in training, and not trained.
   *
   * @param offset where they begin among all numbers of the network
   */
  default List<ParameterTensor> statistics(
      LayerNumber number, List<Integer> inputShape, int offset) {
    return List.of();
  }

  /** Lists of layers that it is made of, each of which is given its input; none unless said. */
  default List<Part> parts() {
    return List.of();
  }

  /**
   * Layers within a layer.
   *
   * @param name in the numbers of these layers; empty where it needs none
   */
  record Part(String name, List<LayerDescription> layers) {}

  /** Whether it draws random numbers for each example that is learned from. */
  default boolean draws() {
    return false;
  }

  /** Whether a network may end with it. */
  default boolean mayBeLast() {
    return true;
  }

  /** How words end where an activation may be left away. */
  static String ending(Activation activation) {
    return activation.equals(Activation.LINEAR) ? "" : " " + activation.word();
  }

  /** The product, or a quarter of the largest number where it is beyond that. */
  static long product(long a, long b) {
    long most = Long.MAX_VALUE / 4;
    return b != 0 && a > most / b ? most : a * b;
  }
}
