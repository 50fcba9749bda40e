package minilote.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.UserError;
import minilote.driver.study.Published;
import minilote.driver.study.PublishedStudy;
import org.jspecify.annotations.Nullable;

/**
 * A published experiment: its settings, and the figures that its authors found. The texts are
 * resources beside this class; their settings are those of a study's file.
 *
 * @param name what it is called by
 * @param title what it shows
 * @param source where it was published
 * @param dataset the name of the data set that it is made with
 * @param preparation what {@code prepare} makes that of
 * @param settings of the study
 * @param small of the form that ends within minutes, where they differ
 * @param published what the authors found
 */
record Recipe(
    String name,
    String title,
    String source,
    String dataset,
    String preparation,
    Map<String, Object> settings,
    Map<String, Object> small,
    List<Published> published) {
  /** All that there are. */
  static final List<String> NAMES =
      List.of(
          "keskar-f1",
          "keskar-c1",
          "hoffer-f1",
          "zhang-mlp",
          "mccandlish-noise",
          "jastrzebski",
          "learning-rate");

  /**
   * The recipe of that name.
   *
   * @throws UserError where there is none
   */
  static Recipe of(String name) {
    if (!NAMES.contains(name)) {
      throw new UserError("--recipe %s: it must be %s".formatted(name, String.join(" or ", NAMES)));
    }
    Map<String, Object> content = StudyFile.parse(text(name), "recipe " + name);
    List<Published> published = new ArrayList<>();
    for (Object figure : (List<?>) value(content, "published")) {
      Map<String, Object> one = StudyFile.map("published", figure);
      Object plusMinus = one.get("plus_minus");
      published.add(
          new Published(
              String.valueOf(one.getOrDefault("arm", "")),
              ((Number) value(one, "batch")).intValue(),
              String.valueOf(value(one, "figure")),
              ((Number) value(one, "value")).doubleValue(),
              plusMinus == null ? null : (Double) ((Number) plusMinus).doubleValue()));
    }
    Object dataset = value(content, "dataset");
    return new Recipe(
        name,
        String.valueOf(value(content, "title")),
        String.valueOf(value(content, "source")),
        String.valueOf(dataset),
        String.valueOf(content.getOrDefault("prepare", "--dataset " + dataset)),
        StudyFile.map("settings", content.get("settings")),
        StudyFile.map("small", content.get("small")),
        published);
  }

  private static Object value(Map<String, Object> of, String name) {
    Object value = of.get(name);
    if (value == null) {
      throw new IllegalStateException("a recipe without " + name);
    }
    return value;
  }

  private static String text(String name) {
    try (InputStream in = Recipe.class.getResourceAsStream("recipes/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the recipe %s is missing from the jar".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a study of it is held against.
   *
   * @param isSmall whether it is the small form
   */
  PublishedStudy study(boolean isSmall) {
    return new PublishedStudy(name, title, source, isSmall, published);
  }

  /**
   * Settings for a study.
   *
   * @param scale "small", or null for all of it
   * @throws UserError where it is another word
   */
  Map<String, Object> settings(@Nullable String scale) {
    if (scale == null) {
      return new LinkedHashMap<>(settings);
    }
    if (!scale.equals("small")) {
      throw new UserError("--scale %s: it must be small, or left out".formatted(scale));
    }
    Map<String, Object> merged = StudyArms.merged(settings, small);
    if (small.containsKey(StudyArms.SEEDS) && merged.get(StudyArms.ARMS) instanceof List<?> arms) {
      // What is small holds for all arms.
      List<Object> own = new ArrayList<>();
      for (Object arm : arms) {
        Map<String, Object> one = StudyFile.map(StudyArms.ARMS, arm);
        one.keySet().removeAll(small.keySet());
        own.add(one);
      }
      merged.put(StudyArms.ARMS, own);
    }
    return merged;
  }
}
