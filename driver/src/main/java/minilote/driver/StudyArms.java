package minilote.driver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import minilote.datasets.UserError;
import minilote.driver.study.Arm;
import minilote.driver.study.Equal;
import minilote.driver.study.Scaling;
import minilote.trainer.run.TrainingSettings;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** From settings by name, of a file and of the command line, to the arms of a study. */
final class StudyArms {
  static final String BATCH = "batch";
  static final String SEEDS = "seeds";
  static final String VARY = "vary";
  static final String EQUAL = "equal";
  static final String SCALING = "scaling";
  static final String REFERENCE_BATCH = "reference-batch";
  static final String ARMS = "arms";
  private static final String NAME = "name";

  /** What decides an arm's runs beside the options of train. */
  static final Set<String> OWN = Set.of(BATCH, SEEDS, VARY, EQUAL, SCALING, REFERENCE_BATCH, ARMS);

  private static final List<Integer> DEFAULT_BATCHES = List.of(32, 128, 512, 2048);
  private static final List<Long> DEFAULT_SEEDS = List.of(0L, 1L, 2L);
  private static final int MOST_SEEDS = 10_000;

  private final CommandSpec train = RunOptions.spec();

  /** Whether it is an option of train that a study may set, without its hyphens. */
  boolean isRunOption(String name) {
    return !name.equals(BATCH) && !name.equals("seed") && train.findOption("--" + name) != null;
  }

  /** What the second says, and what the first says beside it. */
  static Map<String, Object> merged(Map<String, Object> first, Map<String, Object> second) {
    Map<String, Object> merged = new LinkedHashMap<>(first);
    merged.putAll(second);
    if (first.containsKey(VARY) && second.containsKey(VARY)) {
      Map<String, Object> varied = new LinkedHashMap<>(StudyFile.map(VARY, first.get(VARY)));
      varied.putAll(StudyFile.map(VARY, second.get(VARY)));
      merged.put(VARY, varied);
    }
    return merged;
  }

  /**
   * The arms.
   *
   * @throws UserError naming the setting that is none, or has a wrong value
   */
  List<Arm> of(Map<String, Object> settings) {
    Object arms = settings.get(ARMS);
    if (arms == null) {
      return List.of(arm("", settings));
    }
    if (arms instanceof List<?> none && none.isEmpty()) {
      throw new UserError("arms: there are none in the list");
    }
    Map<String, Object> common = new LinkedHashMap<>(settings);
    common.remove(ARMS);
    List<Arm> all = new ArrayList<>();
    for (Object one : arms instanceof List<?> list ? list : List.of(arms)) {
      Map<String, Object> own = StudyFile.map(ARMS, one);
      Object name = own.remove(NAME);
      if (own.containsKey(ARMS)) {
        throw new UserError("arms: an arm has no arms of its own");
      }
      if (!(name instanceof String text) || text.isBlank()) {
        throw new UserError("arms: each needs a name, such as 'name: small batches'");
      }
      if (all.stream().anyMatch(arm -> arm.name().equals(text))) {
        throw new UserError("arms: two are called \"%s\"".formatted(text));
      }
      all.add(arm(text, merged(common, own)));
    }
    return all;
  }

  private Arm arm(String name, Map<String, Object> settings) {
    Map<String, String> options = new LinkedHashMap<>();
    settings.forEach(
        (option, value) -> {
          if (isRunOption(option)) {
            options.put("--" + option, single(option, value));
          } else if (!OWN.contains(option)) {
            throw new UserError(
                "%s: there is no such setting of a study (%s study --help)"
                    .formatted(option, Minilote.COMMAND));
          }
        });
    List<Integer> batches =
        settings.containsKey(BATCH)
            ? numbers("--batch", settings.get(BATCH)).stream().map(StudyArms::batch).toList()
            : DEFAULT_BATCHES;
    if (batches.isEmpty()) {
      throw new UserError("--batch: it needs a value");
    }
    return new Arm(
        name,
        options,
        batches,
        seeds(settings.get(SEEDS)),
        varied(settings.get(VARY)),
        word(EQUAL, settings, Equal.EPOCHS),
        word(SCALING, settings, Scaling.NONE),
        settings.containsKey(REFERENCE_BATCH)
            ? batch(referenceBatch(settings.get(REFERENCE_BATCH)))
            : batches.stream().mapToInt(batch -> batch).min().orElseThrow());
  }

  private static String single(String option, Object value) {
    List<String> texts = StudyFile.texts(option, value);
    if (texts.size() != 1) {
      throw new UserError(
          "%s: it has %d values; those of vary may have several".formatted(option, texts.size()));
    }
    return texts.get(0);
  }

  private static long referenceBatch(@Nullable Object value) {
    List<Long> numbers = numbers("--reference-batch", value);
    if (numbers.size() != 1) {
      throw new UserError(
          "--reference-batch: it must be one value, and not %d".formatted(numbers.size()));
    }
    return numbers.get(0);
  }

  private static int batch(long number) {
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw new UserError("--batch %d: it must be at least 1".formatted(number));
    }
    return (int) number;
  }

  private static List<Long> numbers(String option, @Nullable Object value) {
    List<Long> numbers = new ArrayList<>();
    for (String text : StudyFile.texts(option, value == null ? List.of() : value)) {
      for (String word : text.split(",", -1)) {
        try {
          numbers.add(Long.parseLong(word.strip()));
        } catch (NumberFormatException e) {
          throw new UserError(
              "%s %s: it must be whole numbers with commas between them".formatted(option, text),
              e);
        }
      }
    }
    return numbers;
  }

  /** One number is how many; several are the seeds. */
  private static List<Long> seeds(@Nullable Object value) {
    if (value == null) {
      return DEFAULT_SEEDS;
    }
    List<Long> numbers = numbers("--seeds", value);
    if (numbers.size() != 1 || (value instanceof List<?> list && !list.isEmpty())) {
      return numbers;
    }
    long count = numbers.get(0);
    if (count < 1 || count > MOST_SEEDS) {
      throw new UserError(
          "--seeds %d: it must be how many, from 1 to %d, or a list".formatted(count, MOST_SEEDS));
    }
    return LongStream.range(0, count).boxed().toList();
  }

  private Map<String, List<String>> varied(@Nullable Object value) {
    Map<String, List<String>> varied = new LinkedHashMap<>();
    if (value == null) {
      return varied;
    }
    StudyFile.map(VARY, value)
        .forEach(
            (option, values) -> {
              if (!isRunOption(option)) {
                throw new UserError(
                    "--vary %s: %s"
                        .formatted(
                            option,
                            option.equals(BATCH) || option.equals("seed")
                                ? "--batch and --seeds take several values themselves"
                                : "train has no such option (%s train --help)"
                                    .formatted(Minilote.COMMAND)));
              }
              varied.put("--" + option, StudyFile.texts("--vary " + option, values));
            });
    return varied;
  }

  /** Options of the command line as a file would have them: {@code learning-rate=0.01,0.1}. */
  static Map<String, Object> varied(List<String> words) {
    Map<String, Object> varied = new LinkedHashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      if (at < 1 || at == word.length() - 1) {
        throw new UserError(
            "--vary %s: it must be an option of train with values, such as learning-rate=0.01,0.1"
                .formatted(word));
      }
      String option = word.substring(0, at).replaceFirst("^--", "");
      varied.put(option, Arrays.asList(word.substring(at + 1).split(",", -1)));
    }
    return varied;
  }

  private static <E extends Enum<E>> E word(
      String option, Map<String, Object> settings, E otherwise) {
    Object value = settings.get(option);
    return value == null
        ? otherwise
        : Choice.of(
            "--" + option,
            single(option, value).toLowerCase(Locale.ROOT),
            otherwise.getDeclaringClass());
  }

  /** The settings of one run. */
  static TrainingSettings settings(Map<String, String> options, Configuration hadoop)
      throws IOException {
    RunOptions run;
    try {
      run = RunOptions.of(options);
    } catch (ParameterException e) {
      throw new UserError(Failure.of(e).sentence(), e);
    }
    return run.settings(
        required("--data URI", run.model.data),
        required("--network WORDS", run.model.network),
        hadoop);
  }

  private static String required(String option, @Nullable String value) {
    if (value == null) {
      throw new UserError("study needs %s (%s study --help)".formatted(option, Minilote.COMMAND));
    }
    return value;
  }
}
