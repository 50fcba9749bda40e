package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import minilote.trainer.math.Window;

/**
 * The largest number or the mean of each window, channel by channel: {@code max-pool 2x2}, {@code
 * average-pool 3x3 stride 2 padding 1}. At the border counts only what lies inside the image: a
 * mean is divided by how many numbers these are.
 *
 * @param type what is taken of a window
 * @param size of the window
 * @param stride from one window to the next; in words, the window's size unless said
 * @param padding around the image; in words, none unless said
 * @param activation θ
 */
public record PoolDescription(
    Kind type, Size size, Size stride, Padding padding, Activation activation)
    implements LayerDescription {
  /** What is taken of a window. */
  public enum Kind {
    MAX("max-pool"),
    AVERAGE("average-pool");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word for it. */
    public String word() {
      return word;
    }

    String form() {
      return "'%s HEIGHTxWIDTH', as in '%s 2x2', with 'stride 2', 'padding same' or 'padding 1' after it"
          .formatted(word, word);
    }
  }

  private static final List<String> OPTIONS = List.of(WindowWords.STRIDE, WindowWords.PADDING);

  private static final Set<String> MEMBERS =
      Set.of("kind", "size", "stride", "padding", "activation");

  public PoolDescription {
    size.requirePositive("a window of");
    stride.requirePositive(WindowWords.STRIDE);
    padding.check(size);
  }

  /** Reads the words after the first one. */
  static PoolDescription parse(Kind type, LayerWords words) {
    LayerWords.Word window = words.next("the size of its window", type.form());
    Size size = Size.parse(window, "size of a window");
    window.at(() -> size.requirePositive("a window of"));
    WindowWords rest = WindowWords.parse(words, OPTIONS, type.form());
    return window.at(
        () ->
            new PoolDescription(
                type, size, rest.stride(size), rest.padding(Padding.VALID), rest.activation()));
  }

  /** Reads {@link #toJson()}. */
  static PoolDescription parse(Kind type, LayerJson json) {
    json.requireMembers(MEMBERS);
    Size size = json.size("size");
    return new PoolDescription(
        type,
        size,
        json.has("stride") ? json.size("stride") : size,
        json.has("padding") ? Padding.parse(json, "padding") : Padding.VALID,
        json.activation());
  }

  @Override
  public String kind() {
    return type.word();
  }

  @Override
  public String toWords() {
    StringBuilder words = new StringBuilder(kind()).append(' ').append(size.word());
    if (!stride.equals(size)) {
      words.append(" stride ").append(stride.shortWord());
    }
    if (!padding.equals(Padding.VALID)) {
      words.append(" padding ").append(padding.word());
    }
    return words.append(LayerDescription.ending(activation)).toString();
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind());
    LayerJson.put(json, "size", size);
    LayerJson.put(json, "stride", stride);
    padding.put(json, "padding");
    return json.put("activation", activation.word());
  }

  @Override
  public boolean worksOnImages() {
    return true;
  }

  /** Its geometry on an image. */
  Window window(ImageShape image) {
    return padding.window(image, size, stride);
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    ImageShape image = ImageShape.of(inputShape);
    Window window = window(image);
    return List.of(image.channels(), window.vertical().windows(), window.horizontal().windows());
  }
}
