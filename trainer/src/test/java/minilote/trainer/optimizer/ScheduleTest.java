package minilote.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  /** Ten epochs of 250 examples in batches of 100, 100 and 50. */
  private static final Course COURSE = new Course(250, 100, 10);

  @ParameterizedTest
  @CsvSource({
    // Factors: none; tenths at the points; epochs; cos(0), cos(90°), cos(60°), cos(180°).
    "constant, 0, 0, 1",
    "constant, 0, 2400, 1",
    "'step 2,6 x0.1', 0, 0, 1",
    "'step 2,6 x0.1', 0, 499, 1",
    "'step 2,6 x0.1', 0, 500, 0.1",
    "'step 2,6 x0.1', 0, 1500, 0.01",
    "'step 0.4 x0.5', 0, 99, 1",
    "'step 0.4 x0.5', 0, 100, 0.5",
    "'step 300ex x0.5', 0, 299, 1",
    "'step 300ex x0.5', 0, 300, 0.5",
    "'step 4steps x0.5', 0, 250, 1", // three steps make an epoch
    "'step 4steps x0.5', 0, 350, 0.5",
    "'exponential 0.5', 0, 249, 1",
    "'exponential 0.5', 0, 250, 0.5",
    "'exponential 0.5', 0, 750, 0.125",
    "cosine, 0, 0, 1",
    "cosine, 0, 1250, 0.5",
    "cosine, 0, 2500, 0",
    "'cosine to 0.2', 0, 1250, 0.6",
    "'cosine to 0.2', 0, 2500, 0.2",
    // The batch of 100 after 0, 100, 250 examples of a warm-up of 500 reaches 100, 200, 350.
    "constant, 2, 0, 0.2",
    "constant, 2, 100, 0.4",
    "constant, 2, 200, 0.5", // the batch of 50 that ends the epoch
    "constant, 2, 250, 0.7",
    "constant, 2, 450, 1",
    "constant, 500ex, 100, 0.4",
    "constant, 6steps, 100, 0.4",
    "constant, 4steps, 250, 1", // 250 and 100 examples
    "'step 1 x0.1', 2, 250, 0.07",
    "'exponential 0.5', 2, 250, 0.35",
    "cosine, 2, 0, 0.2",
    "cosine, 2, 500, 1",
    "cosine, 2, 1500, 0.5",
    "cosine, 10, 2400, 1", // a warm-up as long as the run leaves the cosine no room
    "cosine, 20, 2400, 0.5",
  })
  void learningRate_knownPlaces_haveTheKnownFactor(
      String curve, String warmup, long examples, double factor) {
    Schedule schedule = Schedule.parse(curve, warmup);

    assertEquals(8 * factor, schedule.learningRate(8, COURSE, examples), 1e-6);
  }

  @Test
  void learningRate_beyondTheRun_staysAtTheCosinesEnd() {
    assertEquals(0.5f, Schedule.parse("cosine to 0.5", "0").learningRate(1, COURSE, 9999));
  }

  @Test
  void learningRate_negativeExamples_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Schedule.CONSTANT.learningRate(1, COURSE, -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "constant;constant",
        "  step   30,60   x0.1 ;step 30,60 x0.1",
        "step 30.50,100000ex,500steps x0.25;step 30.5,100000ex,500steps x0.25",
        "exponential 0.950;exponential 0.95",
        "exponential 1;exponential 1",
        "cosine;cosine",
        "cosine to 0;cosine",
        "cosine to 1e-5;cosine to 1.0E-5",
      })
  void parse_words_roundTrip(String words, String canonical) throws Exception {
    Schedule schedule = Schedule.parse(words, "2.50");

    assertEquals(canonical, schedule.curve().toWords());
    assertEquals(schedule, Schedule.parse(schedule.curve().toWords(), "2.5"));
    String json = schedule.toJson().toString();
    assertEquals(schedule, Schedule.fromJson(new ObjectMapper().readTree(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|--schedule: \"\" is no schedule; write constant, step 30,60 x0.1, exponential 0.95,"
            + " cosine or cosine to 0.01",
        "linear|--schedule: \"linear\" is no schedule; write constant, step 30,60 x0.1,"
            + " exponential 0.95, cosine or cosine to 0.01",
        "constant 3|--schedule: \"constant 3\" is no schedule; write constant, step 30,60 x0.1,"
            + " exponential 0.95, cosine or cosine to 0.01",
        "step 30,60 0.1|--schedule: \"step 30,60 0.1\" is no schedule; write constant, step 30,60"
            + " x0.1, exponential 0.95, cosine or cosine to 0.01",
        "step 30,x x0.1|--schedule: \"x\" is no stretch of training; write epochs as 2, examples"
            + " as 100000ex, steps as 500steps",
        "step 30, x0.1|--schedule: \"\" is no stretch of training; write epochs as 2, examples as"
            + " 100000ex, steps as 500steps",
        "step 1.5ex x0.1|--schedule: \"1.5ex\" must be a whole number of them",
        "step 30 xy|--schedule: \"y\" is no number",
        "step 30 x0|--schedule: the factor 0 must be greater than 0 and at most 1, as in step 30,60"
            + " x0.1 or exponential 0.95",
        "exponential 1.5|--schedule: the factor 1.5 must be greater than 0 and at most 1, as in step"
            + " 30,60 x0.1 or exponential 0.95",
        "exponential NaN|--schedule: the factor NaN must be greater than 0 and at most 1, as in step"
            + " 30,60 x0.1 or exponential 0.95",
        "cosine to -1|--schedule: a cosine ends at a fraction of the learning rate from 0 to 1, not"
            + " at -1",
        "cosine at 1|--schedule: \"cosine at 1\" is no schedule; write constant, step 30,60 x0.1,"
            + " exponential 0.95, cosine or cosine to 0.01",
      })
  void parse_wrongWords_nameThePart(String words, String sentence) {
    UserError error = assertThrows(UserError.class, () -> Schedule.parse(words, "0"));

    assertEquals(sentence, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1", "two", "1e3", "500 steps", "500step", "ex", "''", "9999999999999999"})
  void parse_wrongWarmup_isRefused(String warmup) {
    UserError error = assertThrows(UserError.class, () -> Schedule.parse("constant", warmup));

    assertEquals(
        "--warmup: \""
            + warmup
            + "\" is no stretch of training; write epochs as 2, examples as 100000ex, steps as"
            + " 500steps",
        error.getMessage());
  }

  @Test
  void fromJson_withoutTexts_isRefused() throws Exception {
    assertThrows(
        UserError.class, () -> Schedule.fromJson(new ObjectMapper().readTree("{\"schedule\":1}")));
  }

  @Test
  void span_equalAmounts_areEqual() {
    assertEquals(Span.NONE, Span.parse("--warmup", "0.00"));
    assertEquals(
        new Span(new BigDecimal("100"), Span.Unit.EPOCHS), Span.parse("--warmup", "100.0"));
    assertEquals("100", Span.parse("--warmup", "100.0").toString());
  }

  @Test
  void course_impossible_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Course(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Course(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Course(1, 1, -1));
  }
}
