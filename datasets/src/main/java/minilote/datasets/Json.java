package minilote.datasets;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly: each member must be there and be of its kind, or a sentence says so. */
public final class Json {
  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** A new object, without members. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The object that the text holds; anything else is a {@link UserError} with line and column. */
  public static ObjectNode parse(String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new UserError(
          "not valid JSON" + where + ": " + firstLine(String.valueOf(e.getOriginalMessage())), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new UserError("a JSON object {…} is expected, this is " + describe(node));
    }
    return object;
  }

  public static JsonNode member(JsonNode parent, String name) {
    JsonNode node = parent.get(name);
    if (node == null) {
      throw new UserError("\"" + name + "\" is missing");
    }
    return node;
  }

  public static ObjectNode object(JsonNode parent, String name) {
    if (member(parent, name) instanceof ObjectNode object) {
      return object;
    }
    throw wrong(parent, name, "an object");
  }

  public static String text(JsonNode parent, String name) {
    JsonNode node = member(parent, name);
    if (!node.isTextual()) {
      throw wrong(parent, name, "a text");
    }
    return node.textValue();
  }

  public static long integer(JsonNode parent, String name, long from, long to) {
    JsonNode node = member(parent, name);
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < from
        || node.longValue() > to) {
      throw wrong(parent, name, "a whole number from " + from + " to " + to);
    }
    return node.longValue();
  }

  public static List<JsonNode> list(JsonNode parent, String name) {
    JsonNode node = member(parent, name);
    if (!node.isArray()) {
      throw wrong(parent, name, "a list");
    }
    List<JsonNode> items = new ArrayList<>(node.size());
    node.forEach(items::add);
    return items;
  }

  public static List<String> texts(JsonNode parent, String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(parent, name)) {
      if (!item.isTextual()) {
        throw wrong(parent, name, "a list of texts");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  public static List<BigDecimal> numbers(JsonNode parent, String name) {
    List<BigDecimal> numbers = new ArrayList<>();
    for (JsonNode item : list(parent, name)) {
      if (!item.isNumber()) {
        throw wrong(parent, name, "a list of numbers");
      }
      numbers.add(item.decimalValue());
    }
    return numbers;
  }

  /** A number that 64 bits hold. */
  public static double number(JsonNode parent, String name) {
    JsonNode node = member(parent, name);
    if (!node.isNumber()) {
      throw wrong(parent, name, "a number");
    }
    return node.doubleValue();
  }

  /** A number, or null where null stands there. */
  public static @Nullable Double numberOrNull(JsonNode parent, String name) {
    return member(parent, name).isNull() ? null : (Double) number(parent, name);
  }

  /** A text, or null where null stands there. */
  public static @Nullable String textOrNull(JsonNode parent, String name) {
    return member(parent, name).isNull() ? null : text(parent, name);
  }

  public static boolean truth(JsonNode parent, String name) {
    JsonNode node = member(parent, name);
    if (!node.isBoolean()) {
      throw wrong(parent, name, "true or false");
    }
    return node.booleanValue();
  }

  /** A text of JSON, as {@link #parse} reads it, indented for people. */
  public static String pretty(JsonNode node) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }

  /** The constant of an enumeration whose name, in lower case, stands there. */
  public static <E extends Enum<E>> E word(JsonNode parent, String name, Class<E> words) {
    String text = text(parent, name);
    List<String> known = new ArrayList<>();
    for (E constant : words.getEnumConstants()) {
      String word = constant.name().toLowerCase(Locale.ROOT);
      if (word.equals(text)) {
        return constant;
      }
      known.add(word);
    }
    throw wrong(parent, name, "one of " + String.join(", ", known));
  }

  private static UserError wrong(JsonNode parent, String name, String expected) {
    return new UserError(
        "\"" + name + "\" must be " + expected + ", not " + describe(member(parent, name)));
  }

  private static String describe(JsonNode node) {
    String text = node.toString();
    return text.isEmpty() ? "empty" : text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static String firstLine(String text) {
    // What Jackson adds in parentheses speaks of its own settings.
    return text.lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", "");
  }
}
