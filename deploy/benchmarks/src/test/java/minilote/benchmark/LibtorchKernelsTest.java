package minilote.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Random;
import minilote.benchmark.Torch.Margin;
import minilote.trainer.math.Axis;
import minilote.trainer.math.Convolution;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import minilote.trainer.math.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels of Minilote's engines for images, and libtorch's of the same name: the same numbers. */
class LibtorchKernelsTest {
  private static final int RANDOM_CASES = 60;
  private static final String SAME = "same";

  /**
   * How windows lie on images.
   *
   * @param margin what lies around an image; some of it behind the last window, perhaps
   */
  private record Geometry(Window window, Shape kernel, Shape stride, Margin margin) {
    static Geometry of(Axis vertical, Axis horizontal, Margin margin) {
      return new Geometry(
          new Window(vertical, horizontal),
          new Shape(vertical.kernel(), horizontal.kernel()),
          new Shape(vertical.stride(), horizontal.stride()),
          margin);
    }

    /** From pairs height and width: 7x5 pixels, windows of 3x2; padding same or a pair. */
    static Geometry parse(String image, String kernel, String stride, String padding) {
      int[] n = pair(image);
      int[] k = pair(kernel);
      int[] s = pair(stride);
      int[] around = new int[4];
      for (int axis = 0; axis < 2; axis++) {
        int all = padding.equals(SAME) ? same(n[axis], k[axis], s[axis]) : 2 * pair(padding)[axis];
        around[2 * axis] = all / 2;
        around[2 * axis + 1] = all - all / 2;
      }
      return of(n, k, s, new Margin(around[0], around[1], around[2], around[3]));
    }

    static Geometry of(int[] n, int[] k, int[] s, Margin margin) {
      return of(
          Axis.of(n[0], k[0], s[0], margin.top(), margin.bottom()),
          Axis.of(n[1], k[1], s[1], margin.left(), margin.right()),
          margin);
    }

    /** Padding on both ends with which there are ⌈n/s⌉ windows. */
    private static int same(int n, int k, int s) {
      return Math.max(0, ((n + s - 1) / s - 1) * s + k - n);
    }

    private static int[] pair(String text) {
      String[] sides = text.split("x", 2);
      return new int[] {Integer.parseInt(sides[0]), Integer.parseInt(sides[1])};
    }

    static Geometry random(Random random) {
      int[] n = {1 + random.nextInt(9), 1 + random.nextInt(9)};
      int[] k = new int[2];
      int[] around = new int[4];
      for (int axis = 0; axis < 2; axis++) {
        k[axis] = 1 + random.nextInt(Math.min(5, n[axis]));
        around[2 * axis] = random.nextInt(k[axis]);
        around[2 * axis + 1] = random.nextInt(k[axis]);
      }
      int[] s = {1 + random.nextInt(3), 1 + random.nextInt(3)};
      return of(n, k, s, new Margin(around[0], around[1], around[2], around[3]));
    }

    long[] images(int rows, int channels) {
      return new long[] {rows, window.vertical().length(), window.horizontal().length(), channels};
    }

    long[] outputs(int rows, int channels) {
      return new long[] {
        rows, window.vertical().windows(), window.horizontal().windows(), channels
      };
    }
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Numbers numbers(Engine engine, float[] values) {
    Numbers numbers = engine.allocate(values.length);
    engine.load(numbers, values.clone());
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 8, 8x8, 3x3, 1x1, same", // as in C1
    "2, 1, 6, 28x28, 5x5, 1x1, same", // LeNet-5
    "3, 6, 16, 14x14, 5x5, 1x1, 0x0",
    "5, 16, 8, 7x7, 1x1, 1x1, 0x0", // a product for each pixel
    "3, 4, 7, 9x8, 1x1, 2x2, 0x0", // a residual block's projection
    "3, 4, 7, 9x9, 3x3, 2x2, same", // the margin on either side
    "3, 4, 7, 8x8, 3x3, 2x2, same", // behind the image alone
    "3, 2, 5, 9x7, 3x3, 2x2, 1x1",
    "2, 3, 4, 7x6, 4x2, 1x1, same", // windows of even sides
    "2, 3, 4, 10x7, 5x3, 3x2, 2x0",
    "1, 1, 1, 1x1, 1x1, 1x1, 0x0",
    "3, 17, 33, 6x5, 3x3, 1x1, 2x2",
  })
  void convolution_geometry_isLibtorchs(
      int rows, int in, int out, String image, String kernel, String stride, String padding) {
    Geometry geometry = Geometry.parse(image, kernel, stride, padding);
    compareConvolution(new Random(7), rows, in, out, geometry);
  }

  @Test
  void convolution_randomGeometries_areLibtorchs() {
    Random random = new Random(8);
    for (int i = 0; i < RANDOM_CASES; i++) {
      Geometry geometry = Geometry.random(random);
      compareConvolution(
          random, 1 + random.nextInt(4), 1 + random.nextInt(6), 1 + random.nextInt(9), geometry);
    }
  }

  private static void compareConvolution(
      Random random, int rows, int in, int out, Geometry geometry) {
    Convolution convolution = new Convolution(in, out, geometry.window());
    float[] x = gaussian(random, rows * convolution.inputs());
    float[] w = gaussian(random, convolution.weights());
    float[] b = gaussian(random, out);
    float[] delta = gaussian(random, rows * convolution.outputs());
    try (Torch torch = new Torch()) {
      PtNDArray images = torch.leaf(x, geometry.images(rows, in));
      PtNDArray weight = torch.leaf(w, out, in, geometry.kernel().get(0), geometry.kernel().get(1));
      PtNDArray bias = torch.leaf(b, out);
      PtNDArray signals =
          Torch.channelsLast(
              torch.convolution(
                  Torch.channelsFirst(images), weight, bias, geometry.stride(), geometry.margin()));
      Torch.backward(signals, torch.tensor(delta, geometry.outputs(rows, out)));

      for (Engine engine : TestedEngines.make()) {
        String what = engine.getClass().getSimpleName() + ", " + geometry;
        engine.prepare(convolution, rows);
        Numbers input = numbers(engine, x);
        Numbers ourWeight = numbers(engine, w);
        Numbers s = engine.allocate(delta.length);
        engine.convolve(convolution, rows, input, ourWeight, numbers(engine, b), s);
        Torch.assertSame(signals, engine.values(s), what);

        Numbers ourDelta = numbers(engine, delta);
        Numbers gradient = engine.allocate(w.length);
        Numbers biasGradient = engine.allocate(out);
        engine.convolutionGradient(
            convolution, rows, input, ourDelta, false, gradient, biasGradient);
        Torch.assertSame(Torch.gradient(weight), engine.values(gradient), what + ", weights");
        Torch.assertSame(Torch.gradient(bias), engine.values(biasGradient), what + ", biases");

        Numbers inputDelta = engine.allocate(x.length);
        engine.convolutionBack(convolution, rows, ourDelta, ourWeight, inputDelta);
        Torch.assertSame(Torch.gradient(images), engine.values(inputDelta), what + ", inputs");
        engine.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 8x8, 2x2, 2x2, 0x0",
    "3, 5, 9x7, 2x2, 2x2, 0x0", // a line and a column in no window
    "3, 5, 9x7, 3x3, 2x2, 0x0", // overlapping
    "3, 5, 8x8, 3x3, 2x2, 1x1", // and padded
    "3, 5, 8x8, 3x3, 2x2, same", // behind the image alone
    "3, 5, 7x6, 3x3, 1x1, same",
    "2, 4, 6x5, 5x4, 1x2, 2x2",
    "2, 4, 6x5, 3x3, 1x1, 2x2", // more padding than libtorch's pools take
    "2, 6, 5x4, 5x4, 1x1, 0x0", // all of the image
    "1, 1, 1x1, 1x1, 1x1, 0x0",
    "2, 3, 7x7, 1x1, 2x3, 0x0",
  })
  void pools_geometry_areLibtorchs(
      int rows, int channels, String image, String window, String stride, String padding) {
    Geometry geometry = Geometry.parse(image, window, stride, padding);
    comparePools(new Random(9), rows, channels, geometry);
  }

  @Test
  void pools_randomGeometries_areLibtorchs() {
    Random random = new Random(10);
    for (int i = 0; i < RANDOM_CASES; i++) {
      Geometry geometry = Geometry.random(random);
      comparePools(random, 1 + random.nextInt(4), 1 + random.nextInt(6), geometry);
    }
  }

  private static void comparePools(Random random, int rows, int channels, Geometry geometry) {
    Window window = geometry.window();
    float[] x = gaussian(random, rows * window.pixels() * channels);
    float[] delta = gaussian(random, rows * window.windows() * channels);
    try (Torch torch = new Torch()) {
      PtNDArray ourDelta = torch.tensor(delta, geometry.outputs(rows, channels));
      PtNDArray forMax = torch.leaf(x, geometry.images(rows, channels));
      PtNDArray largest =
          Torch.channelsLast(
              torch.maxPool(
                  Torch.channelsFirst(forMax),
                  geometry.kernel(),
                  geometry.stride(),
                  geometry.margin()));
      Torch.backward(largest, ourDelta);
      PtNDArray forMean = torch.leaf(x, geometry.images(rows, channels));
      PtNDArray mean =
          Torch.channelsLast(
              torch.averagePool(
                  Torch.channelsFirst(forMean),
                  geometry.kernel(),
                  geometry.stride(),
                  geometry.margin()));
      Torch.backward(mean, ourDelta);

      for (Engine engine : TestedEngines.make()) {
        String what = engine.getClass().getSimpleName() + ", " + geometry;
        engine.prepare(window, channels, rows);
        Numbers input = numbers(engine, x);
        Numbers deltas = numbers(engine, delta);
        Numbers y = engine.allocate(delta.length);
        Numbers places = engine.allocate(delta.length);
        Numbers inputDelta = engine.allocate(x.length);
        engine.maxPool(window, channels, rows, input, y, places);
        Torch.assertSame(largest, engine.values(y), what + ", max");
        engine.maxPoolBack(window, channels, rows, deltas, places, inputDelta);
        Torch.assertSame(Torch.gradient(forMax), engine.values(inputDelta), what + ", max back");

        engine.averagePool(window, channels, rows, input, y);
        Torch.assertSame(mean, engine.values(y), what + ", mean");
        engine.averagePoolBack(window, channels, rows, deltas, inputDelta);
        Torch.assertSame(Torch.gradient(forMean), engine.values(inputDelta), what + ", mean back");
        engine.close();
      }
    }
  }

  /** libtorch's own mean counts the padding: of nine ones at a corner, four lie in the image. */
  @Test
  void averagePool_ofOnes_isOneAlsoAtTheBorder() {
    Shape window = new Shape(3, 3);
    Margin margin = new Margin(1, 1, 1, 1);
    try (Torch torch = new Torch()) {
      float[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
      PtNDArray images = torch.tensor(ones, 1, 1, 3, 3);
      PtNDArray means = torch.averagePool(images, window, new Shape(1, 1), margin);
      PtNDArray theirs =
          JniUtils.avgPool(images, window, new Shape(1, 1), margin.shape(), false, false);

      Torch.assertSame(ones, means.toFloatArray(), "means");
      assertEquals(4 / 9f, theirs.toFloatArray()[0], 1e-6f);
    }
  }
}
