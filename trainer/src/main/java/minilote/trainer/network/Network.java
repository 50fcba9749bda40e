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

  /** The most rows that are learned from at once. */
  public static final int MOST_ROWS = 512;

  /** The fewest, however large images are. */
  private static final int FEWEST_ROWS = 16;

  /** Numbers between two layers, of all rows that are learned from at once. */
  private static final int MOST_IMAGE_NUMBERS = 1 << 21;

  /**
   * A layer at its place.
   *
   * @param number from 1
   * @param channelsLast whether an image as its input lies height × width × channels, as layers
   *     that work on images want it and leave it
   * @param tensors its parameters
   */
  record Place(
      int number,
      LayerDescription description,
      List<Integer> inputShape,
      List<Integer> outputShape,
      boolean channelsLast,
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
   * @throws UserError naming the layer, if it does not take what the one before gives, or would
   *     bring the network beyond {@link #MOST_PARAMETERS} parameters
   */
  public static Network of(NetworkDescription description, List<Integer> inputShape) {
    List<Place> places = new ArrayList<>();
    List<Integer> shape = List.copyOf(inputShape);
    boolean channelsLast = description.layers().get(0).worksOnImages();
    int offset = 0;
    for (LayerDescription layer : description.layers()) {
      int number = places.size() + 1;
      List<Integer> outputShape = outputShape(layer, number, shape);
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
      places.add(
          new Place(
              number,
              layer,
              shape,
              outputShape,
              channelsLast,
              layer.tensors(number, shape, offset)));
      offset = (int) end;
      shape = outputShape;
    }
    requireList(places.get(places.size() - 1));
    return new Network(description, List.copyOf(inputShape), places, offset);
  }

  private static List<Integer> outputShape(
      LayerDescription layer, int number, List<Integer> inputShape) {
    try {
      List<Integer> shape = layer.outputShape(inputShape);
      size(shape);
      return shape;
    } catch (UserError e) {
      throw new UserError(
          "layer %d, '%s' on %s: %s"
              .formatted(number, layer.toWords(), ImageShape.words(inputShape), e.getMessage()),
          e);
    }
  }

  private static void requireList(Place last) {
    if (ImageShape.isImage(last.outputShape())) {
      throw new UserError(
          "layer %d, '%s', is the last one and gives an image, %s: let a dense layer, 'flatten' or 'global-average-pool' follow"
              .formatted(
                  last.number(),
                  last.description().toWords(),
                  ImageShape.words(last.outputShape())));
    }
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

  /**
   * How many products of two numbers an example takes in training: forward, for the gradient, and
   * for the way back, which ends before the first layer.
   */
  public long multiplications() {
    long all = 0;
    long first = 0;
    for (Place place : places) {
      long layer = place.description().multiplications(place.inputShape());
      all += layer;
      first = place.number() == 1 ? layer : first;
    }
    return 3 * all - first;
  }

  /** What gives the network its outputs. */
  public Activation outputActivation() {
    return last().description().activation();
  }

  private Place last() {
    return places.get(places.size() - 1);
  }

  /**
   * Whether a record's image, which lies channels × height × width, has to be brought into the
   * order of layers that work on images.
   */
  boolean imageFirst() {
    return places.get(0).channelsLast();
  }

  /**
   * Rows that are learned from at once: {@value #MOST_ROWS}; fewer, by powers of two, where images
   * between layers are so large that nothing of a block would stay in the processor's caches. It
   * decides how rows are summed, so it follows from the network alone.
   */
  public int blockRows() {
    int rows = MOST_ROWS;
    if (imageFirst()) {
      for (Place place : places) {
        int image = size(place.outputShape());
        while (rows > FEWEST_ROWS && (long) rows * image > MOST_IMAGE_NUMBERS) {
          rows /= 2;
        }
      }
    }
    return rows;
  }

  /** Rows that are answered for at once: more, as there are no derivatives to keep. */
  public int answerRows() {
    return 2 * blockRows();
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
   * W^(ℓ), a view into the parameters: what is set in one is seen in the other. Of a convolution,
   * the kernels, one a row.
   *
   * @param parameters all of the network's
   * @param layer ℓ, from 1
   * @return d^(ℓ-1) × d^(ℓ); of a convolution, out × (in · kh · kw)
   * @throws IllegalArgumentException if the layer has none
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
