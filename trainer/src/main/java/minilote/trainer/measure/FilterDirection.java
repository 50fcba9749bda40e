package minilote.trainer.measure;

import minilote.datasets.KeyedRandom;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;

/**
 * Random directions to look at a minimum along, each filter as long as the network's own: H. Li et
 * al., <i>Visualizing the loss landscape of neural nets</i>, NeurIPS 2018, section 4. A filter is
 * what leads to one unit: a column of a dense layer's {@code in × out}, one of a convolution's
 * {@code out} kernels. Biases and the parameters of batch normalization do not move, and neither do
 * running statistics.
 */
final class FilterDirection {
  private static final String PURPOSE = "landscape";

  private FilterDirection() {}

  /**
   * A direction.
   *
   * @param parameters all of the network's
   * @param number directions of other numbers are others
   * @return as many numbers as {@code parameters}
   */
  static double[] of(Network network, float[] parameters, long seed, int number) {
    double[] direction = new double[network.parameterCount()];
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.weight()) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, number, tensor.offset());
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          direction[i] = random.nextGaussian();
        }
        normalize(tensor, parameters, direction);
      }
    }
    return direction;
  }

  private static void normalize(ParameterTensor tensor, float[] parameters, double[] direction) {
    boolean dense = tensor.shape().size() == 2;
    int filters = dense ? tensor.shape().get(1) : tensor.shape().get(0);
    int length = tensor.length() / filters;
    int stride = dense ? filters : 1; // between two numbers of a filter
    for (int filter = 0; filter < filters; filter++) {
      int first = tensor.offset() + (dense ? filter : filter * length);
      double weights = 0;
      double drawn = 0;
      for (int i = 0; i < length; i++) {
        int at = first + i * stride;
        weights += (double) parameters[at] * parameters[at];
        drawn += direction[at] * direction[at];
      }
      double factor = drawn == 0 ? 0 : Math.sqrt(weights / drawn);
      for (int i = 0; i < length; i++) {
        direction[first + i * stride] *= factor;
      }
    }
  }
}
