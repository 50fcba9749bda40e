package minilote.trainer.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minilote.datasets.UserError;
import minilote.trainer.math.Matrix;

/**
 * A network whose shapes are known, {@code h = θ^(L) ∘ W^(L) ∘ … ∘ θ^(1) ∘ W^(1)}. Immutable, and
 * without parameters: these are one flat {@code float[]}, layer by layer, weights then biases, that
 * goes wherever it is needed.
 */
public final class Network {
  /** A limit that arrays, broadcasts and files of parameters stay well below theirs with. */
  public static final int MOST_PARAMETERS = 500_000_000;

  /**
   * A layer at its place.
   *
   * @param number from 1
   * @param tensors its parameters
   */
  record Place(
      int number,
      LayerDescription description,
      List<Integer> inputShape,
      List<Integer> outputShape,
      List<ParameterTensor> tensors) {}

  private final NetworkDescription description;
  private final List<Integer> inputShape;
  private final List<Place> places;
  private final List<ParameterTensor> tensors;
  private final int parameterCount;

  private Network(
      NetworkDescription description, List<Integer> inputShape, List<Place> places, int count) {
    this.description = description;
    this.inputShape = inputShape;
    this.places = List.copyOf(places);
    this.tensors = places.stream().flatMap(place -> place.tensors().stream()).toList();
    this.parameterCount = count;
  }

  /**
   * The network of that description.
   *
   * @param inputShape of one example: (n), or (channels, height, width)
   * @throws UserError if it would have more than {@link #MOST_PARAMETERS} parameters
   */
  public static Network of(NetworkDescription description, List<Integer> inputShape) {
    List<Place> places = new ArrayList<>();
    List<Integer> shape = List.copyOf(inputShape);
    int offset = 0;
    for (LayerDescription layer : description.layers()) {
      int number = places.size() + 1;
      long end = offset + layer.parameterCount(shape);
      if (end > MOST_PARAMETERS) {
        throw new UserError(
            String.format(
                Locale.ROOT,
                "layer %d, '%s' on %d inputs, would bring the network to %,d parameters; at most %,d"
                    + " are possible",
                number,
                layer.toWords(),
                size(shape),
                end,
                MOST_PARAMETERS));
      }
      List<Integer> outputShape = layer.outputShape(shape);
      places.add(
          new Place(number, layer, shape, outputShape, layer.tensors(number, shape, offset)));
      offset = (int) end;
      shape = outputShape;
    }
    return new Network(description, List.copyOf(inputShape), places, offset);
  }

  /** How many numbers a shape holds. */
  static int size(List<Integer> shape) {
    long size = 1;
    for (int length : shape) {
      if (length < 1) {
        throw new IllegalArgumentException("a shape has sizes of at least 1, not " + shape);
      }
      size *= length;
      if (size > Integer.MAX_VALUE) {
        throw new UserError("examples of shape " + shape + " are too large");
      }
    }
    return (int) size;
  }

  public NetworkDescription description() {
    return description;
  }

  /** The shape of one example. */
  public List<Integer> inputShape() {
    return inputShape;
  }

  /** d^(0): how many numbers an example is. */
  public int inputs() {
    return size(inputShape);
  }

  /** d^(L): how many numbers the network gives for an example. */
  public int outputs() {
    return size(last().outputShape());
  }

  /** L: how many layers there are. */
  public int layers() {
    return places.size();
  }

  /** d^(ℓ): how many units layer ℓ, from 1, has. */
  public int units(int layer) {
    return size(places.get(layer - 1).outputShape());
  }

  /** What gives the network its outputs. */
  public Activation outputActivation() {
    return last().description().activation();
  }

  private Place last() {
    return places.get(places.size() - 1);
  }

  List<Place> places() {
    return places;
  }

  public int parameterCount() {
    return parameterCount;
  }

  /** Its parameters, in their order in the flat array. */
  public List<ParameterTensor> tensors() {
    return tensors;
  }

  /** First parameters: a function of the network, the initialization and the seed alone. */
  public float[] initialize(Initialization initialization, long seed) {
    float[] parameters = new float[parameterCount];
    for (Place place : places) {
      for (ParameterTensor tensor : place.tensors()) {
        initialization.draw(tensor, place.description().activation(), seed, parameters);
      }
    }
    return parameters;
  }

  /**
   * W^(ℓ), a view into the parameters: what is set in one is seen in the other.
   *
   * @param parameters all of the network's
   * @param layer ℓ, from 1
   * @return d^(ℓ-1) × d^(ℓ)
   */
  public Matrix weights(float[] parameters, int layer) {
    ParameterTensor tensor =
        places.get(layer - 1).tensors().stream()
            .filter(ParameterTensor::weight)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " has no weights"));
    if (parameters.length != parameterCount) {
      throw new IllegalArgumentException(
          "the network has %d parameters, not %d".formatted(parameterCount, parameters.length));
    }
    return Matrix.view(
        parameters,
        tensor.offset(),
        tensor.shape().get(0),
        tensor.length() / tensor.shape().get(0));
  }

  /** The description's JSON, with the shape of an example as {@code input}. */
  public ObjectNode toJson() {
    ObjectNode json = description.toJson();
    ArrayNode input = json.putArray("input");
    inputShape.forEach(input::add);
    return json;
  }

  /**
   * The inverse of {@link #toJson()}.
   *
   * @throws UserError naming what is missing or wrong
   */
  public static Network fromJson(JsonNode json) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode size : json.path("input")) {
      if (!size.isInt() || size.intValue() < 1) {
        throw new UserError("\"input\" must be a list of whole numbers from 1 on, not " + json);
      }
      shape.add(size.intValue());
    }
    if (shape.isEmpty()) {
      throw new UserError("\"input\", the shape of an example, is missing from the network");
    }
    return of(NetworkDescription.fromJson(json), shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && description.equals(that.description)
        && inputShape.equals(that.inputShape);
  }

  @Override
  public int hashCode() {
    return 31 * description.hashCode() + inputShape.hashCode();
  }

  @Override
  public String toString() {
    return description.toWords() + " on " + inputShape;
  }
}
