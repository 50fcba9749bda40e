package minilote.driver.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a study is held against.
 *
 * @param recipe the recipe's name
 * @param title what it shows
 * @param source where it was published
 * @param isSmall whether this study is a small form, whose figures are not comparable
 * @param figures what was found
 */
public record PublishedStudy(
    String recipe, String title, String source, boolean isSmall, List<Published> figures) {

  public PublishedStudy {
    figures = List.copyOf(figures);
  }

  /**
   * The published figures beside one's own.
   *
   * @param table that of {@code study.json}
   */
  ObjectNode toJson(ArrayNode table) {
    ObjectNode json = Json.object();
    json.put("recipe", recipe);
    json.put("title", title);
    json.put("source", source);
    json.put("small", isSmall);
    ArrayNode rows = json.putArray("figures");
    figures.forEach(figure -> rows.add(figure.toJson(row(figure, table))));
    return json;
  }

  private static @Nullable ObjectNode row(Published figure, ArrayNode table) {
    for (JsonNode row : table) {
      if (row.path("batch").asInt() == figure.batch()
          && row.path("arm").asText().equals(figure.arm())) {
        return (ObjectNode) row;
      }
    }
    return null;
  }
}
