package minilote.trainer.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels on cases by hand, and the memory that they work on. */
class EngineTest {
  static Stream<Engine> engines() {
    return Stream.concat(Engines.all(), Stream.of(new ReferenceEngine()));
  }

  static Stream<Engine> portableEngines() {
    return Engines.all();
  }

  // ---- known cases

  private static Numbers numbers(Engine engine, double... values) {
    Numbers numbers = engine.allocate(values.length);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    engine.load(numbers, floats);
    return numbers;
  }

  private static void assertValues(Engine engine, Numbers numbers, double... expected) {
    float[] values = engine.values(numbers);
    assertEquals(expected.length, values.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[i], 1e-6 * Math.max(1, Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void products_knownMatrices_areAsByHand(Engine engine) {
    Numbers a = numbers(engine, 1, 2, 3, 4, 5, 6); // 2 × 3
    Numbers b = numbers(engine, 1, 0, 2, 1, 0, 3); // 3 × 2
    Numbers c = numbers(engine, 9, 9, 9, 9);
    engine.multiply(2, 3, 2, a, b, c);
    assertValues(engine, c, 5, 11, 14, 23);

    Numbers s = numbers(engine, 9, 9, 9, 9);
    engine.affine(2, 3, 2, a, b, numbers(engine, 10, -10), s);
    assertValues(engine, s, 15, 1, 24, 13);

    Numbers d = numbers(engine, 1, 0, 2, 1, 1, -1); // 2 × 3
    Numbers sum = numbers(engine, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    engine.addTransposedProduct(2, 3, 3, a, d, sum);
    assertValues(engine, sum, 6, 5, -1, 8, 6, 0, 10, 7, 1);
    engine.transposedProduct(2, 3, 3, 1, 1, a, d, false, sum);
    assertValues(engine, sum, 6, 5, -1, 7, 5, -1, 10, 7, 1);

    engine.multiplyByTransposed(2, 3, 2, a, d, c); // d as 2 × 3
    assertValues(engine, c, 7, 0, 16, 3);

    Numbers columns = numbers(engine, 1, 1, 1);
    engine.addColumnSums(2, 3, a, columns);
    assertValues(engine, columns, 6, 8, 10);
    engine.columnSums(2, 3, a, false, columns);
    assertValues(engine, columns, 5, 7, 9);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void activations_knownSignals_areAsByHand(Engine engine) {
    assertActivation(engine, ActivationFunction.LINEAR, new double[] {-2, 0, 3}, -2, 0, 3);
    assertActivation(engine, ActivationFunction.RELU, new double[] {-2, 0, 3}, 0, 0, 3);
    assertActivation(engine, ActivationFunction.SIGMOID, new double[] {0, 1}, 0.5, 0.7310586);
    assertActivation(engine, ActivationFunction.TANH, new double[] {0, 1}, 0, 0.7615942);
    assertActivation(engine, ActivationFunction.ELU, new double[] {2, -1}, 2, -0.3160603); // α = ½
    assertActivation(engine, ActivationFunction.SOFTMAX, new double[] {0, Math.log(3)}, 0.25, 0.75);
    assertActivation(engine, ActivationFunction.HEAVISIDE, new double[] {-1, 0, 2}, 0, 1, 1);
    assertActivation(engine, ActivationFunction.SIGN, new double[] {-1, -0.0, 2}, -1, 1, 1);
  }

  private static void assertActivation(
      Engine engine, ActivationFunction function, double[] signal, double... expected) {
    Numbers s = numbers(engine, signal);
    Numbers x = engine.allocate(signal.length);
    engine.activate(function, 0.5f, 1, signal.length, s, x);
    assertValues(engine, x, expected);
    engine.activate(function, 0.5f, 1, signal.length, s, s);
    assertValues(engine, s, expected);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void derivatives_knownSignals_areAsByHand(Engine engine) {
    // σ'(0) = ¼, σ'(1) = σ(1)(1 − σ(1)); tanh'(1) = 1 − tanh²(1); ELU'(−1) = α/e, ELU'(0) = α
    assertDerivative(engine, ActivationFunction.LINEAR, new double[] {-2, 3}, 2, 2);
    assertDerivative(engine, ActivationFunction.RELU, new double[] {-2, 0, 3}, 0, 0, 2);
    assertDerivative(engine, ActivationFunction.SIGMOID, new double[] {0, 1}, 0.5, 2 * 0.19661193);
    assertDerivative(engine, ActivationFunction.TANH, new double[] {0, 1}, 2, 2 * 0.41997434);
    assertDerivative(engine, ActivationFunction.ELU, new double[] {2, 0, -1}, 2, 1, 2 * 0.18393972);
    // All derivatives by the outputs equal: shifting a row of a softmax changes nothing.
    assertDerivative(engine, ActivationFunction.SOFTMAX, new double[] {0.3, -1, 2}, 0, 0, 0);
  }

  /** Of δ = (2, 2, …). */
  private static void assertDerivative(
      Engine engine, ActivationFunction function, double[] signal, double... expected) {
    int n = signal.length;
    Numbers s = numbers(engine, signal);
    Numbers x = engine.allocate(n);
    Numbers delta = engine.allocate(n);
    engine.fill(delta, 2);
    engine.activate(function, 0.5f, 1, n, s, x);
    engine.multiplyByDerivative(function, 0.5f, 1, n, s, x, delta);
    assertValues(engine, delta, expected);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void multiplyByDerivative_thresholdUnits_isRefused(Engine engine) {
    Numbers one = engine.allocate(1);
    for (ActivationFunction function :
        List.of(ActivationFunction.HEAVISIDE, ActivationFunction.SIGN)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.multiplyByDerivative(function, 1, 1, 1, one, one, one));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void losses_knownOutputs_areAsByHand(Engine engine) {
    Numbers delta = engine.allocate(2);
    double squared =
        engine.squaredError(1, 1, 2, numbers(engine, 3, 1), numbers(engine, 1, 2), delta); // 4 + 1
    assertEquals(5, squared, 1e-6);
    assertValues(engine, delta, 4, -2);
    double half =
        engine.squaredError(0.5f, 1, 2, numbers(engine, 3, 1), numbers(engine, 1, 2), delta);
    assertEquals(2.5, half, 1e-6);
    assertValues(engine, delta, 2, -1);

    // σ(ln 3) = ¾, σ(−ln 4) = ⅕: −ln ¾ − ln(1 − ⅕)
    double ln3 = Math.log(3);
    double ln4 = Math.log(4);
    double binary =
        engine.binaryCrossEntropy(
            1,
            2,
            numbers(engine, ln3, -ln4),
            numbers(engine, 0.75, 0.2),
            numbers(engine, 1, 0),
            delta);
    assertEquals(Math.log(4.0 / 3) + Math.log(1.25), binary, 1e-6);
    assertValues(engine, delta, -0.25, 0.2);

    double categorical =
        engine.categoricalCrossEntropy(
            2,
            1 + 1,
            numbers(engine, 7, 7 + ln3, -5, -5 - ln3),
            numbers(engine, 0.25, 0.75, 0.75, 0.25),
            numbers(engine, 0, 1, 0, 1),
            engine.allocate(4));
    assertEquals(Math.log(4.0 / 3) + Math.log(4), categorical, 1e-6);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void correct_knownOutputs_countsAsByHand(Engine engine) {
    double nan = Double.NaN;
    Numbers targets = numbers(engine, 0, 1, 0, 1, 0, 0, 0, 1, 0);
    Numbers outputs = numbers(engine, 0.1, 0.8, 0.1, 0.4, 0.4, 0.2, nan, 0.9, nan);
    assertEquals(2, engine.correct(Correctness.LARGEST_OUTPUT, 3, 3, outputs, targets));
    assertEquals(1, engine.correct(Correctness.EVERY_LABEL, 3, 3, outputs, targets));
    assertEquals(0, engine.correct(Correctness.NONE, 3, 3, outputs, targets));
    // One label a row: ½ is not above ½.
    Numbers labels = numbers(engine, 1, 1, 0, 0, 1);
    Numbers one = numbers(engine, 0.6, 0.4, 0.5, 0.6, nan);
    assertEquals(2, engine.correct(Correctness.EVERY_LABEL, 5, 1, one, labels));
  }

  // ---- memory

  @ParameterizedTest
  @MethodSource("engines")
  void memory_slices_seeWhatIsLoadedIntoTheWhole(Engine engine) {
    Numbers whole = engine.allocate(6);
    Numbers middle = whole.slice(1, 4);
    Numbers inner = middle.slice(1, 2);
    assertValues(engine, whole, 0, 0, 0, 0, 0, 0);
    engine.load(whole, new float[] {1, 2, 3, 4, 5, 6});
    engine.fill(inner, 9);
    assertValues(engine, whole, 1, 2, 9, 9, 5, 6);
    engine.copy(numbers(engine, 7, 8), middle);
    assertValues(engine, whole, 1, 7, 8, 9, 5, 6);
    assertEquals(4, middle.length());
    assertThrows(IndexOutOfBoundsException.class, () -> middle.slice(2, 3));
    assertThrows(IllegalArgumentException.class, () -> engine.load(middle, new float[4]));
    assertThrows(IllegalArgumentException.class, () -> engine.values(middle));
    assertThrows(IllegalArgumentException.class, () -> engine.load(whole, new float[5]));
  }

  @Test
  void load_portableEngine_keepsTheArrayItself() {
    Engine engine = PortableEngine.create();
    Numbers numbers = engine.allocate(3);
    float[] mine = {1, 2, 3};
    engine.load(numbers, mine);
    engine.fill(numbers.slice(2, 1), 5);
    assertSame(mine, engine.values(numbers));
    assertEquals(5, mine[2]);
  }

  @Test
  void kernels_matrixThatDoesNotFit_isNamedWithBothSizes() {
    Engine engine = PortableEngine.create();
    Numbers a = engine.allocate(6);
    Numbers b = engine.allocate(5);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> engine.multiply(2, 3, 2, a, b, a));
    assertEquals("multiply: B is said to be 3 × 2, and its numbers are 5", error.getMessage());
    Numbers other = new ReferenceEngine().allocate(6);
    assertThrows(IllegalArgumentException.class, () -> engine.fill(other, 0));
    assertThrows(IllegalArgumentException.class, () -> new ReferenceEngine().fill(a, 0));
  }

  @ParameterizedTest
  @MethodSource("portableEngines")
  void products_noInner_areEmptySums(Engine engine) {
    Numbers none = engine.allocate(0);
    Numbers c = numbers(engine, 1, 2, 3, 4);
    engine.addTransposedProduct(0, 2, 2, none, none, c);
    assertArrayEquals(new float[] {1, 2, 3, 4}, engine.values(c));
    engine.multiply(2, 0, 2, none, none, c);
    assertArrayEquals(new float[4], engine.values(c));
  }
}
