package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import minilote.datasets.UserError;

/**
 * A residual block, {@code x' = θ(F(x) + x)}: {@code residual(conv 16 3x3 relu, conv 16 3x3) relu};
 * and where F changes the shape, {@code x' = θ(F(x) + P(x))}, with the layers of the shortcut P
 * behind a bar: {@code residual(conv 32 3x3 stride 2 relu, conv 32 3x3 | conv 32 1x1 stride 2)
 * relu}. He, Zhang, Ren and Sun, <i>Deep residual learning for image recognition</i>, 2016,
 * equations 1 and 2.
 *
 * @param layers F, at least one
 * @param shortcut P; empty where the input itself is added
 * @param activation θ; a softmax is over the channels of a pixel
 */
public record ResidualDescription(
    List<LayerDescription> layers, List<LayerDescription> shortcut, Activation activation)
    implements LayerDescription {
  static final String KIND = "residual";

  private static final String FORM =
      "'residual(LAYERS) ACTIVATION' or 'residual(LAYERS | SHORTCUT) ACTIVATION', as in"
          + " 'residual(conv 16 3x3 relu, conv 16 3x3) relu'";

  private static final String SHORTCUT = "shortcut";

  private static final Set<String> MEMBERS = Set.of("kind", "layers", SHORTCUT, "activation");

  public ResidualDescription {
    layers = List.copyOf(layers);
    shortcut = List.copyOf(shortcut);
    if (layers.isEmpty()) {
      throw new UserError("a residual block has at least one layer beside its shortcut");
    }
  }

  /** Reads the words after the first one. */
  static ResidualDescription parse(LayerWords words) {
    LayerWords.Word block = words.next("layers in parentheses", FORM);
    if (!block.text().startsWith("(") || !block.text().endsWith(")")) {
      throw block.error(
          "'%s' is no list of layers in parentheses; this layer is written %s"
              .formatted(block.text(), FORM));
    }
    List<LayerWords.Word> parts = block.parts();
    if (parts.size() > 2) {
      throw parts.get(2).error("there is one shortcut at most; this layer is written " + FORM);
    }
    List<LayerDescription> layers = layers(parts, 0, "");
    List<LayerDescription> shortcut = parts.size() > 1 ? layers(parts, 1, SHORTCUT) : List.of();
    return new ResidualDescription(layers, shortcut, words.activation(FORM));
  }

  private static List<LayerDescription> layers(
      List<LayerWords.Word> parts, int index, String name) {
    LayerWords.Word part = parts.get(index);
    return NetworkDescription.layers(
        LayerWords.split(
            part.text(), part.character() - 1, number -> part.layer().within(index, name, number)));
  }

  /** Reads {@link #toJson()}. */
  static ResidualDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new ResidualDescription(
        json.layers("layers", 0, ""),
        json.has(SHORTCUT) ? json.layers(SHORTCUT, 1, SHORTCUT) : List.of(),
        json.activation());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String toWords() {
    return KIND
        + "("
        + words(layers)
        + (shortcut.isEmpty() ? "" : " | " + words(shortcut))
        + ")"
        + LayerDescription.ending(activation);
  }

  private static String words(List<LayerDescription> layers) {
    return layers.stream().map(LayerDescription::toWords).collect(Collectors.joining(", "));
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", KIND);
    put(json.putArray("layers"), layers);
    put(json.putArray(SHORTCUT), shortcut);
    return json.put("activation", activation.word());
  }

  private static void put(ArrayNode list, List<LayerDescription> layers) {
    layers.forEach(layer -> list.add(layer.toJson()));
  }

  @Override
  public boolean worksOnImages() {
    return layers.get(0).worksOnImages()
        || (!shortcut.isEmpty() && shortcut.get(0).worksOnImages());
  }

  @Override
  public List<Part> parts() {
    Part part = new Part("", layers);
    return shortcut.isEmpty() ? List.of(part) : List.of(part, new Part(SHORTCUT, shortcut));
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    List<Integer> made = outputShape(layers, inputShape);
    List<Integer> passed = outputShape(shortcut, inputShape);
    if (!made.equals(passed)) {
      throw new UserError(
          "its layers give %s and its shortcut %s, and only what has the same shape can be added: %s"
              .formatted(ImageShape.words(made), ImageShape.words(passed), remedy(made, passed)));
    }
    return made;
  }

  private static List<Integer> outputShape(
      List<LayerDescription> layers, List<Integer> inputShape) {
    List<Integer> shape = inputShape;
    for (LayerDescription layer : layers) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  /** A shortcut that would do, where it is a single layer. */
  private static String remedy(List<Integer> made, List<Integer> passed) {
    if (!ImageShape.isImage(made)) {
      return "a shortcut such as '| dense %d' makes them so".formatted(made.get(0));
    }
    if (!ImageShape.isImage(passed)) {
      return "a shortcut of convolutions and pools gives an image";
    }
    int stride = Math.max(1, Math.round((float) passed.get(1) / made.get(1)));
    return "a shortcut such as '| conv %d 1x1%s bias none' makes them so"
        .formatted(made.get(0), stride == 1 ? "" : " stride " + stride);
  }
}
