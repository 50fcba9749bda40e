package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LessonRecipesTest {
  private static final String[] NAMES = {
    "nielsen-vanishing", "smoothness", "zhu-anisotropy", "kleinberg"
  };

  @ParameterizedTest
  @CsvSource({
    "nielsen-vanishing, vanishing-gradient",
    "smoothness, approximation",
    "zhu-anisotropy, anisotropy",
    "kleinberg, smoothing",
  })
  void study_ofALesson_saysHowToRunIt(String recipe, String lesson) {
    Program.Outcome outcome = Program.run("study", "--recipe", recipe);
    assertEquals(2, outcome.exitCode());
    assertEquals("", outcome.out());
    assertEquals(
        "minilote: --recipe %s: it is a lesson and no study; minilote lesson %s runs it\n"
            .formatted(recipe, lesson),
        outcome.err());
  }

  @Test
  void help_ofStudy_namesThemAll() {
    String help = Program.succeed("study", "--help");
    for (String name : NAMES) {
      assertTrue(help.contains(name), name);
    }
  }
}
