package minilote.trainer.network;

import java.util.List;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * A layer at work, on one engine, with memory for a block of rows. Rows are examples; every matrix
 * is row-major. An image in a row lies height × width × channels.
 */
interface Layer {
  /** From how many numbers on the rows that a layer is given may be multiplied in parts. */
  int LONG_ROW = 256;

  /** What the layer's signals become. */
  Units units();

  /**
   * s^(ℓ) of the last forward pass, rows × d^(ℓ). Of layers that work on images it may be {@link
   * #output} itself, where that tells the derivative.
   */
  default Numbers signal() {
    return units().signal();
  }

  /** x^(ℓ) of the last forward pass, rows × d^(ℓ). */
  default Numbers output() {
    return units().output();
  }

  /**
   * From the output of the layer before to its own.
   *
   * @param input x^(ℓ-1), rows × d^(ℓ-1)
   * @param pass tells whether the rows are learned from
   */
  void forward(Numbers input, int rows, Pass pass);

  /**
   * Back through the activation: {@code δ ← θ'(s) ⊙ δ}.
   *
   * @param delta ∂e/∂x^(ℓ), rows × d^(ℓ); becomes δ^(ℓ) = ∂e/∂s^(ℓ)
   */
  default void backwardThroughActivation(Numbers delta, int rows) {
    units().backward(delta, rows);
  }

  /**
   * From δ^(ℓ) to the gradient, the last parameters first, and to the layer before.
   *
   * @param input what {@link #forward} was given
   * @param delta δ^(ℓ), rows × d^(ℓ); others may need it, and it stays as it is
   * @param inputDelta ∂e/∂x^(ℓ-1), rows × d^(ℓ-1), written; null where nobody asks for it
   * @param pass told, as the gradient is computed, from which of the network's parameters on it is
   */
  void backward(Numbers input, Numbers delta, @Nullable Numbers inputDelta, int rows, Pass pass);

  /**
   * The same layer in several lanes.
   *
   * @param lanes the layer of each lane, of the same class as this one, which is the first
   */
  default SideBySide sideBySide(List<Layer> lanes) {
    return SideBySide.independent(lanes);
  }

  /**
   * Numbers for a block of rows. Where rows are long there is one more than is used: parts of them
   * are multiplied, and the wrappers of BLAS want a whole row behind the beginning of the last
   * part.
   */
  static Numbers allocateRows(Engine engine, int maxRows, int columns) {
    // Network.requireRoom has seen to it that an array holds them.
    return engine.allocate(Math.toIntExact(lengthOfRows(maxRows, columns)));
  }

  /** How many numbers {@link #allocateRows} allocates. */
  static long lengthOfRows(int maxRows, int columns) {
    return (columns < LONG_ROW ? maxRows : maxRows + 1L) * columns;
  }
}
