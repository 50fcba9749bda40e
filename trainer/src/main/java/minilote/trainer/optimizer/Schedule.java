package minilote.trainer.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.UserError;

/**
 * The learning rate's course over a run: {@code Schedule.parse("step 30,60 x0.1", "2")}.
 *
 * <p>The rate is the base rate times the curve's factor and, during the warm-up, times a factor
 * that rises linearly: the batch that reaches example {@code s} of a warm-up of {@code W} has
 * {@code s/W}, so that the first batch already learns and the one that ends the warm-up has the
 * full rate (P. Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017,
 * arXiv:1706.02677, section 2.2).
 *
 * <p>It is a function of how many examples the run has seen, and of nothing else: a resumed run and
 * every machine reckon the same rate, in double precision with {@code StrictMath}.
 *
 * @param curve how the rate falls
 * @param warmup how long it rises at first; {@link Span#NONE} for not at all
 */
public record Schedule(Curve curve, Span warmup) {

  /** The base rate throughout. */
  public static final Schedule CONSTANT = new Schedule(new Curve.Constant(), Span.NONE);

  /**
   * Reads a schedule.
   *
   * @param curve the words of {@code --schedule}, as {@link Curve} has them
   * @param warmup the value of {@code --warmup}: {@code 2} epochs, {@code 100000ex} or {@code
   *     500steps}
   * @throws UserError with the part that is wrong and what would be right
   */
  public static Schedule parse(String curve, String warmup) {
    return new Schedule(Curve.parse(curve), Span.parse("--warmup", warmup));
  }

  /**
   * The learning rate of one step.
   *
   * @param base the rate to which the factors apply
   * @param course the run's
   * @param examples how many examples the run has seen in the steps before this one: 0 at the first
   */
  public float learningRate(double base, Course course, long examples) {
    if (examples < 0) {
      throw new IllegalArgumentException("a run cannot have seen " + examples + " examples");
    }
    double warm = warmup.examples(course);
    double reached = examples + course.nextBatch(examples);
    double rise = reached < warm ? reached / warm : 1;
    return (float) (base * rise * curve.factor(course, warm, examples));
  }

  /**
   * The same course over a run of {@code factor} times as many epochs: what is written in epochs is
   * stretched, what is written in examples or steps stays.
   *
   * @param factor greater than 0
   */
  public Schedule stretched(double factor) {
    return new Schedule(curve.stretched(factor), warmup.stretched(factor));
  }

  /** As JSON, in the words that {@link #parse} reads. */
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("schedule", curve.toWords())
        .put("warmup", warmup.toString());
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError if a word is missing or wrong
   */
  public static Schedule fromJson(JsonNode json) {
    if (!json.path("schedule").isTextual() || !json.path("warmup").isTextual()) {
      throw new UserError("a schedule must have the texts \"schedule\" and \"warmup\": " + json);
    }
    return parse(json.path("schedule").asText(), json.path("warmup").asText());
  }
}
