package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch normalization: a case by hand, and the engines against each other on random shapes. */
class BatchNormKernelsTest {
  private static final int CASES = 200;

  static Stream<Engine> engines() {
    return Stream.concat(Engines.best(), Stream.of(new ReferenceEngine()));
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
      assertEquals(expected[i], values[i], 1e-5, "number " + i);
    }
  }

  /** Three rows of two channels in ghosts of two: (1, 10), (5, 30); and (7, 8) alone. */
  @ParameterizedTest
  @MethodSource("engines")
  void normalize_twoGhostsOneOfASingleRow_isAsByHand(Engine engine) {
    Ghosts ghosts = new Ghosts(2, 1, 2);
    Numbers x = numbers(engine, 1, 10, 5, 30, 7, 8);
    Numbers gamma = numbers(engine, 2, 1);
    Numbers runningMean = numbers(engine, 3, 4);
    Numbers runningVariance = numbers(engine, 3, 15);
    Numbers meanSums = numbers(engine, 100, 100);
    Numbers varianceSums = numbers(engine, 100, 100);
    Numbers means = engine.allocate(4);
    Numbers inverses = engine.allocate(4);
    Numbers y = engine.allocate(6);
    engine.prepare(ghosts, 3);
    engine.normalize(
        ghosts,
        3,
        1,
        x,
        gamma,
        numbers(engine, 0, 0.5),
        runningMean,
        runningVariance,
        false,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    // variances 4 and 100 of the first ghost, by one less 8 and 200
    double a = 1 / Math.sqrt(5);
    double b = 1 / Math.sqrt(101);
    assertValues(engine, means, 3, 20, 3, 4);
    assertValues(engine, inverses, a, b, 0.5, 0.25);
    assertValues(engine, y, -4 * a, -10 * b + 0.5, 4 * a, 10 * b + 0.5, 4, 1.5);
    assertValues(engine, meanSums, 2 * 3 + 3, 2 * 20 + 4);
    assertValues(engine, varianceSums, 2 * 8 + 3, 2 * 200 + 15);

    Numbers delta = numbers(engine, 1, 2, 3, 5, 10, 20);
    Numbers gammaGradient = numbers(engine, 1, 1);
    Numbers betaGradient = numbers(engine, 1, 1);
    Numbers inputDelta = engine.allocate(6);
    engine.normalizeBack(
        ghosts, 3, x, delta, gamma, means, inverses, true, gammaGradient, betaGradient, inputDelta);
    // Σδx̂: −2a + 3·2a + 10·2 and −10b·2 + 10b·5 + 20
    assertValues(engine, gammaGradient, 1 + 4 * a + 20, 1 + 30 * b + 20);
    assertValues(engine, betaGradient, 1 + 14, 1 + 27);
    // γ inverse (δ − Σδ/2 − x̂ Σδx̂/2): the first 2a (1 − 2 + 2a·2a), and its negative
    double first = 2 * a * (-1 + 4 * a * a);
    double second = b * (-1.5 + 10 * b * 15 * b);
    assertValues(engine, inputDelta, first, second, -first, -second, 10, 5);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void normalizeByRunning_someRows_isAsByHand(Engine engine) {
    Numbers y = engine.allocate(8);
    engine.normalizeByRunning(
        new Ghosts(7, 2, 2),
        2,
        1,
        numbers(engine, 1, 2, 3, 4, 5, 6, 7, 8),
        numbers(engine, 2, 8),
        numbers(engine, 0, 1),
        numbers(engine, 1, 2),
        numbers(engine, 3, 15),
        y);
    assertValues(engine, y, 0, 1, 2, 5, 4, 9, 6, 13);
  }

  /** What all kernels give for random numbers, and where these lie in larger ones. */
  private static List<float[]> run(Engine engine, Random random, boolean shifted) {
    int[] sizes = {1, 1, 2, 3, 5, 16, 33};
    Ghosts ghosts =
        new Ghosts(
            2 + random.nextInt(5),
            sizes[random.nextInt(sizes.length)],
            random.nextInt(8) == 0 ? 700 : sizes[random.nextInt(sizes.length)]);
    int rows = random.nextInt(14);
    int columns = ghosts.columns();
    int channels = ghosts.channels();
    boolean add = random.nextBoolean();
    boolean first = random.nextInt(4) == 0;
    Numbers x = random(engine, random, rows * columns, shifted, 3);
    Numbers delta = random(engine, random, rows * columns, shifted, 0);
    Numbers gamma = random(engine, random, channels, shifted, 1);
    Numbers beta = random(engine, random, channels, shifted, 0);
    Numbers runningMean = random(engine, random, channels, shifted, 3);
    Numbers runningVariance = random(engine, random, channels, shifted, 7);
    Numbers meanSums = random(engine, random, channels, shifted, 0);
    Numbers varianceSums = random(engine, random, channels, shifted, 0);
    Numbers means = random(engine, random, ghosts.count(rows) * channels, shifted, 0);
    Numbers inverses = random(engine, random, ghosts.count(rows) * channels, shifted, 0);
    Numbers y = random(engine, random, rows * columns, shifted, 0);
    Numbers answer = random(engine, random, rows * columns, shifted, 0);
    Numbers gammaGradient = random(engine, random, channels, shifted, 0);
    Numbers betaGradient = random(engine, random, channels, shifted, 0);
    Numbers inputDelta = random(engine, random, rows * columns, shifted, 0);
    engine.prepare(ghosts, rows);
    engine.normalize(
        ghosts,
        rows,
        0.1f,
        x,
        gamma,
        beta,
        runningMean,
        runningVariance,
        add,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    engine.normalizeByRunning(
        ghosts, rows, 0.1f, x, gamma, beta, runningMean, runningVariance, answer);
    engine.normalizeBack(
        ghosts,
        rows,
        x,
        delta,
        gamma,
        means,
        inverses,
        add,
        gammaGradient,
        betaGradient,
        first ? null : inputDelta);
    List<float[]> all = new ArrayList<>();
    if (rows * ghosts.pixels() > 1) {
      all.addAll(byMoments(engine, random, shifted, ghosts, rows, x, delta, gamma, beta));
    }
    for (Numbers written :
        List.of(
            meanSums,
            varianceSums,
            means,
            inverses,
            y,
            answer,
            gammaGradient,
            betaGradient,
            inputDelta)) {
      Numbers copy = engine.allocate(written.length());
      engine.copy(written, copy);
      all.add(engine.values(copy).clone());
    }
    return all;
  }

  /** What the kernels give for rows that are measured with as many others. */
  private static List<float[]> byMoments(
      Engine engine,
      Random random,
      boolean shifted,
      Ghosts ghosts,
      int rows,
      Numbers x,
      Numbers delta,
      Numbers gamma,
      Numbers beta) {
    int channels = ghosts.channels();
    int columns = ghosts.columns();
    boolean add = random.nextBoolean();
    Numbers meanSums = random(engine, random, channels, shifted, 0);
    Numbers varianceSums = random(engine, random, channels, shifted, 0);
    Numbers means = random(engine, random, channels, shifted, 0);
    Numbers inverses = random(engine, random, channels, shifted, 0);
    Numbers y = random(engine, random, rows * columns, shifted, 0);
    Numbers gammaGradient = random(engine, random, channels, shifted, 0);
    Numbers betaGradient = random(engine, random, channels, shifted, 0);
    Numbers inputDelta = random(engine, random, rows * columns, shifted, 0);
    double numbers = 2.0 * rows * ghosts.pixels();
    double[] moments = new double[2 * channels + 1];
    engine.moments(ghosts, rows, x, y, moments);
    List<float[]> all = new ArrayList<>();
    all.add(floats(moments));
    for (int c = 0; c < channels; c++) {
      moments[c] += 1;
      moments[channels + c] = 2 * moments[channels + c] + numbers;
    }
    engine.normalizeByMoments(
        ghosts,
        rows,
        0.1f,
        x,
        gamma,
        beta,
        moments,
        numbers,
        add,
        meanSums,
        varianceSums,
        means,
        inverses,
        y);
    double[] sums = new double[2 * channels];
    engine.normalizeBackSums(
        ghosts,
        rows,
        x,
        delta,
        gamma,
        means,
        inverses,
        add,
        gammaGradient,
        betaGradient,
        rows % 2 == 0 ? null : inputDelta,
        sums);
    all.add(floats(sums));
    if (rows % 2 == 1) {
      engine.normalizeBackBySums(
          ghosts, rows, x, delta, gamma, means, inverses, sums, numbers, inputDelta);
    }
    for (Numbers written :
        List.of(
            meanSums, varianceSums, means, inverses, y, gammaGradient, betaGradient, inputDelta)) {
      Numbers copy = engine.allocate(written.length());
      engine.copy(written, copy);
      all.add(engine.values(copy).clone());
    }
    return all;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Numbers random(
      Engine engine, Random random, int length, boolean shifted, double mean) {
    float[] values = new float[length + 13];
    int offset = shifted ? 1 + length % 12 : 0;
    for (int i = 0; i < length; i++) {
      values[offset + i] = (float) (mean + random.nextGaussian());
    }
    Numbers whole = engine.allocate(values.length);
    engine.load(whole, values);
    return whole.slice(offset, length);
  }

  static Stream<Engine> floatEngines() {
    return Engines.best();
  }

  @ParameterizedTest
  @MethodSource("floatEngines")
  void kernels_randomShapes_agreeWithTheReference(Engine engine) {
    for (int seed = 0; seed < CASES; seed++) {
      List<float[]> expected = run(new ReferenceEngine(), new Random(seed), false);
      List<float[]> found = run(engine, new Random(seed), true);
      for (int i = 0; i < expected.size(); i++) {
        double scale = 1;
        for (float value : expected.get(i)) {
          scale = Math.max(scale, Math.abs(value));
        }
        for (int k = 0; k < expected.get(i).length; k++) {
          assertTrue(
              Math.abs(expected.get(i)[k] - found.get(i)[k]) <= 5e-6 * scale,
              "seed %d, result %d: %s expected, %s found"
                  .formatted(seed, i, expected.get(i)[k], found.get(i)[k]));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("floatEngines")
  void kernels_anyOffset_giveTheSameBits(Engine engine) {
    for (int seed = 0; seed < CASES; seed++) {
      List<float[]> expected = run(engine, new Random(seed), false);
      List<float[]> found = run(engine, new Random(seed), true);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), found.get(i), "seed " + seed);
      }
    }
  }

  /**
   * A mean of 1,000 under a deviation of 0.1: sums of squares in floats would lose the variance.
   */
  @Test
  void normalize_aLargeMean_keepsTheVariance() {
    Random random = new Random(1);
    int rows = 64;
    Ghosts ghosts = new Ghosts(rows, 100, 3);
    double[] values = new double[rows * ghosts.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000 + 0.1 * random.nextGaussian();
    }
    List<float[]> inverses = new ArrayList<>();
    for (Engine engine : engines().toList()) {
      Numbers inverse = engine.allocate(3);
      Numbers zeros = numbers(engine, 0, 0, 0);
      Numbers ones = numbers(engine, 1, 1, 1);
      Numbers x = numbers(engine, values);
      engine.normalize(
          ghosts,
          rows,
          1e-5f,
          x,
          ones,
          zeros,
          zeros,
          ones,
          false,
          engine.allocate(3),
          engine.allocate(3),
          engine.allocate(3),
          inverse,
          x);
      inverses.add(engine.values(inverse).clone());
    }
    float[] exact = inverses.get(inverses.size() - 1);
    assertArrayEquals(exact, inverses.get(0), 1e-4f);
    for (float[] found : inverses) { // oneDNN's are sums of floats, of what the mean has left
      assertArrayEquals(exact, found, 1e-3f);
    }
    assertEquals(10, exact[0], 0.5);
  }
}
