package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * A figure that others have published of an experiment, to be held against one's own.
 *
 * @param arm the study's arm; empty where there is one only
 * @param batch the batch
 * @param figure the name that {@code study.json} has for it, without {@code _mean}
 * @param value what was published
 * @param plusMinus the deviation beside it; null where none was
 */
public record Published(
    String arm, int batch, String figure, double value, @Nullable Double plusMinus) {

  /** With one's own, from a row of the table. */
  ObjectNode toJson(@Nullable ObjectNode row) {
    ObjectNode json = Json.object();
    if (!arm.isEmpty()) {
      json.put("arm", arm);
    }
    json.put("batch", batch);
    json.put("figure", figure);
    json.put("published", value);
    json.put("published_plus_minus", plusMinus);
    json.set("own", row == null ? null : row.get(figure + "_mean"));
    json.set("own_ci95", row == null ? null : row.get(figure + "_ci95"));
    json.put("runs", row == null ? 0 : row.path("runs").asInt());
    return json;
  }
}
