package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;

/**
 * The activation of a layer: a function and its parameter.
 *
 * @param function what is computed
 * @param alpha α of ELU, above 0; 1 for every other function
 */
public record Activation(ActivationFunction function, float alpha) {
  public static final Activation LINEAR = new Activation(ActivationFunction.LINEAR, 1);
  public static final Activation SIGMOID = new Activation(ActivationFunction.SIGMOID, 1);
  public static final Activation TANH = new Activation(ActivationFunction.TANH, 1);
  public static final Activation RELU = new Activation(ActivationFunction.RELU, 1);
  public static final Activation SOFTMAX = new Activation(ActivationFunction.SOFTMAX, 1);
  public static final Activation HEAVISIDE = new Activation(ActivationFunction.HEAVISIDE, 1);
  public static final Activation SIGN = new Activation(ActivationFunction.SIGN, 1);

  /** All words, as a sentence lists them. */
  static final String WORDS =
      "linear, sigmoid, tanh, relu, elu, elu(0.5), softmax, heaviside and sign";

  public Activation {
    if (function == ActivationFunction.ELU) {
      if (!(alpha > 0) || Float.isInfinite(alpha)) {
        throw new UserError(
            "elu(" + alpha + "): its parameter must be a number above 0, as in elu(0.5)");
      }
    } else if (alpha != 1) {
      throw new IllegalArgumentException(function + " has no parameter");
    }
  }

  /** The exponential linear unit of that α. */
  public static Activation elu(float alpha) {
    return new Activation(ActivationFunction.ELU, alpha);
  }

  /** Whether back-propagation can go through it. */
  public boolean differentiable() {
    return function.differentiable();
  }

  /** The word for it, as networks are written: {@code relu}, {@code elu}, {@code elu(0.5)}. */
  public String word() {
    return alpha == 1 ? word(function) : word(function) + "(" + alpha + ")";
  }

  private static String word(ActivationFunction function) {
    return function.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The inverse of {@link #word()}, in letters of either case.
   *
   * @throws UserError saying what is wrong with the word and which are right
   */
  public static Activation parse(String word) {
    String text = word.strip().toLowerCase(Locale.ROOT);
    int parenthesis = text.indexOf('(');
    String name = (parenthesis < 0 ? text : text.substring(0, parenthesis)).strip();
    List<String> known = new ArrayList<>();
    for (ActivationFunction function : ActivationFunction.values()) {
      if (word(function).equals(name)) {
        return new Activation(
            function, parenthesis < 0 ? 1 : parameter(function, word, text.substring(parenthesis)));
      }
      known.add(word(function));
    }
    throw new UserError(
        "'%s' is no activation%s Activations are %s"
            .formatted(word, separated(Suggestion.of(name, known)), WORDS));
  }

  private static float parameter(ActivationFunction function, String word, String parameter) {
    if (function != ActivationFunction.ELU) {
      throw new UserError(
          "'%s': %s takes no parameter; write '%s'"
              .formatted(word, word(function), word(function)));
    }
    try {
      if (!parameter.endsWith(")")) {
        throw new NumberFormatException("no closing parenthesis");
      }
      float alpha = Float.parseFloat(parameter.substring(1, parameter.length() - 1));
      if (alpha > 0 && alpha < Float.POSITIVE_INFINITY) {
        return alpha;
      }
      throw new NumberFormatException("out of range");
    } catch (NumberFormatException e) {
      throw new UserError(
          "'%s': elu's parameter must be a number above 0, as in 'elu(0.5)'".formatted(word), e);
    }
  }

  /** A suggestion ends its sentence; without one a colon leads on. */
  private static String separated(String suggestion) {
    return suggestion.isEmpty() ? ":" : suggestion;
  }
}
