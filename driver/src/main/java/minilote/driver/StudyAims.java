package minilote.driver;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minilote.datasets.UserError;
import minilote.driver.study.Measure;
import minilote.trainer.spark.Portion;
import org.jspecify.annotations.Nullable;

/**
 * What a study is to find out beyond its runs, as the command line or a file says it.
 *
 * @param rates from which learning rates are chosen; empty for some around the one that a run would
 *     have; null where none are chosen
 * @param target what runs are timed to; null for the best that all reach
 * @param measures of the minima
 * @param examples on so many of the first ones, or {@link Portion#ALL}
 */
record StudyAims(
    @Nullable List<Double> rates, @Nullable Double target, Set<Measure> measures, long examples) {
  /** The value of --tune without any. */
  static final String BY_ITSELF = "by itself";

  private static final String TUNE = "tune";
  private static final String TARGET = "target";
  private static final String MEASURES = "measures";
  private static final String MEASURED_EXAMPLES = "measured-examples";

  /** What these settings are called. */
  static final Set<String> NAMES = Set.of(TUNE, TARGET, MEASURES, MEASURED_EXAMPLES);

  /**
   * What settings say, from which it is taken.
   *
   * @param given by name; loses those of {@link #NAMES}
   * @throws UserError where a value is none
   */
  static StudyAims takenFrom(Map<String, Object> given) {
    return new StudyAims(
        rates(given.remove(TUNE)),
        target(given.remove(TARGET)),
        measures(given.remove(MEASURES)),
        examples(given.remove(MEASURED_EXAMPLES)));
  }

  private static @Nullable List<Double> rates(@Nullable Object given) {
    if (given == null || given.equals(false)) {
      return null;
    }
    if (given.equals(true) || given.equals(BY_ITSELF) || given.equals("")) {
      return List.of();
    }
    List<Double> rates = new ArrayList<>();
    for (String text : StudyFile.texts("--tune", given)) {
      for (String word : text.split(",", -1)) {
        rates.add(number("--tune", word));
      }
    }
    return rates;
  }

  private static Set<Measure> measures(@Nullable Object given) {
    Set<Measure> measures = EnumSet.noneOf(Measure.class);
    for (String text : StudyFile.texts("--measures", given == null ? List.of() : given)) {
      for (String word : text.split(",", -1)) {
        measures.add(Choice.of("--measures", word.strip(), Measure.class));
      }
    }
    return measures;
  }

  private static long examples(@Nullable Object given) {
    if (given == null) {
      return Portion.ALL;
    }
    double examples = number("--measured-examples", StudyFile.text("--measured-examples", given));
    if (examples != Math.rint(examples)) {
      throw new UserError("--measured-examples %s: it must be a whole number".formatted(examples));
    }
    return (long) examples;
  }

  private static @Nullable Double target(@Nullable Object given) {
    return given == null ? null : (Double) number("--target", StudyFile.text("--target", given));
  }

  private static double number(String option, String word) {
    try {
      double number = Double.parseDouble(word.strip());
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As wrong as a negative one.
    }
    throw new UserError("%s %s: it must be a number above 0".formatted(option, word));
  }
}
