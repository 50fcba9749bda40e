package minilote.trainer.optimizer;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.datasets.UserError;

/**
 * A stretch of training as users write it: {@code 2} or {@code 0.5} epochs, {@code 100000ex}
 * examples, {@code 500steps}. Only a run's {@link Course} makes them comparable.
 *
 * @param amount how many; at least 0
 * @param unit of what
 */
public record Span(BigDecimal amount, Unit unit) {

  /** What a span counts. */
  public enum Unit {
    EPOCHS(""),
    EXAMPLES("ex"),
    STEPS("steps");

    private final String suffix;

    Unit(String suffix) {
      this.suffix = suffix;
    }
  }

  /** No training at all. */
  public static final Span NONE = new Span(BigDecimal.ZERO, Unit.EPOCHS);

  /** That {@link #FORM} has at most. */
  private static final int DECIMALS = 9;

  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(ex|steps)?");

  /** Writes one amount in one way, so that equal spans are equal. */
  public Span {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("a span of " + amount + " is negative");
    }
    amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
  }

  /**
   * Reads a span.
   *
   * @param option whose value it is or is part of, for the error
   * @throws UserError if it is none, or half an example or step
   */
  public static Span parse(String option, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new UserError(
          option
              + ": \""
              + text
              + "\" is no stretch of training; write epochs as 2, examples as 100000ex, steps as"
              + " 500steps");
    }
    String suffix = form.group(2);
    Unit unit = suffix == null ? Unit.EPOCHS : suffix.equals("ex") ? Unit.EXAMPLES : Unit.STEPS;
    Span span = new Span(new BigDecimal(form.group(1)), unit);
    if (unit != Unit.EPOCHS && span.amount.scale() > 0) {
      throw new UserError(option + ": \"" + text + "\" must be a whole number of them");
    }
    return span;
  }

  /** Of a span in epochs, {@code factor} times as many, to nine decimals; another one as it is. */
  Span stretched(double factor) {
    return unit == Unit.EPOCHS
        ? new Span(
            amount.multiply(BigDecimal.valueOf(factor)).setScale(DECIMALS, RoundingMode.HALF_EVEN),
            unit)
        : this;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return amount.toPlainString() + unit.suffix;
  }

  /** How many examples it is in a run; a step counts those of its batch. */
  double examples(Course course) {
    return switch (unit) {
      case EPOCHS -> amount.doubleValue() * course.examplesPerEpoch();
      case EXAMPLES -> amount.doubleValue();
      case STEPS -> {
        long steps = amount.longValueExact();
        long epochs = steps / course.stepsPerEpoch();
        long rest = steps % course.stepsPerEpoch();
        yield (double) epochs * course.examplesPerEpoch() + (double) rest * course.batch();
      }
    };
  }
}
