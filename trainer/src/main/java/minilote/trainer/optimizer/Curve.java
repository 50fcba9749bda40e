package minilote.trainer.optimizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/**
 * How the learning rate falls over a run, apart from its warm-up, as a factor of the base rate.
 *
 * <p>In words: {@code constant}; {@code step 30,60 x0.1}, ten times smaller from epoch 30 on, a
 * hundred times from epoch 60 on (also {@code step 500000ex,900steps x0.5}); {@code exponential
 * 0.95}, that factor after every epoch; {@code cosine}, along half a cosine to 0 at the end of the
 * run, or {@code cosine to 0.01} of the base rate. Epochs count from the start of the run, warm-up
 * included; the cosine begins where the warm-up ends.
 */
public sealed interface Curve {

  /**
   * The factor for the batch that follows after so many examples.
   *
   * @param warmup examples of the warm-up
   */
  double factor(Course course, double warmup, long examples);

  /** As {@link #parse} reads it. */
  String toWords();

  /** The same over {@code factor} times as many epochs, see {@link Schedule#stretched}. */
  default Curve stretched(double factor) {
    return this;
  }

  /** The base rate throughout. */
  record Constant() implements Curve {
    @Override
    public double factor(Course course, double warmup, long examples) {
      return 1;
    }

    @Override
    public String toWords() {
      return "constant";
    }
  }

  /**
   * A factor at each of some points: {@code factorⁿ} once n of them are passed.
   *
   * @param points where; at least one
   * @param factor in (0, 1]
   */
  record Steps(List<Span> points, double factor) implements Curve {
    public Steps {
      points = List.copyOf(points);
      if (points.isEmpty()) {
        throw new IllegalArgumentException("a schedule in steps needs a point");
      }
      requireFactor(factor);
    }

    @Override
    public double factor(Course course, double warmup, long examples) {
      int passed = 0;
      for (int i = 0; i < points.size(); i++) {
        if (examples >= points.get(i).examples(course)) {
          passed++;
        }
      }
      return StrictMath.pow(factor, passed);
    }

    @Override
    public Curve stretched(double factor) {
      return new Steps(points.stream().map(point -> point.stretched(factor)).toList(), this.factor);
    }

    @Override
    public String toWords() {
      return "step "
          + points.stream().map(Span::toString).collect(Collectors.joining(","))
          + " x"
          + plain(factor);
    }
  }

  /**
   * A factor after every epoch: {@code factorᵉ} in epoch e, the first being 0.
   *
   * @param factor in (0, 1]
   */
  record Exponential(double factor) implements Curve {
    public Exponential {
      requireFactor(factor);
    }

    @Override
    public double factor(Course course, double warmup, long examples) {
      long epoch = examples / course.examplesPerEpoch();
      return StrictMath.pow(factor, (double) epoch);
    }

    @Override
    public Curve stretched(double factor) {
      return new Exponential(StrictMath.pow(this.factor, 1 / factor));
    }

    @Override
    public String toWords() {
      return "exponential " + plain(factor);
    }
  }

  /**
   * Half a cosine: {@code f + (1 − f) · ½(1 + cos πp)} with p from 0, where the warm-up ends, to 1
   * at the end of the run. I. Loshchilov and F. Hutter, SGDR: Stochastic Gradient Descent with Warm
   * Restarts, ICLR 2017, arXiv:1608.03983, equation (5), without restarts.
   *
   * @param end f, the fraction of the base rate at the end; in [0, 1]
   */
  record Cosine(double end) implements Curve {
    public Cosine {
      if (!(end >= 0 && end <= 1)) {
        throw new UserError(
            "--schedule: a cosine ends at a fraction of the learning rate from 0 to 1, not at "
                + plain(end));
      }
    }

    @Override
    public double factor(Course course, double warmup, long examples) {
      if (examples <= warmup) {
        return 1;
      }
      double p = Math.min(1, (examples - warmup) / (course.examples() - warmup));
      return end + (1 - end) * 0.5 * (1 + StrictMath.cos(Math.PI * p));
    }

    @Override
    public String toWords() {
      return end == 0 ? "cosine" : "cosine to " + plain(end);
    }
  }

  /**
   * Reads a curve's words.
   *
   * @throws UserError with the part that is wrong and what would be right
   */
  static Curve parse(String text) {
    List<String> words = Arrays.asList(text.strip().split("\\s+", -1));
    String form = words.get(0);
    int count = words.size();
    if (form.equals("constant") && count == 1) {
      return new Constant();
    }
    if (form.equals("step") && count == 3 && words.get(2).startsWith("x")) {
      List<Span> points = new ArrayList<>();
      for (String point : words.get(1).split(",", -1)) {
        points.add(Span.parse("--schedule", point));
      }
      return new Steps(points, number(words.get(2).substring(1)));
    }
    if (form.equals("exponential") && count == 2) {
      return new Exponential(number(words.get(1)));
    }
    if (form.equals("cosine") && count == 1) {
      return new Cosine(0);
    }
    if (form.equals("cosine") && count == 3 && words.get(1).equals("to")) {
      return new Cosine(number(words.get(2)));
    }
    throw new UserError(
        "--schedule: \""
            + text
            + "\" is no schedule; write constant, step 30,60 x0.1, exponential 0.95, cosine or"
            + " cosine to 0.01");
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UserError("--schedule: \"" + text + "\" is no number", e);
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw new UserError(
          "--schedule: the factor "
              + plain(factor)
              + " must be greater than 0 and at most 1, as in step 30,60 x0.1 or exponential 0.95");
    }
  }

  /** The shortest text that reads as the same number, without a ".0". */
  private static String plain(double number) {
    String text = Double.toString(number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
