package minilote.driver;

import java.util.Map;
import minilote.datasets.UserError;
import org.jspecify.annotations.Nullable;

/** Published experiments that are no studies but lessons, by the names that recipes have. */
final class LessonRecipes {
  private static final Map<String, String> LESSONS =
      Map.of(
          "nielsen-vanishing", "vanishing-gradient",
          "smoothness", "approximation",
          "zhu-anisotropy", "anisotropy",
          "kleinberg", "smoothing");

  private LessonRecipes() {}

  /**
   * Refuses what is a lesson.
   *
   * @throws UserError with the command that runs it
   */
  static void refuse(@Nullable String recipe) {
    String lesson = recipe == null ? null : LESSONS.get(recipe);
    if (lesson != null) {
      throw new UserError(
          "--recipe %s: it is a lesson and no study; %s lesson %s runs it"
              .formatted(recipe, Minilote.COMMAND, lesson));
    }
  }
}
