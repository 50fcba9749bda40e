package minilote.trainer.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import minilote.datasets.UserError;

/** The JSON object of one layer. Sentences name the member; who reads the list adds the layer. */
final class LayerJson {
  private final ObjectNode json;

  LayerJson(ObjectNode json) {
    this.json = json;
  }

  /** Checks that there are no members but these. */
  void requireMembers(Set<String> known) {
    Iterator<String> names = json.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        String suggestion = Suggestion.of(name, known);
        throw new UserError(
            "\"%s\" is unknown%s A layer of this kind has %s"
                .formatted(
                    name,
                    suggestion.isEmpty() ? ":" : suggestion,
                    String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  boolean has(String name) {
    return json.has(name);
  }

  String text(String name) {
    JsonNode member = member(name);
    if (!member.isTextual()) {
      throw new UserError("\"%s\" must be a text, not %s".formatted(name, member));
    }
    return member.textValue();
  }

  /** A whole number of at least 1. */
  int positive(String name) {
    JsonNode member = member(name);
    if (!member.isIntegralNumber() || !member.canConvertToInt() || member.intValue() < 1) {
      throw new UserError(
          "\"%s\" must be a whole number from 1 to %d, not %s"
              .formatted(name, Integer.MAX_VALUE, member));
    }
    return member.intValue();
  }

  private JsonNode member(String name) {
    JsonNode member = json.get(name);
    if (member == null) {
      throw new UserError("\"" + name + "\" is missing");
    }
    return member;
  }
}
