package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import minilote.datasets.ProgressListener;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** Rooms for lessons under test, and what holds of each lesson that has worked in one. */
final class Classrooms {
  private static final Pattern SHOWN = Pattern.compile("!\\[[^\\]]*\\]\\(([^)]*)\\)");

  private Classrooms() {}

  /** A room without data, files or Spark. */
  static Classroom empty(long seed) {
    return with(seed, null, null, null);
  }

  static Classroom with(
      long seed, @Nullable Path csv, @Nullable String trace, @Nullable JavaSparkContext spark) {
    Configuration configuration = new Configuration();
    return new Classroom(
        seed,
        csv,
        trace,
        new LessonData(null, configuration),
        ProgressListener.NONE,
        configuration,
        spark);
  }

  /**
   * Lets a lesson work, and holds what it finds against its texts: each can be shown in both
   * languages, and shows all that was drawn.
   */
  static Findings work(Lesson lesson, Classroom room) throws IOException {
    Findings findings = lesson.work(room, LessonText.of(lesson.name(), Language.EN));
    for (Language language : Language.values()) {
      LessonText text = LessonText.of(lesson.name(), language);
      String html = LessonHtml.of(text, findings, "minilote");
      assertTrue(html.contains("<h2>"), html);
      assertEquals(drawn(html), shown(text).stream().filter(findings::isDrawn).count());
      assertEquals(findings.drawn(), drawn(html), "each drawing is shown once");
    }
    return findings;
  }

  private static long drawn(String html) {
    return html.split("<svg class=\"chart", -1).length - 1L;
  }

  /** The names of tables and drawings in a text. */
  static Set<String> shown(LessonText text) {
    return SHOWN
        .matcher(text.body())
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
