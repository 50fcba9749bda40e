package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.Iterator;
import minilote.trainer.network.ParameterTensor;

/** What tests need of libtorch; what it makes lives as long as it does. */
final class Torch implements AutoCloseable {
  /** Of the largest number of a tensor: rounding makes a tenth of it. */
  private static final double TOLERANCE = 1e-5;

  /** Of the running statistics, which are not looked at. */
  private static final double MOMENTUM = 0.1;

  /** What is added to a variance, here and in Minilote. */
  private static final double EPSILON = 1e-5;

  private static final Shape ONES = new Shape(1, 1);
  private static final int HEIGHT = 2; // of an image's shape, rows × channels × height × width
  private static final int WIDTH = 3;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  Torch() {
    JniUtils.setGradMode(true);
  }

  /** A constant. */
  PtNDArray tensor(float[] values, long... shape) {
    return (PtNDArray) manager.create(FloatBuffer.wrap(values), new Shape(shape), DataType.FLOAT32);
  }

  /** What derivatives are taken by. */
  PtNDArray leaf(float[] values, long... shape) {
    PtNDArray leaf = tensor(values, shape);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** One of Minilote's parameters, as libtorch lays it out. */
  PtNDArray leaf(ParameterTensor tensor, float[] parameters) {
    PtNDArray leaf = LibtorchNetwork.tensor(manager, tensor, parameters);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  PtNDArray zeros(long... shape) {
    return (PtNDArray) manager.zeros(new Shape(shape));
  }

  /** Minilote's images, with the channels of a pixel side by side, as libtorch's. */
  static PtNDArray channelsFirst(PtNDArray images) {
    return JniUtils.permute(images, new long[] {0, 3, 1, 2});
  }

  /** The other way. */
  static PtNDArray channelsLast(PtNDArray images) {
    return JniUtils.permute(images, new long[] {0, 2, 3, 1});
  }

  /**
   * Pixels that lie around an image.
   *
   * @param top above
   * @param bottom below
   */
  record Margin(int top, int bottom, int left, int right) {
    boolean same() {
      return top == bottom && left == right;
    }

    Shape shape() {
      return new Shape(top, left);
    }
  }

  /** Images with a margin of one value, for margins that libtorch's functions do not know. */
  PtNDArray padded(PtNDArray images, Margin margin, float value) {
    PtNDArray wider = padded(images, HEIGHT, margin.top(), margin.bottom(), value);
    return padded(wider, WIDTH, margin.left(), margin.right(), value);
  }

  private PtNDArray padded(PtNDArray images, int axis, int before, int after, float value) {
    NDArray padded = images;
    if (before > 0) {
      padded = margin(padded, axis, before, value).concat(padded, axis);
    }
    if (after > 0) {
      padded = padded.concat(margin(padded, axis, after, value), axis);
    }
    return (PtNDArray) padded;
  }

  private NDArray margin(NDArray images, int axis, int pixels, float value) {
    long[] shape = images.getShape().getShape().clone();
    shape[axis] = pixels;
    return manager.full(new Shape(shape), value);
  }

  /** A convolution with or without bias. */
  PtNDArray convolution(
      PtNDArray images, PtNDArray weight, PtNDArray bias, Shape stride, Margin margin) {
    return margin.same()
        ? JniUtils.convolution(images, weight, bias, stride, margin.shape(), ONES, 1)
        : JniUtils.convolution(
            padded(images, margin, 0), weight, bias, stride, new Shape(0, 0), ONES, 1);
  }

  /** Batch normalization in training, with a scale and a shift for each unit or channel. */
  PtNDArray normalized(PtNDArray signals, Iterator<PtNDArray> parameters) {
    long units = signals.getShape().get(1);
    return JniUtils.batchNorm(
        signals,
        zeros(units),
        (PtNDArray) manager.ones(new Shape(units)),
        parameters.next(),
        parameters.next(),
        true,
        MOMENTUM,
        EPSILON);
  }

  /** The largest of each window; the margin is never the largest. */
  PtNDArray maxPool(PtNDArray images, Shape window, Shape stride, Margin margin) {
    return fits(margin, window)
        ? JniUtils.maxPool(images, window, stride, margin.shape(), false)
        : JniUtils.maxPool(
            padded(images, margin, Float.NEGATIVE_INFINITY),
            window,
            stride,
            new Shape(0, 0),
            false);
  }

  /**
   * The mean of each window over what lies inside the image: a mean in which the margin counts as
   * 0, over the part of the window that lies inside, which is the same mean of ones. (DJL counts
   * the margin whatever is said of {@code count_include_pad}, and knows none that differ on two
   * sides.)
   */
  PtNDArray averagePool(PtNDArray images, Shape window, Shape stride, Margin margin) {
    NDArray ones = manager.ones(images.getShape());
    return mean(padded(images, margin, 0), window, stride)
        .div(mean(padded((PtNDArray) ones, margin, 0), window, stride));
  }

  private static PtNDArray mean(PtNDArray images, Shape window, Shape stride) {
    return JniUtils.avgPool(images, window, stride, new Shape(0, 0), false, true);
  }

  /** Whether libtorch's pools take the margin. */
  private static boolean fits(Margin margin, Shape window) {
    return margin.same()
        && 2L * margin.top() <= window.get(0)
        && 2L * margin.left() <= window.get(1);
  }

  /** Goes back from an output with the derivatives by it. */
  static void backward(PtNDArray output, PtNDArray delta) {
    JniUtils.backward(output, delta, false, false);
  }

  /** The gradient by a leaf. */
  static float[] gradient(PtNDArray leaf) {
    return leaf.getGradient().toFloatArray();
  }

  /** The gradient by one of Minilote's parameters, as Minilote lays it out. */
  static float[] gradientOf(ParameterTensor tensor, PtNDArray leaf) {
    NDArray gradient = leaf.getGradient();
    return (tensor.shape().size() == 2 ? gradient.transpose().duplicate() : gradient)
        .toFloatArray();
  }

  /** Checks that numbers are libtorch's up to rounding, as large as the largest of them allows. */
  static void assertSame(PtNDArray expected, float[] actual, String what) {
    assertSame(expected.toFloatArray(), actual, what);
  }

  static void assertSame(float[] expected, float[] actual, String what) {
    assertSame(expected, actual, 0, what);
  }

  /**
   * The same for numbers that may all be small.
   *
   * @param least what the largest of them counts as, if it is smaller
   */
  static void assertSame(float[] expected, float[] actual, double least, String what) {
    assertEquals(expected.length, actual.length, what);
    double largest = Math.max(least, largest(expected));
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      // Not by Math.max alone, which a comparison with NaN passes.
      assertTrue(Float.isFinite(actual[i]), what + ", number " + i + ": " + actual[i]);
      difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
    }
    assertTrue(
        difference <= TOLERANCE * largest,
        "%s: differs by %.3g, where the largest is %.3g".formatted(what, difference, largest));
  }

  static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Override
  public void close() {
    manager.close();
  }
}
