package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import minilote.trainer.math.Axis;
import minilote.trainer.math.Window;

/**
 * The mean of each channel of an image, {@code global-average-pool}: a list of as many numbers.
 * Lin, Chen and Yan, <i>Network in Network</i>, 2014, section 3.2.
 *
 * @param activation θ
 */
public record GlobalAveragePoolDescription(Activation activation) implements LayerDescription {
  static final String KIND = "global-average-pool";

  private static final String FORM = "'" + KIND + "', with an activation after it if there is one";

  private static final Set<String> MEMBERS = Set.of("kind", "activation");

  /** Reads the words after the first one. */
  static GlobalAveragePoolDescription parse(LayerWords words) {
    return new GlobalAveragePoolDescription(words.activation(FORM));
  }

  /** Reads {@link #toJson()}. */
  static GlobalAveragePoolDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new GlobalAveragePoolDescription(json.activation());
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
    return true;
  }

  /** One window, which is the image. */
  static Window window(ImageShape image) {
    return new Window(
        Axis.of(image.height(), image.height(), 1, 0, 0),
        Axis.of(image.width(), image.width(), 1, 0, 0));
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    return List.of(ImageShape.of(inputShape).channels());
  }
}
