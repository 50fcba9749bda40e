package minilote.trainer.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import minilote.datasets.UserError;
import minilote.trainer.math.ActivationFunction;

/**
 * A dense layer with biases, {@code x^(ℓ) = θ((W^(ℓ))ᵀ x^(ℓ-1) + b^(ℓ))}: {@code dense 512 relu}.
 * An image is taken as the list of its numbers, channel by channel, as by {@link
 * FlattenDescription}.
 *
 * @param units d^(ℓ), at least 1; at least 2 under a softmax
 * @param activation θ
 */
public record DenseDescription(int units, Activation activation) implements LayerDescription {
  static final String KIND = "dense";

  /** How it is written, for messages. */
  static final String FORM = "'dense UNITS ACTIVATION', as in 'dense 512 relu'";

  private static final Set<String> MEMBERS = Set.of("kind", "units", "activation");

  public DenseDescription {
    if (units < 1) {
      throw new UserError("a dense layer has at least 1 unit, not " + units);
    }
    if (units == 1 && activation.function() == ActivationFunction.SOFTMAX) {
      throw new UserError(
          "a softmax over 1 unit is always 1: write 'dense 1 sigmoid' for two classes, or 'dense 2"
              + " softmax'");
    }
  }

  /** Reads the words after {@code dense}. */
  static DenseDescription parse(LayerWords words) {
    LayerWords.Word units = words.next("its number of units", FORM);
    int count;
    try {
      count = Integer.parseInt(units.text());
    } catch (NumberFormatException e) {
      throw units.error(
          "'%s' is no number of units; a dense layer is written %s".formatted(units.text(), FORM));
    }
    if (count < 1) {
      throw units.error("a dense layer has at least 1 unit, not %d".formatted(count));
    }
    Activation activation = words.activation(FORM);
    return units.at(() -> new DenseDescription(count, activation));
  }

  /** Reads {@link #toJson()}. */
  static DenseDescription parse(LayerJson json) {
    json.requireMembers(MEMBERS);
    return new DenseDescription(json.positive("units"), json.activation());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String toWords() {
    return KIND + " " + units + " " + activation.word();
  }

  @Override
  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", KIND)
        .put("units", units)
        .put("activation", activation.word());
  }

  @Override
  public boolean worksOnImages() {
    return false;
  }

  @Override
  public List<Integer> outputShape(List<Integer> inputShape) {
    return List.of(units);
  }

  @Override
  public long parameterCount(List<Integer> inputShape) {
    return ((long) Network.size(inputShape) + 1) * units;
  }

  @Override
  public long multiplications(List<Integer> inputShape) {
    return (long) Network.size(inputShape) * units;
  }

  @Override
  public List<ParameterTensor> tensors(LayerNumber number, List<Integer> inputShape, int offset) {
    int inputs = Network.size(inputShape);
    return List.of(
        new ParameterTensor(
            number,
            ParameterTensor.Role.WEIGHT,
            List.of(inputs, units),
            offset,
            inputs * units,
            inputs,
            units),
        new ParameterTensor(
            number,
            ParameterTensor.Role.BIAS,
            List.of(units),
            offset + inputs * units,
            units,
            inputs,
            units));
  }
}
