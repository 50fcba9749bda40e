package minilote.trainer.optimizer;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/** The update rules by the words that choose them: {@code --optimizer sgd}. */
public enum UpdateRule {
  /** {@link GradientDescent}. */
  SGD,
  /** {@link Momentum}. */
  MOMENTUM,
  /** {@link Nesterov}. */
  NESTEROV,
  /** {@link Adam}, with weight decay in the gradient. */
  ADAM,
  /** {@link Adam}, with weight decay apart from the gradient. */
  ADAMW;

  /** The word: the name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean hasMomentum() {
    return this == MOMENTUM || this == NESTEROV;
  }

  boolean hasMoments() {
    return this == ADAM || this == ADAMW;
  }

  /**
   * The rule of a word.
   *
   * @throws UserError if there is none, with the words that there are
   */
  public static UpdateRule of(String word) {
    for (UpdateRule rule : values()) {
      if (rule.word().equals(word)) {
        return rule;
      }
    }
    throw new UserError(
        "--optimizer "
            + word
            + ": there is no such optimizer; it must be one of "
            + Arrays.stream(values()).map(UpdateRule::word).collect(Collectors.joining(", ")));
  }
}
