package minilote.trainer.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import minilote.datasets.UserError;

/** The JSON object of one layer. Sentences name the member; who reads the list adds the layer. */
final class LayerJson {
  private final ObjectNode json;
  private final LayerNumber number;

  LayerJson(ObjectNode json, LayerNumber number) {
    this.json = json;
    this.number = number;
  }

  /** Checks that there are no members but these. */
  void requireMembers(Set<String> known) {
    Iterator<String> names = json.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new UserError(
            "\"%s\" is no member of a layer of this kind (known: %s)%s"
                .formatted(
                    name, String.join(", ", new TreeSet<>(known)), Suggestion.of(name, known)));
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

  boolean isText(String name) {
    return member(name).isTextual();
  }

  /**
   * A list of layers.
   *
   * @param part its number among the lists of this layer, from 0
   * @param partName its name in the numbers of its layers
   */
  List<LayerDescription> layers(String name, int part, String partName) {
    JsonNode member = member(name);
    if (!(member instanceof ArrayNode list)) {
      throw new UserError("\"%s\" must be a list of layers, not %s".formatted(name, member));
    }
    return NetworkDescription.layers(list, place -> number.within(part, partName, place));
  }

  boolean truth(String name) {
    JsonNode member = member(name);
    if (!member.isBoolean()) {
      throw new UserError("\"%s\" must be true or false, not %s".formatted(name, member));
    }
    return member.booleanValue();
  }

  /** The activation; linear where none is said. */
  Activation activation() {
    return has("activation") ? Activation.parse(text("activation")) : Activation.LINEAR;
  }

  /** Height and width in a list, or one number for both. */
  Size size(String name) {
    JsonNode member = member(name);
    JsonNode height = member.isArray() ? member.path(0) : member;
    JsonNode width = member.isArray() ? member.path(1) : member;
    if ((member.isArray() && member.size() != 2)
        || !height.canConvertToInt()
        || !width.canConvertToInt()
        || !height.isIntegralNumber()
        || !width.isIntegralNumber()) {
      throw new UserError(
          "\"%s\" must be a list of height and width, as in [3, 3], not %s"
              .formatted(name, member));
    }
    return new Size(height.intValue(), width.intValue());
  }

  static void put(ObjectNode json, String name, Size size) {
    json.putArray(name).add(size.height()).add(size.width());
  }

  double number(String name) {
    JsonNode member = member(name);
    if (!member.isNumber()) {
      throw new UserError("\"%s\" must be a number, not %s".formatted(name, member));
    }
    return member.doubleValue();
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
