package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minilote.datasets.Json;
import minilote.datasets.UserError;

/**
 * The runs of a study that are made by one rule: every combination of batches, seeds and varied
 * options. Most studies have one arm; one that compares, say, a regime with its remedy has more.
 *
 * @param name what tables call it; empty where there is one arm only
 * @param options of {@code train} by name, such as {@code --network}, that all its runs have
 * @param batches at least one
 * @param seeds at least one
 * @param varied values of further options
 * @param equal what is the same in runs of different batches
 * @param scaling how the learning rate follows the batch
 * @param referenceBatch the batch that epochs and learning rate are given for
 */
public record Arm(
    String name,
    Map<String, String> options,
    List<Integer> batches,
    List<Long> seeds,
    Map<String, List<String>> varied,
    Equal equal,
    Scaling scaling,
    int referenceBatch) {

  public Arm {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    varied = Collections.unmodifiableMap(new LinkedHashMap<>(varied));
    batches = List.copyOf(batches);
    seeds = List.copyOf(seeds);
    requireDistinct("--batch", batches);
    requireDistinct("--seeds", seeds);
    varied.forEach((option, values) -> requireDistinct("--vary " + option.substring(2), values));
    if (batches.stream().anyMatch(batch -> batch < 1) || referenceBatch < 1) {
      throw new UserError("--batch: a batch has at least 1 example");
    }
  }

  private static void requireDistinct(String option, List<?> values) {
    if (values.isEmpty()) {
      throw new UserError("%s: it needs a value".formatted(option));
    }
    for (int i = 0; i < values.size(); i++) {
      if (values.indexOf(values.get(i)) != i) {
        throw new UserError("%s: %s is given twice".formatted(option, values.get(i)));
      }
    }
  }

  /** Every combination of the varied options' values; one empty one where nothing varies. */
  List<Map<String, String>> combinations() {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (Map.Entry<String, List<String>> axis : varied.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : combinations) {
        for (String value : axis.getValue()) {
          Map<String, String> one = new LinkedHashMap<>(combination);
          one.put(axis.getKey(), value);
          longer.add(one);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  /**
   * As part of {@code study.json}.
   *
   * @param isTuned whether learning rates are chosen by validation examples
   */
  ObjectNode toJson(boolean isTuned) {
    ObjectNode json = Json.object();
    json.put("name", name);
    options.forEach(json.putObject("options")::put);
    batches.forEach(json.putArray("batches")::add);
    seeds.forEach(json.putArray("seeds")::add);
    ObjectNode axes = json.putObject("varied");
    varied.forEach((option, values) -> values.forEach(axes.withArray("/" + option)::add));
    json.put("equal", word(equal));
    json.put("scaling", word(scaling));
    json.put("reference_batch", referenceBatch);
    json.put("held_equal", heldEqual(isTuned));
    return json;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** What is the same in all runs, and what is not, in a sentence. */
  private String heldEqual(boolean isTuned) {
    String rate =
        isTuned
            ? "each with the learning rate that its validation examples chose"
            : "with %s%s"
                .formatted(
                    scaling.words(),
                    scaling == Scaling.NONE
                        ? ""
                        : " (that of batch %,d is the one given)".formatted(referenceBatch));
    if (batches.size() == 1 && batches.get(0) == referenceBatch) {
      return "Its runs all learn from batches of %,d%s."
          .formatted(batches.get(0), isTuned ? ", " + rate : "");
    }
    String rounded =
        equal == Equal.EPOCHS
            ? ""
            : ", rounded up to whole epochs, over which schedules in epochs are stretched";
    return batches.size() == 1
        ? "Runs of batch %,d take %s as one of batch %,d%s, %s."
            .formatted(batches.get(0), equal.words(), referenceBatch, rounded, rate)
        : "Runs of all batches take %s%s, %s.".formatted(equal.words(), rounded, rate);
  }
}
