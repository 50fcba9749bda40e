package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import minilote.datasets.UserError;

/**
 * Dropout, {@code dropout 0.5}: while a network learns, each number of each example is replaced by
 * 0 with that probability, and the others are divided by that of being kept, so that what a layer
 * sees on average is what it sees when the network answers and nothing is dropped. Srivastava,
 * Hinton, Krizhevsky, Sutskever and Salakhutdinov, <i>Dropout</i>, JMLR 2014, sections 4 and 10.
 *
 * @param rate the probability of being dropped, at least 0 and below 1
 */
public record DropoutDescription(double rate) implements LayerDescription {
  static final String KIND = "dropout";

  private static final String FORM = "'dropout RATE', as in 'dropout 0.5'";

  private static final Set<String> MEMBERS = Set.of("kind", "rate");

  public DropoutDescription {
    if (!(rate >= 0 && rate < 1)) {
      throw new UserError(
          "the rate of a dropout, the share that is dropped, is at least 0 and below 1, not "
              + rate);
    }
  }

  /** Reads the words after the first one. */
  static DropoutDescription parse(LayerWords words) {
    LayerWords.Word word = words.next("its rate", FORM);
    double rate = word.number("rate", FORM);
    words.requireEnd(FORM);
    return word.at(() -> new DropoutDescription(rate));
  }

  /** Reads {@link #toJson()}. */
  static DropoutDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new DropoutDescription(json.number("rate"));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Activation activation() {
    return Activation.LINEAR;
  }

  @Override
  public String toWords() {
    return KIND + " " + rate;
  }

  @Override
  public ObjectNode toJson() {
    return JsonNodeFactory.instance.objectNode().put("kind", KIND).put("rate", rate);
  }

  @Override
  public boolean worksOnImages() {
    return true;
  }

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public boolean mayBeLast() {
    return false;
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    return inputShape;
  }
}
