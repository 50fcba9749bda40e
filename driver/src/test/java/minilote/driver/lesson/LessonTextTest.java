package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts say the same in both languages, of the same findings. */
class LessonTextTest {
  private static final Pattern NAME = Pattern.compile("\\{\\{[#^/]?([\\w-]+)\\}\\}");

  static List<Lesson> lessons() {
    return Lessons.ALL;
  }

  private static Set<String> names(LessonText text) {
    return NAME.matcher(text.body())
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("lessons")
  void text_inBothLanguages_usesTheSameFindings(Lesson lesson) {
    LessonText english = LessonText.of(lesson.name(), Language.EN);
    LessonText spanish = LessonText.of(lesson.name(), Language.ES);
    assertEquals(english.words().keySet(), spanish.words().keySet());
    assertEquals(names(english), names(spanish));
    assertEquals(Classrooms.shown(english), Classrooms.shown(spanish));
    assertEquals(headings(english), headings(spanish));
    for (LessonText text : List.of(english, spanish)) {
      assertFalse(text.title().isBlank());
      assertFalse(text.summary().isBlank() || text.summary().equals("null"));
      assertTrue(text.summary().endsWith("."), text.summary());
    }
    assertFalse(english.title().equals(spanish.title()));
  }

  private static long headings(LessonText text) {
    return text.body().lines().filter(line -> line.startsWith("## ")).count();
  }

  /** Commands are shown as the user types them, and lead to lessons in the language they are in. */
  @Test
  void commands_inTexts_beginWithTheProgramAndKeepTheLanguage() throws IOException {
    Findings found = new Gates().work(Classrooms.empty(0), LessonText.of("gates", Language.EN));
    String english = LessonHtml.of(LessonText.of("gates", Language.EN), found, "deploy/minilote");
    assertTrue(english.contains("<code>deploy/minilote lesson xor</code>"), english);
    String spanish = LessonHtml.of(LessonText.of("gates", Language.ES), found, "deploy/minilote");
    assertTrue(spanish.contains("<code>deploy/minilote lesson xor --language es</code>"), spanish);
    assertFalse(spanish.contains("<code>minilote"), spanish);
  }

  @Test
  void names_ofAllLessons_differ() {
    Set<String> names = new HashSet<>();
    Lessons.ALL.forEach(lesson -> assertTrue(names.add(lesson.name()), lesson.name()));
  }

  @Test
  void named_unknownName_isOneSentence() {
    assertEquals(
        "'gate' is no lesson; did you mean gates?",
        assertThrows(UserError.class, () -> Lessons.named("gate")).getMessage());
    assertTrue(
        assertThrows(UserError.class, () -> Lessons.named("everything"))
            .getMessage()
            .startsWith("'everything' is no lesson; there are gates, "));
  }
}
