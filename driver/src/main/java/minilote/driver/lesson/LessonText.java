package minilote.driver.lesson;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What a lesson says in one language. Its file begins with YAML between two lines {@code ---}:
 * {@code title}, {@code summary} and, as {@code words}, the names that its tables and drawings use.
 * Markdown follows, in which {@code {{name}}} is a number or word of the {@link Findings}, and a
 * paragraph of nothing but images, <code>![caption](name)</code>, stands for tables or drawings.
 */
public final class LessonText {
  private static final String RULE = "---\n";

  /** A command in a text: between backquotes, or alone in a line of code. */
  private static final Pattern COMMAND =
      Pattern.compile("(`|^(?: {4})?)(minilote) ([a-z][^`\\n]*)", Pattern.MULTILINE);

  private static final String LESSON = "lesson ";
  private static final String IN = " --language ";

  private final String name;
  private final Language language;
  private final String title;
  private final String summary;
  private final Map<String, String> words;
  private final String body;

  private LessonText(
      String name,
      Language language,
      String title,
      String summary,
      Map<String, String> words,
      String body) {
    this.name = name;
    this.language = language;
    this.title = title;
    this.summary = summary;
    this.words = words;
    this.body = body;
  }

  /** The text of a lesson. */
  public static LessonText of(String lesson, Language language) {
    String file = "%s.%s.md".formatted(lesson, language.word());
    String text = resource(file);
    int end = text.indexOf("\n" + RULE, RULE.length() - 1);
    if (!text.startsWith(RULE) || end < 0) {
      throw new IllegalStateException(file + " does not begin with YAML between two lines ---");
    }
    Map<?, ?> head =
        (Map<?, ?>)
            new Load(LoadSettings.builder().setLabel(file).build())
                .loadFromString(text.substring(RULE.length(), end + 1));
    Map<String, String> words = new LinkedHashMap<>();
    if (head.get("words") instanceof Map<?, ?> given) {
      given.forEach((key, value) -> words.put(String.valueOf(key), String.valueOf(value)));
    }
    return new LessonText(
        lesson,
        language,
        String.valueOf(head.get("title")),
        String.valueOf(head.get("summary")),
        words,
        text.substring(end + 1 + RULE.length()));
  }

  private static String resource(String file) {
    try (InputStream in = LessonText.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String title() {
    return title;
  }

  /** What the lesson is about, in one sentence. */
  public String summary() {
    return summary;
  }

  /** What something is called. */
  public String word(String key) {
    String word = words.get(key);
    if (word == null) {
      throw new IllegalStateException("the text of %s has no word '%s'".formatted(name, key));
    }
    return word;
  }

  Map<String, String> words() {
    return words;
  }

  /** The Markdown as it is written. */
  String body() {
    return body;
  }

  /**
   * The Markdown with what was found.
   *
   * @param program what the user calls the program by: commands that are shown begin with it
   */
  public Node with(Findings findings, String program) {
    try {
      return Parser.builder()
          .build()
          .parse(
              commands(
                  Mustache.compiler().escapeHTML(false).compile(body).execute(findings.words()),
                  program));
    } catch (MustacheException e) {
      throw new IllegalStateException("the text of %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Commands as the user can type them, and lessons in the language that they are read in. */
  private String commands(String markdown, String program) {
    return COMMAND
        .matcher(markdown)
        .replaceAll(
            found -> {
              String words = found.group(3);
              boolean other =
                  language != Language.EN && words.startsWith(LESSON) && !words.contains(IN);
              return Matcher.quoteReplacement(
                  found.group(1) + program + " " + words + (other ? IN + language.word() : ""));
            });
  }
}
