package minilote.trainer.network;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/**
 * The layers of a network, first to last, as a user gives them: in words,
 *
 * <pre>{@code
 * conv 32 3x3 relu, max-pool 2x2, dense 512 relu, dense 10 softmax
 * }</pre>
 *
 * or as JSON of the same content,
 *
 * <pre>{@code
 * {"layers": [{"kind": "dense", "units": 512, "activation": "relu"}, …]}
 * }</pre>
 *
 * @param layers at least one
 */
public record NetworkDescription(List<LayerDescription> layers) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Pattern COMMENT = Pattern.compile("(?m)^[ \\t]*#.*$");

  public NetworkDescription {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new UserError(
          "a network has at least one layer, as in 'dense 512 relu, dense 10 softmax'");
    }
  }

  /**
   * Reads words or JSON text. Both may go over several lines, and lines that begin with {@code #}
   * are comments.
   *
   * @throws UserError one sentence with the layer, the character (words) or the member (JSON), and
   *     what would be right
   */
  public static NetworkDescription parse(String text) {
    String content = withoutComments(text);
    if (content.isBlank()) {
      return new NetworkDescription(List.of());
    }
    return content.stripLeading().startsWith("{") ? parseJson(content) : parseWords(content);
  }

  /** Blanks in place of comments: errors name the characters of the text as it is. */
  private static String withoutComments(String text) {
    return COMMENT.matcher(text).replaceAll(comment -> " ".repeat(comment.group().length()));
  }

  private static NetworkDescription parseWords(String text) {
    return new NetworkDescription(layers(LayerWords.split(text, 0, LayerNumber::of)));
  }

  /** The layers of a list. */
  static List<LayerDescription> layers(List<LayerWords> list) {
    List<LayerDescription> layers = new ArrayList<>();
    for (LayerWords words : list) {
      LayerWords.Word kind = words.next("a kind of layer", DenseDescription.FORM);
      layers.add(kind.at(() -> LayerKind.of(kind.text())).words().apply(words));
    }
    return layers;
  }

  private static NetworkDescription parseJson(String text) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      throw new UserError(
          "the network is not valid JSON%s: %s"
              .formatted(
                  at == null
                      ? ""
                      : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()),
                  withoutPlace(e.getOriginalMessage())),
          e);
    }
    return fromJson(json);
  }

  /** Jackson's words without where a bracket was opened, which it says in terms of its own. */
  private static String withoutPlace(String message) {
    int place = message.indexOf(" (start marker");
    return place < 0 ? message : message.substring(0, place);
  }

  /**
   * Reads {@link #toJson()}; members beside {@code layers} are left alone.
   *
   * @throws UserError one sentence with the layer, the member and what would be right
   */
  public static NetworkDescription fromJson(JsonNode json) {
    if (!(json.get("layers") instanceof ArrayNode list)) {
      throw new UserError(
          "a network in JSON is written {\"layers\": [{\"kind\": \"dense\", \"units\": 512,"
              + " \"activation\": \"relu\"}, …]}; there is no list \"layers\"");
    }
    return new NetworkDescription(layers(list, LayerNumber::of));
  }

  /**
   * The layers of a list.
   *
   * @param numbers theirs, by their places from 1
   */
  static List<LayerDescription> layers(ArrayNode list, IntFunction<LayerNumber> numbers) {
    List<LayerDescription> layers = new ArrayList<>();
    for (JsonNode layer : list) {
      LayerNumber number = numbers.apply(layers.size() + 1);
      try {
        layers.add(layerFromJson(layer, number));
      } catch (UserError e) {
        String sentence = String.valueOf(e.getMessage());
        // It names the layer if that is one within this one.
        throw sentence.startsWith("layer " + number + ".")
            ? e
            : new UserError("layer %s: %s".formatted(number, sentence), e);
      }
    }
    return layers;
  }

  private static LayerDescription layerFromJson(JsonNode json, LayerNumber number) {
    if (!(json instanceof ObjectNode object)) {
      throw new UserError(
          "%s is no layer; one is written {\"kind\": \"dense\", \"units\": 512, \"activation\":"
                  .formatted(json)
              + " \"relu\"}");
    }
    LayerJson layer = new LayerJson(object, number);
    return LayerKind.of(layer.text("kind")).json().apply(layer);
  }

  /** As it is written; {@link #parse} reads it back. */
  public String toWords() {
    return layers.stream().map(LayerDescription::toWords).collect(Collectors.joining(", "));
  }

  /** The same content as a JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode list = json.putArray("layers");
    layers.forEach(layer -> list.add(layer.toJson()));
    return json;
  }

  @Override
  public String toString() {
    return toWords();
  }
}
