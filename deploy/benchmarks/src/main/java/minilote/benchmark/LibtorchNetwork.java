package minilote.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.List;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.network.Activation;
import minilote.trainer.network.ConvDescription;
import minilote.trainer.network.DenseDescription;
import minilote.trainer.network.LayerDescription;
import minilote.trainer.network.Network;
import minilote.trainer.network.Padding;
import minilote.trainer.network.ParameterTensor;
import minilote.trainer.network.PoolDescription;
import minilote.trainer.network.Size;

/**
 * A network's layers in libtorch's functions, as far as those of the benchmark go: dense layers,
 * convolutions with stride 1 and windows of odd sides, largest of windows.
 */
final class LibtorchNetwork {
  private static final int IMAGE_DIMENSIONS = 3;
  private static final Shape ONES = new Shape(1, 1);

  private final List<Integer> inputShape;
  private final List<LayerDescription> layers;

  LibtorchNetwork(Network network) {
    this.inputShape = network.inputShape();
    this.layers = network.description().layers();
    layers.forEach(LibtorchNetwork::check);
  }

  /**
   * One of Minilote's parameters as libtorch lays it out: kernels of convolutions are alike,
   * weights of dense layers, ours in × out, become out × in.
   *
   * @param parameters all of the network's
   */
  static PtNDArray tensor(NDManager manager, ParameterTensor tensor, float[] parameters) {
    FloatBuffer values = FloatBuffer.wrap(parameters, tensor.offset(), tensor.length());
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
    NDArray ours = manager.create(values.slice(), shape, DataType.FLOAT32);
    if (shape.dimension() != 2) {
      return (PtNDArray) ours;
    }
    try (ours;
        NDArray transposed = ours.transpose()) {
      return (PtNDArray) transposed.duplicate();
    }
  }

  /** What libtorch would do otherwise than Minilote must not be measured. */
  private static void check(LayerDescription layer) {
    boolean known = layer instanceof DenseDescription;
    if (layer instanceof ConvDescription conv) {
      known =
          conv.bias()
              && conv.padding().kind() == Padding.Kind.SAME
              && conv.stride().equals(new Size(1, 1))
              && conv.kernel().height() % 2 == 1
              && conv.kernel().width() % 2 == 1;
    } else if (layer instanceof PoolDescription pool) {
      known = pool.type() == PoolDescription.Kind.MAX && pool.padding().equals(Padding.VALID);
    }
    if (!known) {
      throw new IllegalArgumentException("not known here: " + layer.toWords());
    }
  }

  /**
   * The signals of the last layer.
   *
   * @param inputs rows × d^(0)
   * @param weights as {@link #tensor} makes them
   * @return rows × d^(L)
   */
  PtNDArray signals(PtNDArray inputs, List<PtNDArray> weights) {
    PtNDArray x = inputs;
    if (layers.get(0).worksOnImages()) {
      x =
          JniUtils.reshape(
              x, new long[] {-1, inputShape.get(0), inputShape.get(1), inputShape.get(2)});
    }
    int next = 0;
    for (int i = 0; i < layers.size(); i++) {
      LayerDescription layer = layers.get(i);
      if (layer instanceof DenseDescription) {
        if (x.getShape().dimension() > 2) {
          x = JniUtils.flatten(x, 1, IMAGE_DIMENSIONS);
        }
        x = JniUtils.linear(x, weights.get(next), weights.get(next + 1));
        next += 2;
      } else if (layer instanceof ConvDescription conv) {
        Shape around = new Shape(conv.kernel().height() / 2, conv.kernel().width() / 2);
        x =
            JniUtils.convolution(
                x, weights.get(next), weights.get(next + 1), ONES, around, ONES, 1);
        next += 2;
      } else if (layer instanceof PoolDescription pool) {
        x = JniUtils.maxPool(x, shape(pool.size()), shape(pool.stride()), new Shape(0, 0), false);
      }
      if (i < layers.size() - 1) {
        x = activate(layer.activation(), x);
      }
    }
    return x;
  }

  private static Shape shape(Size size) {
    return new Shape(size.height(), size.width());
  }

  private static PtNDArray activate(Activation activation, PtNDArray x) {
    ActivationFunction function = activation.function();
    return switch (function) {
      case LINEAR -> x;
      case RELU -> JniUtils.relu(x);
      case SIGMOID -> JniUtils.sigmoid(x);
      default -> throw new IllegalArgumentException("not known here: " + activation.word());
    };
  }
}
