package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What others have published, beside the study's own figures. */
final class PublishedTable {
  private final StudyData data;
  private final JsonNode published;

  PublishedTable(StudyData data) {
    this.data = data;
    this.published = data.json().path("published");
  }

  /**
   * A figure.
   *
   * @param cell of which runs
   * @param figure its name
   * @param published with the deviation that was published
   * @param own with its 95 % interval
   */
  record Row(String cell, String figure, String published, String own) {}

  /** Where it was published. */
  String source() {
    return published.path("source").asText();
  }

  boolean isSmall() {
    return published.path("small").asBoolean();
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (JsonNode figure : published.path("figures")) {
      String name = figure.path("figure").asText();
      Kind kind =
          name.contains("accuracy") ? Kind.SHARE : name.contains("loss") ? Kind.LOSS : Kind.BRIEF;
      rows.add(
          new Row(
              data.words(figure),
              BatchFigures.plain(name),
              kind.words(
                  StudyData.number(figure, "published"),
                  StudyData.number(figure, "published_plus_minus")),
              kind.words(StudyData.number(figure, "own"), StudyData.number(figure, "own_ci95"))));
    }
    return rows;
  }

  String markdown() {
    return StudyTables.markdown(
        List.of("", "figure", "published", "here"),
        2,
        rows().stream()
            .map(row -> List.of(row.cell(), row.figure(), row.published(), row.own()))
            .toList());
  }
}
