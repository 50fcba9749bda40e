package minilote.trainer.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;
import minilote.trainer.math.Correctness;
import minilote.trainer.math.Engine;
import minilote.trainer.math.Numbers;

/**
 * What is made small: a sum over a network's outputs and over examples. Nothing is divided here;
 * who adds up the examples divides by their number.
 */
public enum Loss {
  /** {@code Σ (x − y)²}, of any outputs that can be differentiated. */
  MEAN_SQUARED_ERROR("mse"),
  /** {@code ½ Σ (x − y)²}. */
  HALF_SQUARED_ERROR("half-mse"),
  /** {@code −Σ (y ln x + (1−y) ln(1−x))}, of sigmoid outputs: two classes, or several labels. */
  BINARY_CROSS_ENTROPY("bce"),
  /** {@code −Σ y ln x}, of softmax outputs: several classes. */
  CATEGORICAL_CROSS_ENTROPY("cce");

  private final String word;

  Loss(String word) {
    this.word = word;
  }

  /** The word for it: {@code mse}, {@code half-mse}, {@code bce}, {@code cce}. */
  public String word() {
    return word;
  }

  /**
   * The inverse of {@link #word()}.
   *
   * @throws UserError with the words that are known
   */
  public static Loss parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    for (Loss loss : values()) {
      if (loss.word.equals(word)) {
        return loss;
      }
    }
    List<String> known = Arrays.stream(values()).map(Loss::word).toList();
    throw new UserError(
        ("'%s' is no loss (known: mse and half-mse, squared errors; bce, binary cross-entropy; cce,"
                + " categorical cross-entropy)%s")
            .formatted(text, Suggestion.of(word, known)));
  }

  /**
   * The loss that a network has unless told otherwise: cce of softmax, bce of sigmoid, else mse.
   */
  public static Loss following(Activation last) {
    return switch (last.function()) {
      case SOFTMAX -> CATEGORICAL_CROSS_ENTROPY;
      case SIGMOID -> BINARY_CROSS_ENTROPY;
      default -> MEAN_SQUARED_ERROR;
    };
  }

  /**
   * Checks that it can be taken of outputs with that activation.
   *
   * @throws UserError saying what to use instead
   */
  public void check(Activation last) {
    ActivationFunction needed =
        switch (this) {
          case MEAN_SQUARED_ERROR, HALF_SQUARED_ERROR -> last.function();
          case BINARY_CROSS_ENTROPY -> ActivationFunction.SIGMOID;
          case CATEGORICAL_CROSS_ENTROPY -> ActivationFunction.SOFTMAX;
        };
    if (last.function() != needed) {
      throw new UserError(
          ("the loss %s is of %s outputs, and the last layer is %s: end the network with %s, or use"
                  + " the loss %s")
              .formatted(
                  word,
                  needed.name().toLowerCase(Locale.ROOT),
                  last.word(),
                  needed.name().toLowerCase(Locale.ROOT),
                  following(last).word));
    }
  }

  /** What counts as correct where nothing is known of the targets but the loss. */
  Correctness correctness() {
    return switch (this) {
      case MEAN_SQUARED_ERROR, HALF_SQUARED_ERROR -> Correctness.NONE;
      case BINARY_CROSS_ENTROPY -> Correctness.EVERY_LABEL;
      case CATEGORICAL_CROSS_ENTROPY -> Correctness.LARGEST_OUTPUT;
    };
  }

  /**
   * The loss of rows × units outputs. It leaves in delta {@code ∂e/∂s} if {@link #fused()}, else
   * {@code ∂e/∂x}.
   */
  double error(
      Engine engine,
      int rows,
      int units,
      Numbers signal,
      Numbers output,
      Numbers target,
      Numbers delta) {
    return switch (this) {
      case MEAN_SQUARED_ERROR -> engine.squaredError(1, rows, units, output, target, delta);
      case HALF_SQUARED_ERROR -> engine.squaredError(0.5f, rows, units, output, target, delta);
      case BINARY_CROSS_ENTROPY ->
          engine.binaryCrossEntropy(rows, units, signal, output, target, delta);
      case CATEGORICAL_CROSS_ENTROPY ->
          engine.categoricalCrossEntropy(rows, units, signal, output, target, delta);
    };
  }

  /** Whether the derivative of the output's activation is already part of delta. */
  boolean fused() {
    return this == BINARY_CROSS_ENTROPY || this == CATEGORICAL_CROSS_ENTROPY;
  }
}
