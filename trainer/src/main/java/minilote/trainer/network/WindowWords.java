package minilote.trainer.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may follow the window's size in the words of a convolution or a pool: options in any order,
 * then an activation.
 */
final class WindowWords {
  static final String STRIDE = "stride";
  static final String PADDING = "padding";
  static final String BIAS = "bias";

  private static final String NONE = "none";

  private @Nullable Size stride;
  private @Nullable Padding padding;
  private boolean bias = true;
  private Activation activation = Activation.LINEAR;

  private WindowWords() {}

  /**
   * Reads all words that are left.
   *
   * @param options that this kind of layer has
   * @param form how the layer is written, for messages
   */
  static WindowWords parse(LayerWords words, List<String> options, String form) {
    WindowWords result = new WindowWords();
    Set<String> said = new HashSet<>();
    while (words.hasNext() && options.contains(words.peek().text())) {
      LayerWords.Word option = words.next("an option", form);
      if (!said.add(option.text())) {
        throw option.error("'%s' is said twice".formatted(option.text()));
      }
      result.read(option, words, form);
    }
    words.refuseSimilar(options);
    result.activation = words.activation(form);
    return result;
  }

  private void read(LayerWords.Word option, LayerWords words, String form) {
    switch (option.text()) {
      case STRIDE -> {
        LayerWords.Word word = words.next("a number of pixels, as in 'stride 2'", form);
        Size size = Size.parse(word, STRIDE);
        stride = word.at(() -> size.requirePositive(STRIDE));
      }
      case PADDING -> padding = Padding.parse(words.next("'same', 'valid' or pixels", form));
      default -> {
        LayerWords.Word word = words.next("'none'", form);
        if (!word.text().equals(NONE)) {
          throw word.error(
              "'%s': only 'bias none' is possible; without it there are biases"
                  .formatted(word.text()));
        }
        bias = false;
      }
    }
  }

  Size stride(Size ifNotSaid) {
    return stride == null ? ifNotSaid : stride;
  }

  Padding padding(Padding ifNotSaid) {
    return padding == null ? ifNotSaid : padding;
  }

  boolean bias() {
    return bias;
  }

  Activation activation() {
    return activation;
  }
}
