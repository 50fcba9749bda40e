package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolution and pooling: cases by hand, and random shapes, strides and paddings against a direct
 * loop of the definition that is written here once more, on arrays with four indexes.
 */
class ImageKernelsTest {
  private static final int CASES = 300;

  static Stream<Engine> engines() {
    return Stream.concat(Engines.all(), Stream.of(new ReferenceEngine()));
  }

  private static Numbers numbers(Engine engine, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    Numbers numbers = engine.allocate(values.length);
    engine.load(numbers, floats);
    return numbers;
  }

  private static void assertValues(Engine engine, Numbers numbers, double... expected) {
    float[] values = engine.values(numbers);
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 1e-6, "number " + i);
    }
  }

  // ---- cases by hand

  /** A line of 4 pixels under windows of 3 with a pixel of padding: 2 channels in, 1 out. */
  @ParameterizedTest
  @MethodSource("engines")
  void convolution_aLineOfPixels_isAsByHand(Engine engine) {
    Window window = new Window(Axis.of(1, 1, 1, 0, 0), Axis.of(4, 3, 1, 1, 1));
    Convolution convolution = new Convolution(2, 1, window);
    Numbers x = numbers(engine, 1, 10, 2, 20, 3, 30, 4, 40); // pixel by pixel
    Numbers w = numbers(engine, 1, 2, 3, 0.1, 0.2, 0.3); // channel by channel
    Numbers s = engine.allocate(4);
    engine.prepare(convolution, 1);
    engine.convolve(convolution, 1, x, w, numbers(engine, 100), s);
    // 1·0 + 2·1 + 3·2 = 8, 1 + 4 + 9 = 14, 2 + 6 + 12 = 20, 3 + 8 = 11; the other channel the same.
    assertValues(engine, s, 116, 128, 140, 122);
    engine.convolve(convolution, 1, x, w, null, s);
    assertValues(engine, s, 16, 28, 40, 22);

    Numbers delta = numbers(engine, 1, 0, -1, 2);
    Numbers gradient = numbers(engine, 9, 9, 9, 9, 9, 9);
    Numbers bias = numbers(engine, 9);
    engine.convolutionGradient(convolution, 1, x, delta, false, gradient, bias);
    // left: −x_1 + 2 x_2 = 4; middle: x_0 − x_2 + 2 x_3 = 6; right: x_1 − x_3 = −2
    assertValues(engine, gradient, 4, 6, -2, 40, 60, -20);
    assertValues(engine, bias, 2);
    engine.convolutionGradient(convolution, 1, x, delta, true, gradient, bias);
    assertValues(engine, gradient, 8, 12, -4, 80, 120, -40);
    assertValues(engine, bias, 4);

    Numbers inputDelta = engine.allocate(8);
    engine.convolutionBack(convolution, 1, delta, w, inputDelta);
    // pixel r: w_left δ_{r+1} + w_middle δ_r + w_right δ_{r−1}
    assertValues(engine, inputDelta, 2, 0.2, 2, 0.2, 0, 0, 1, 0.1);
  }

  /** Three lines of two pixels; the window of the second line and column is cut by the border. */
  @ParameterizedTest
  @MethodSource("engines")
  void pools_overlappingAndPadded_areAsByHand(Engine engine) {
    Window window = new Window(Axis.of(3, 2, 1, 0, 1), Axis.of(2, 2, 2, 0, 0));
    Numbers x = numbers(engine, 1, -5, 7, -2, 4, -9, 7, -9, 2, -1, 0, -3); // 2 channels
    Numbers y = engine.allocate(6);
    Numbers places = engine.allocate(6);
    engine.prepare(window, 2, 1);
    engine.maxPool(window, 2, 1, x, y, places);
    assertValues(engine, y, 7, -2, 7, -1, 2, -1);
    Numbers inputDelta = engine.allocate(12);
    engine.fill(inputDelta, 9);
    Numbers delta = numbers(engine, 1, 2, 3, 4, 5, 6);
    engine.maxPoolBack(window, 2, 1, delta, places, inputDelta);
    // Of the equals 7 and 7 in the first window the first is the largest.
    assertValues(engine, inputDelta, 0, 0, 1, 2, 0, 0, 3, 0, 5, 10, 0, 0);

    engine.averagePool(window, 2, 1, x, y);
    assertValues(engine, y, 19 / 4.0, -25 / 4.0, 13 / 4.0, -22 / 4.0, 1, -2);
    engine.averagePoolBack(window, 2, 1, delta, inputDelta);
    double a = 1 / 4.0;
    assertValues(
        engine,
        inputDelta,
        a,
        2 * a,
        a,
        2 * a,
        4 * a,
        6 * a,
        4 * a,
        6 * a,
        3 * a + 2.5,
        4 * a + 3,
        3 * a + 2.5,
        4 * a + 3);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void transpose_eachRow_isItsTranspose(Engine engine) {
    Numbers to = engine.allocate(12);
    engine.transpose(2, 2, 3, numbers(engine, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), to);
    assertValues(engine, to, 1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void transpose_thereAndBack_isTheSame(Engine engine) {
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      int rows = random.nextInt(4);
      int m = 1 + random.nextInt(40);
      int n = 1 + random.nextInt(40);
      Numbers x = random(engine, random, rows * m * n);
      Numbers there = engine.allocate(rows * m * n);
      Numbers back = engine.allocate(rows * m * n);
      engine.transpose(rows, m, n, x, there);
      engine.transpose(rows, n, m, there, back);
      assertArrayEquals(engine.values(x), engine.values(back));
    }
  }

  // ---- random shapes

  private static Numbers random(Engine engine, Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Numbers numbers = engine.allocate(length);
    engine.load(numbers, values);
    return numbers;
  }

  /** A geometry that is valid: any stride, and padding below the window's size on each side. */
  private static Axis axis(Random random) {
    int kernel = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(5);
    int stride = random.nextInt(2) == 0 ? 1 : 1 + random.nextInt(4);
    int before = random.nextInt(kernel);
    int after = random.nextInt(kernel);
    int length = Math.max(1, kernel - before - after) + random.nextInt(8);
    return Axis.of(length, kernel, stride, before, after);
  }

  private static float at(
      float[] x, Window window, int channels, int row, int y, int column, int channel) {
    int height = window.vertical().length();
    int width = window.horizontal().length();
    return y < 0 || y >= height || column < 0 || column >= width
        ? Float.NaN
        : x[((row * height + y) * width + column) * channels + channel];
  }

  private static void assertClose(double[] expected, float[] found, String what) {
    assertEquals(expected.length, found.length, what);
    double scale = 1;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < found.length; i++) {
      assertTrue(
          Math.abs(expected[i] - found[i]) <= 3e-6 * scale,
          what + " " + i + ": " + expected[i] + " expected, " + found[i] + " found");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void convolution_randomShapes_isTheDefinition(Engine engine) {
    Random random = new Random(7);
    int pointwise = 0;
    int strided = 0;
    for (int n = 0; n < CASES; n++) {
      Window window = new Window(axis(random), axis(random));
      pointwise += window.pointwise() ? 1 : 0;
      strided += window.dense() ? 0 : 1;
      checkConvolution(
          engine,
          random,
          new Convolution(1 + random.nextInt(5), 1 + random.nextInt(6), window),
          random.nextInt(4));
    }
    assertTrue(pointwise > 3 && strided > 50, pointwise + " pointwise, " + strided + " strided");
  }

  /**
   * Larger than what is laid out at once, so that there are several parts, some within an image.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void convolution_severalParts_isTheDefinition(Engine engine) {
    Random random = new Random(8);
    for (int stride = 1; stride <= 2; stride++) {
      Window window = new Window(Axis.of(30, 3, stride, 1, 1), Axis.of(21, 5, stride, 2, 1));
      checkConvolution(engine, random, new Convolution(17, 4, window), 3);
    }
  }

  private static void checkConvolution(
      Engine engine, Random random, Convolution convolution, int rows) {
    Window window = convolution.window();
    int in = convolution.in();
    int out = convolution.out();
    int outHeight = window.vertical().windows();
    int outWidth = window.horizontal().windows();
    int kernelHeight = window.vertical().kernel();
    int kernelWidth = window.horizontal().kernel();
    boolean biased = random.nextBoolean();
    boolean add = random.nextBoolean();
    Numbers x = random(engine, random, rows * convolution.inputs());
    Numbers w = random(engine, random, convolution.weights());
    Numbers b = random(engine, random, out);
    Numbers delta = random(engine, random, rows * convolution.outputs());
    Numbers gradient = random(engine, random, convolution.weights());
    Numbers biasGradient = random(engine, random, out);
    float[] xs = engine.values(x);
    float[] ws = engine.values(w);
    float[] deltas = engine.values(delta);
    double[] s = new double[rows * convolution.outputs()];
    double[] g = new double[ws.length];
    double[] gb = new double[out];
    double[] back = new double[xs.length];
    for (int i = 0; i < g.length && add; i++) {
      g[i] = engine.values(gradient)[i];
    }
    for (int o = 0; o < out && add; o++) {
      gb[o] = engine.values(biasGradient)[o];
    }
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int oy = 0; oy < outHeight; oy++) {
        for (int ox = 0; ox < outWidth; ox++) {
          for (int o = 0; o < out; o++, to++) {
            s[to] = biased ? engine.values(b)[o] : 0;
            gb[o] += deltas[to];
            for (int i = 0; i < in; i++) {
              for (int ky = 0; ky < kernelHeight; ky++) {
                for (int kx = 0; kx < kernelWidth; kx++) {
                  int y = oy * window.vertical().stride() - window.vertical().before() + ky;
                  int c = ox * window.horizontal().stride() - window.horizontal().before() + kx;
                  float value = at(xs, window, in, row, y, c, i);
                  if (Float.isNaN(value)) {
                    continue;
                  }
                  int weight = ((o * in + i) * kernelHeight + ky) * kernelWidth + kx;
                  int pixel =
                      ((row * window.vertical().length() + y) * window.horizontal().length() + c)
                              * in
                          + i;
                  s[to] += (double) ws[weight] * value;
                  g[weight] += (double) deltas[to] * value;
                  back[pixel] += (double) deltas[to] * ws[weight];
                }
              }
            }
          }
        }
      }
    }
    String what = convolution + ", " + rows + " rows: ";
    Numbers found = engine.allocate(s.length);
    engine.fill(found, Float.NaN);
    engine.convolve(convolution, rows, x, w, biased ? b : null, found);
    assertClose(s, engine.values(found), what + "signal");
    engine.convolutionGradient(
        convolution, rows, x, delta, add, gradient, biased ? biasGradient : null);
    assertClose(g, engine.values(gradient), what + "gradient");
    if (biased) {
      assertClose(gb, engine.values(biasGradient), what + "gradient of the biases");
    }
    Numbers inputDelta = engine.allocate(back.length);
    engine.fill(inputDelta, Float.NaN);
    engine.convolutionBack(convolution, rows, delta, w, inputDelta);
    assertClose(back, engine.values(inputDelta), what + "derivatives by the input");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void pools_randomShapes_areTheDefinition(Engine engine) {
    Random random = new Random(9);
    int overlapping = 0;
    for (int n = 0; n < CASES; n++) {
      Window window = new Window(axis(random), axis(random));
      overlapping += window.apart() ? 0 : 1;
      checkPools(engine, random, window, 1 + random.nextInt(6), random.nextInt(4));
    }
    assertTrue(overlapping > 50 && overlapping < CASES - 50, overlapping + " overlapping");
  }

  private static void checkPools(
      Engine engine, Random random, Window window, int channels, int rows) {
    int outHeight = window.vertical().windows();
    int outWidth = window.horizontal().windows();
    Numbers x = random(engine, random, rows * window.pixels() * channels);
    float[] xs = engine.values(x);
    for (int i = 0; i < xs.length; i++) {
      xs[i] = Math.max(0, Math.round(2 * xs[i]) / 2f); // with many equals
    }
    engine.load(x, xs);
    Numbers delta = random(engine, random, rows * window.windows() * channels);
    float[] deltas = engine.values(delta);
    double[] largest = new double[deltas.length];
    double[] largestBack = new double[xs.length];
    double[] mean = new double[deltas.length];
    double[] meanBack = new double[xs.length];
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int oy = 0; oy < outHeight; oy++) {
        for (int ox = 0; ox < outWidth; ox++) {
          int top = oy * window.vertical().stride() - window.vertical().before();
          int left = ox * window.horizontal().stride() - window.horizontal().before();
          int y0 = Math.max(0, top);
          int y1 = Math.min(window.vertical().length(), top + window.vertical().kernel());
          int x0 = Math.max(0, left);
          int x1 = Math.min(window.horizontal().length(), left + window.horizontal().kernel());
          int count = (y1 - y0) * (x1 - x0);
          for (int c = 0; c < channels; c++, to++) {
            int winner = -1;
            for (int y = y0; y < y1; y++) {
              for (int column = x0; column < x1; column++) {
                int pixel =
                    ((row * window.vertical().length() + y) * window.horizontal().length() + column)
                            * channels
                        + c;
                winner = winner < 0 || xs[pixel] > xs[winner] ? pixel : winner;
                mean[to] += xs[pixel] / (double) count;
                meanBack[pixel] += deltas[to] / (double) count;
              }
            }
            largest[to] = xs[winner];
            largestBack[winner] += deltas[to];
          }
        }
      }
    }
    String what = window + ", " + channels + " channels, " + rows + " rows: ";
    engine.prepare(window, channels, rows);
    Numbers y = engine.allocate(deltas.length);
    Numbers places = engine.allocate(deltas.length);
    Numbers inputDelta = engine.allocate(xs.length);
    engine.fill(inputDelta, Float.NaN);
    engine.maxPool(window, channels, rows, x, y, places);
    assertClose(largest, engine.values(y), what + "largest");
    engine.maxPoolBack(window, channels, rows, delta, places, inputDelta);
    assertClose(largestBack, engine.values(inputDelta), what + "back through the largest");
    engine.averagePool(window, channels, rows, x, y);
    assertClose(mean, engine.values(y), what + "mean");
    engine.fill(inputDelta, Float.NaN);
    engine.averagePoolBack(window, channels, rows, delta, inputDelta);
    assertClose(meanBack, engine.values(inputDelta), what + "back through the mean");
  }

  /** Padding is never the largest, also where all that lies inside is negative. */
  @ParameterizedTest
  @MethodSource("engines")
  void maxPool_negativeImageInPadding_isNegative(Engine engine) {
    Window window = new Window(Axis.of(2, 3, 1, 1, 1), Axis.of(2, 3, 1, 1, 1));
    Numbers y = engine.allocate(4);
    engine.maxPool(window, 1, 1, numbers(engine, -4, -3, -2, -5), y, engine.allocate(4));
    assertValues(engine, y, -2, -2, -2, -2);
  }

  /** Where numbers lie in memory, and what else is there, changes no bit. */
  @Test
  void kernels_anyOffsetAndHistory_giveTheSameBits() {
    Window window = new Window(Axis.of(9, 3, 2, 1, 1), Axis.of(8, 3, 1, 1, 1));
    Convolution convolution = new Convolution(5, 7, window);
    float[] expected = null;
    Engine used = PortableEngine.create();
    for (int shift : new int[] {0, 1, 3, 16, 5}) {
      Engine engine = shift == 5 ? PortableEngine.create() : used;
      Random random = new Random(1);
      Numbers x = shifted(engine, random, 2 * convolution.inputs(), shift);
      Numbers w = shifted(engine, random, convolution.weights(), shift);
      Numbers b = shifted(engine, random, 7, shift);
      Numbers s = shifted(engine, random, 2 * convolution.outputs(), shift);
      Numbers g = shifted(engine, random, convolution.weights(), shift);
      Numbers gb = shifted(engine, random, 7, shift);
      Numbers back = shifted(engine, random, 2 * convolution.inputs(), shift);
      engine.convolve(convolution, 2, x, w, b, s);
      engine.convolutionGradient(convolution, 2, x, s, true, g, gb);
      engine.convolutionBack(convolution, 2, s, w, back);
      float[] found = all(engine, s, g, gb, back);
      expected = expected == null ? found : expected;
      assertArrayEquals(expected, found, "shift " + shift);
    }
  }

  private static Numbers shifted(Engine engine, Random random, int length, int shift) {
    Numbers whole = engine.allocate(length + shift);
    float[] values = new float[length + shift];
    for (int i = 0; i < length; i++) {
      values[shift + i] = (float) random.nextGaussian();
    }
    engine.load(whole, values);
    return whole.slice(shift, length);
  }

  private static float[] all(Engine engine, Numbers... parts) {
    float[] all = {};
    for (Numbers part : parts) {
      Numbers copy = engine.allocate(part.length());
      engine.copy(part, copy);
      float[] values = engine.values(copy);
      int from = all.length;
      all = Arrays.copyOf(all, from + values.length);
      System.arraycopy(values, 0, all, from, values.length);
    }
    return all;
  }

  // ---- geometry

  @Test
  void axis_windowsThatDoNotLieOnTheImage_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Axis(0, 1, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Axis(5, 3, 1, 3, 4)); // in the padding
    assertThrows(IllegalArgumentException.class, () -> new Axis(5, 3, 1, 0, 2)); // one more fits
    assertThrows(IllegalArgumentException.class, () -> new Axis(5, 3, 1, 1, 8)); // behind the image
    assertThrows(IllegalArgumentException.class, () -> new Convolution(0, 1, one()));
  }

  private static Window one() {
    return new Window(Axis.of(1, 1, 1, 0, 0), Axis.of(1, 1, 1, 0, 0));
  }

  @Test
  void kernels_imagesThatDoNotFit_areNamedWithBothSizes() {
    Engine engine = PortableEngine.create();
    Convolution convolution =
        new Convolution(2, 3, new Window(Axis.of(4, 1, 1, 0, 0), Axis.of(5, 1, 1, 0, 0)));
    Numbers few = engine.allocate(39);
    Numbers many = engine.allocate(60);
    assertEquals(
        "convolve: x is said to be 1 × 40, and its numbers are 39",
        assertThrows(
                IllegalArgumentException.class,
                () -> engine.convolve(convolution, 1, few, many, null, many))
            .getMessage());
    assertEquals(
        "averagePool: y is said to be 2 × 20, and its numbers are 39",
        assertThrows(
                IllegalArgumentException.class,
                () -> engine.averagePool(convolution.window(), 1, 2, many, few))
            .getMessage());
  }
}
