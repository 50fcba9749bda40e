package minilote.trainer.network;

import java.util.List;

/**
 * A tensor of a network: a named stretch of the flat array that holds all of them.
 *
 * @param layer the layer's number
 * @param role what it is to its layer
 * @param shape row-major; a dense layer's weights are in × out, a convolution's out × in × kernel
 *     height × kernel width
 * @param offset where it begins in the flat array
 * @param length the product of the shape
 * @param fanIn how many numbers enter each unit of the layer
 * @param fanOut how many numbers each input of the layer enters
 */
public record ParameterTensor(
    LayerNumber layer,
    Role role,
    List<Integer> shape,
    int offset,
    int length,
    int fanIn,
    int fanOut) {

  /** What a tensor is to its layer. */
  public enum Role {
    /** Weights, which weight decay makes smaller. */
    WEIGHT("weight"),
    BIAS("bias"),
    /** By which normalized numbers are multiplied. */
    GAMMA("gamma"),
    /** What is added to them. */
    BETA("beta"),
    /** Of what a layer has been given so far in training; not trained. */
    RUNNING_MEAN("running_mean"),
    RUNNING_VARIANCE("running_var");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    /** Whether it is no parameter: the course of training tells it, not the gradient. */
    boolean isStatistic() {
      return this == RUNNING_MEAN || this == RUNNING_VARIANCE;
    }
  }

  public ParameterTensor {
    shape = List.copyOf(shape);
    long product = 1;
    for (int size : shape) {
      product *= size;
    }
    if (product != length || offset < 0) {
      throw new IllegalArgumentException(
          "%s of layer %s of shape %s cannot be %d numbers from %d on"
              .formatted(role, layer, shape, length, offset));
    }
  }

  /** One number for each of {@code units} units. */
  static ParameterTensor ofUnits(LayerNumber layer, Role role, int units, int offset) {
    return new ParameterTensor(layer, role, List.of(units), offset, units, 1, 1);
  }

  /** {@code layer.1.weight}, {@code layer.3.shortcut.1.bias}. */
  public String name() {
    return "layer." + layer + "." + role.word;
  }

  /** Whether it holds weights. */
  public boolean weight() {
    return role == Role.WEIGHT;
  }

  /** One past its last number. */
  public int end() {
    return offset + length;
  }
}
