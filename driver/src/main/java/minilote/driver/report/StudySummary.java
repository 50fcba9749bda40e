package minilote.driver.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a study says, as Markdown: for notes, issues and pages beside others. */
final class StudySummary {
  private static final Template TEXT =
      Mustache.compiler().escapeHTML(false).compile(Resources.text("summary.mustache"));

  private StudySummary() {}

  /**
   * Of a study.
   *
   * @param command what was typed to make it; empty where that is not known
   */
  static String of(StudyData data, StudyWords words, StudyTables tables, String command) {
    PublishedTable published = new PublishedTable(data);
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("data", data.json().path("data").asText());
    text.put("network", words.network());
    text.put("warnings", words.warnings());
    text.put("outcome", words.outcome());
    text.put("compared", words.compared());
    text.put("table", tables.byBatchMarkdown());
    text.put("intervals", data.seeds() > 1);
    text.put("target", words.target().isEmpty() ? List.of() : List.of(words.target()));
    text.put("published", published.rows().isEmpty() ? List.of() : List.of(published.source()));
    text.put("small", published.isSmall());
    text.put("figures", published.markdown());
    text.put("comparisons", words.comparisons());
    text.put("cautions", words.cautions());
    text.put("computedBy", words.computedBy());
    text.put("command", command.isEmpty() ? List.of() : List.of(command));
    return TEXT.execute(text);
  }
}
