package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * An image as the list of its numbers, {@code flatten}: channel by channel, each line by line,
 * whatever the order that layers before it prefer. A dense layer does so by itself.
 *
 * @param activation θ
 */
public record FlattenDescription(Activation activation) implements LayerDescription {
  static final String KIND = "flatten";

  private static final String FORM = "'" + KIND + "', with an activation after it if there is one";

  private static final Set<String> MEMBERS = Set.of("kind", "activation");

  /** Reads the words after the first one. */
  static FlattenDescription parse(LayerWords words) {
    return new FlattenDescription(words.activation(FORM));
  }

  /** Reads {@link #toJson()}. */
  static FlattenDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new FlattenDescription(json.activation());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String toWords() {
    return KIND + LayerDescription.ending(activation);
  }

  @Override
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", KIND)
        .put("activation", activation.word());
  }

  @Override
  public boolean worksOnImages() {
    return false;
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    return List.of(Network.size(inputShape));
  }
}
