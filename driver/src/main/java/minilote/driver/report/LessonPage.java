package minilote.driver.report;

import com.samskivert.mustache.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lessons as one page for people, without scripts, that opens without a network. */
public final class LessonPage {
  private static final Template PAGE = Resources.template("lessons.mustache");
  private static final Template FIGURE = Resources.template("figure.mustache");

  private LessonPage() {}

  /**
   * A lesson on the page.
   *
   * @param name that it is linked by
   * @param title its heading
   * @param summary what it is about, in one sentence
   * @param content HTML
   * @param again words before the command that makes it again
   * @param command that command
   */
  public record Section(
      String name, String title, String summary, String content, String again, String command) {}

  /** One lesson. */
  public static String of(String language, Section section) {
    return page(language, section.title(), "", List.of(section), false);
  }

  /**
   * Several, with a list of contents.
   *
   * @param introduction a sentence below the title
   */
  public static String of(
      String language, String title, String introduction, List<Section> sections) {
    return page(language, title, introduction, sections, true);
  }

  private static String page(
      String language, String title, String introduction, List<Section> sections, boolean several) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("style", Report.STYLE);
    page.put("language", language);
    page.put("title", title);
    page.put("introduction", introduction.isEmpty() ? false : introduction);
    page.put("contents", several ? sections : List.of());
    page.put("sections", sections);
    page.put("numbered", several);
    return PAGE.execute(page);
  }

  /** A drawing with its legend. */
  public static String figure(String explanation, Drawing drawing) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("name", false);
    figure.put("title", drawing.title());
    figure.put("explanation", explanation);
    figure.put("legend", drawing.legend());
    figure.put("svg", drawing.toSvg());
    return FIGURE.execute(figure);
  }
}
