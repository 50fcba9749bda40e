package minilote.trainer.network;

import java.util.List;

/**
 * A tensor of parameters: a named stretch of the flat array that holds all of a network's.
 *
 * @param name {@code layer.1.weight}, {@code layer.1.bias}; layers count from 1
 * @param layer the layer's number
 * @param weight whether it holds weights, which weight decay makes smaller, or biases
 * @param shape row-major; a dense layer's weights are in × out, a convolution's out × in × kernel
 *     height × kernel width
 * @param offset where it begins in the flat array
 * @param length the product of the shape
 * @param fanIn how many numbers enter each unit of the layer
 * @param fanOut how many numbers each input of the layer enters
 */
public record ParameterTensor(
    String name,
    int layer,
    boolean weight,
    List<Integer> shape,
    int offset,
    int length,
    int fanIn,
    int fanOut) {

  public ParameterTensor {
    shape = List.copyOf(shape);
    long product = 1;
    for (int size : shape) {
      product *= size;
    }
    if (product != length || offset < 0) {
      throw new IllegalArgumentException(
          "%s of shape %s cannot be %d numbers from %d on".formatted(name, shape, length, offset));
    }
  }
}
