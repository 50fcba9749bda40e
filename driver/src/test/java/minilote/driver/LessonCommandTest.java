package minilote.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import minilote.driver.lesson.Lesson;
import minilote.driver.lesson.Lessons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lessons as a user calls them. */
class LessonCommandTest {
  @TempDir Path folder;

  private static void assertRefused(String sentence, String... words) {
    Program.Outcome outcome = Program.run(words);
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode(), outcome.err());
    assertEquals("minilote: " + sentence + "\n", outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void lesson_withoutName_listsAllInALineEachThatFitsATerminal() throws IOException {
    String list = Program.succeed("lesson");
    for (Lesson lesson : Lessons.ALL) {
      assertTrue(list.contains(lesson.name() + " "), list);
    }
    list.lines().forEach(line -> assertTrue(line.length() < 80, line));
    assertTrue(Program.succeed("lesson", "--language", "es").contains("Compuertas"));
    JsonNode json = new ObjectMapper().readTree(Program.succeed("lesson", "--json"));
    assertEquals(Lessons.ALL.size(), json.path("lessons").size());
  }

  @Test
  void lesson_byName_saysWhatItFoundWithin80Columns() throws IOException {
    String text = Program.succeed("lesson", "gates");
    assertTrue(text.contains("AND    1   1  −1.5        −1       −1       −1       1"), text);
    assertTrue(text.contains("lesson gates --out lessons"), text);
    text.lines().forEach(line -> assertTrue(line.codePointCount(0, line.length()) < 80, line));
    JsonNode json = new ObjectMapper().readTree(Program.succeed("lesson", "gates", "--json"));
    assertEquals("AND", json.path("gates").path("signs").path(0).path("gate").asText());
  }

  @Test
  void lesson_withFolder_writesAPageThatNeedsNothingElse() throws IOException {
    Program.succeed("lesson", "gates", "--out", folder.toString(), "--language", "es");
    String page = Files.readString(folder.resolve("gates.html"));
    assertTrue(page.contains("<html lang=\"es\">"), page);
    assertEquals(6, page.split("<svg class=\"chart", -1).length - 1);
    assertTrue(page.contains("minilote lesson gates --language es"), page);
    assertFalse(page.contains("<script"), page);
    assertFalse(page.contains("http"), page);

    String there = folder.toString();
    assertRefused(
        "--out %s: gates.html is there already; --overwrite replaces it".formatted(there),
        "lesson",
        "gates",
        "--out",
        there);
    Program.succeed("lesson", "gates", "--out", there, "--overwrite");
    assertTrue(Files.readString(folder.resolve("gates.html")).contains("<html lang=\"en\">"));
  }

  @Test
  void lesson_wrongInput_isOneSentence() throws IOException {
    assertRefused("'gate' is no lesson; did you mean gates?", "lesson", "gate");
    assertRefused("--language fr: it must be en or es", "lesson", "gates", "--language", "fr");
    assertRefused("--out x: there is no lesson to write; name one, or all", "lesson", "--out", "x");
    assertRefused(
        "--overwrite: there is no --out DIR with a page to replace",
        "lesson",
        "gates",
        "--overwrite");
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused(
        "--out %s: it is a file, where a folder is needed".formatted(file),
        "lesson",
        "gates",
        "--out",
        file.toString());
    Program.Outcome outcome = Program.run("lesson", "gates", "--trace", "dense 1 sign");
    assertEquals(Minilote.WRONG_INPUT, outcome.exitCode());
    assertTrue(
        outcome
            .err()
            .startsWith("minilote: --trace dense 1 sign: the lesson gates takes none; it is for"),
        outcome.err());
  }
}
