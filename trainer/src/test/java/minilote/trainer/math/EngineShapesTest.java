package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kernel of the fast engines on random shapes, with 0 and 1 among them, against the reference
 * engine's plain loops; and at any offset, with the same bits.
 */
class EngineShapesTest {
  static Stream<Engine> fastEngines() {
    return Engines.all();
  }

  /** A kernel on random input: what it wrote, and what it returned. */
  private interface Kernel {
    List<float[]> run(Engine engine, Random random, boolean shifted);
  }

  private static final int[] SIZES = {0, 1, 1, 2, 3, 5, 8, 16, 17, 33, 70};

  private static int size(Random random) {
    return SIZES[random.nextInt(SIZES.length)];
  }

  /** Random numbers, at an offset within larger ones where {@code shifted}. */
  private static Numbers random(
      Engine engine, Random random, int length, boolean shifted, double scale) {
    float[] values = new float[length + 13];
    int offset = shifted ? 1 + (int) (Math.abs((long) length * 31 + 7) % 12) : 0;
    for (int i = 0; i < length; i++) {
      values[offset + i] = (float) (scale * random.nextGaussian());
    }
    Numbers whole = engine.allocate(values.length);
    engine.load(whole, values);
    return whole.slice(offset, length);
  }

  private static float[] content(Engine engine, Numbers numbers) {
    Numbers copy = engine.allocate(numbers.length());
    engine.copy(numbers, copy);
    return engine.values(copy).clone();
  }

  private static List<Kernel> kernels() {
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int in = size(random);
          int out = size(random);
          Numbers a = random(engine, random, rows * in, shifted, 1);
          Numbers b = random(engine, random, in * out, shifted, 1);
          Numbers c = random(engine, random, rows * out, shifted, 1);
          engine.multiply(rows, in, out, a, b, c);
          return List.of(content(engine, c));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int in = size(random);
          int out = size(random);
          Numbers x = random(engine, random, rows * in, shifted, 1);
          Numbers w = random(engine, random, in * out, shifted, 1);
          Numbers b = random(engine, random, out, shifted, 1);
          Numbers s = random(engine, random, rows * out, shifted, 1);
          engine.affine(rows, in, out, x, w, b, s);
          return List.of(content(engine, s));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int m = size(random);
          int n = size(random);
          Numbers a = random(engine, random, rows * m, shifted, 1);
          Numbers b = random(engine, random, rows * n, shifted, 1);
          Numbers c = random(engine, random, m * n, shifted, 1);
          engine.addTransposedProduct(rows, m, n, a, b, c);
          return List.of(content(engine, c));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int m = size(random);
          int n = size(random);
          int first = random.nextInt(m + 1);
          int count = random.nextInt(m - first + 1);
          // A row more than is used, as layers have it.
          Numbers a = random(engine, random, (rows + 1) * m, shifted, 1);
          Numbers b = random(engine, random, rows * n, shifted, 1);
          Numbers c = random(engine, random, (m + 1) * n, shifted, 1); // The last row stays.
          engine.transposedProduct(rows, m, n, first, count, a, b, random.nextBoolean(), c);
          return List.of(content(engine, c));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int in = size(random);
          int out = size(random);
          Numbers a = random(engine, random, rows * in, shifted, 1);
          Numbers b = random(engine, random, out * in, shifted, 1);
          Numbers c = random(engine, random, rows * out, shifted, 1);
          engine.multiplyByTransposed(rows, in, out, a, b, c);
          return List.of(content(engine, c));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int columns = size(random);
          Numbers a = random(engine, random, rows * columns, shifted, 1);
          Numbers sums = random(engine, random, columns, shifted, 1);
          engine.columnSums(rows, columns, a, random.nextBoolean(), sums);
          return List.of(content(engine, sums));
        });
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int columns = size(random);
          Numbers a = random(engine, random, rows * columns, shifted, 1);
          Numbers b = random(engine, random, rows * columns, shifted, 1);
          Numbers c = random(engine, random, rows * columns + 3, shifted, 1); // The last ones stay.
          engine.multiplyElements(rows, columns, a, b, c);
          engine.addElements(rows, columns, a, b, b);
          engine.multiplyElements(rows, columns, b, a, a);
          return List.of(content(engine, a), content(engine, b), content(engine, c));
        });
    for (ActivationFunction function : ActivationFunction.values()) {
      kernels.add(
          (engine, random, shifted) -> {
            int rows = size(random);
            int units = size(random);
            Numbers s = random(engine, random, rows * units, shifted, 3);
            Numbers x = random(engine, random, rows * units, shifted, 1);
            Numbers delta = random(engine, random, rows * units, shifted, 1);
            engine.activate(function, 0.7f, rows, units, s, x);
            if (function.differentiable()) {
              engine.multiplyByDerivative(function, 0.7f, rows, units, s, x, delta);
            }
            return List.of(content(engine, x), content(engine, delta));
          });
    }
    kernels.add(
        (engine, random, shifted) -> {
          int rows = size(random);
          int units = size(random);
          Numbers x = random(engine, random, rows * units, shifted, 1);
          Numbers y = random(engine, random, rows * units, shifted, 1);
          Numbers delta = random(engine, random, rows * units, shifted, 1);
          double loss = engine.squaredError(0.5f, rows, units, x, y, delta);
          int largest = engine.correct(Correctness.LARGEST_OUTPUT, rows, units, x, y);
          int labels = engine.correct(Correctness.EVERY_LABEL, rows, units, x, y);
          return List.of(content(engine, delta), new float[] {(float) loss, largest, labels});
        });
    kernels.add(
        (engine, random, shifted) -> entropy(engine, random, shifted, ActivationFunction.SIGMOID));
    kernels.add(
        (engine, random, shifted) -> entropy(engine, random, shifted, ActivationFunction.SOFTMAX));
    return kernels;
  }

  private static List<float[]> entropy(
      Engine engine, Random random, boolean shifted, ActivationFunction function) {
    int rows = size(random);
    int units = size(random);
    Numbers s = random(engine, random, rows * units, shifted, 3);
    Numbers y = random(engine, random, rows * units, shifted, 1);
    Numbers x = random(engine, random, rows * units, shifted, 1);
    Numbers delta = random(engine, random, rows * units, shifted, 1);
    engine.activate(ActivationFunction.SIGMOID, 1, rows, units, y, y); // within 0..1
    engine.activate(function, 1, rows, units, s, x);
    double loss =
        function == ActivationFunction.SIGMOID
            ? engine.binaryCrossEntropy(rows, units, s, x, y, delta)
            : engine.categoricalCrossEntropy(rows, units, s, x, y, delta);
    return List.of(content(engine, delta), new float[] {(float) loss});
  }

  @ParameterizedTest
  @MethodSource("fastEngines")
  void kernels_randomShapes_agreeWithTheReference(Engine engine) {
    int cases = 0;
    for (Kernel kernel : kernels()) {
      for (int seed = 0; seed < 150; seed++) {
        List<float[]> expected = kernel.run(new ReferenceEngine(), new Random(seed), false);
        List<float[]> found = kernel.run(engine, new Random(seed), seed % 2 == 1);
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
          assertClose(expected.get(i), found.get(i), "kernel " + cases / 150 + ", seed " + seed);
        }
        cases++;
      }
    }
    assertEquals(18 * 150, cases);
  }

  /**
   * Within 2·10⁻⁶ of the largest number, or of 0.1 where all are smaller: 1 − x² of a saturated
   * unit has an error of a float's last place at 1, however small it is.
   */
  private static void assertClose(float[] expected, float[] found, String what) {
    assertEquals(expected.length, found.length, what);
    double scale = 0.1;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertTrue(
          Math.abs(expected[i] - found[i]) <= 2e-6 * scale,
          what + ": " + expected[i] + " expected, " + found[i] + " found");
    }
  }

  @ParameterizedTest
  @MethodSource("fastEngines")
  void kernels_anyOffset_giveTheSameBits(Engine engine) {
    int cases = 0;
    for (Kernel kernel : kernels()) {
      for (int seed = 0; seed < 50; seed++) {
        List<float[]> expected = kernel.run(engine, new Random(seed), false);
        List<float[]> shifted = kernel.run(engine, new Random(seed), true);
        for (int i = 0; i < expected.size(); i++) {
          assertTrue(Arrays.equals(expected.get(i), shifted.get(i)), "kernel " + cases / 50);
        }
        cases++;
      }
    }
    assertEquals(18 * 50, cases);
  }
}
