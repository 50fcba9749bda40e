package minilote.trainer.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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

  /** The most numbers of an array. */
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  /** Numbers between two layers, of all rows that are learned from at once. */
  private static final int MOST_IMAGE_NUMBERS = 1 << 21;

  /**
   * A layer at its place.
   *
   * @param channelsLast whether an image as its input lies height × width × channels, as layers
   *     that work on images want it and leave it
   * @param tensors its own, in the order in which it has them: parameters, then statistics
   * @param parts the lists of layers within it
   */
  record Place(
      LayerNumber number,
      LayerDescription description,
      List<Integer> inputShape,
      List<Integer> outputShape,
      boolean channelsLast,
      List<ParameterTensor> tensors,
      List<List<Place>> parts) {
    /** This one, and those of all layers within. */
    Stream<Place> all() {
      return Stream.concat(
          Stream.of(this), parts.stream().flatMap(List::stream).flatMap(Place::all));
    }
  }

  private final NetworkDescription description;
  private final List<Integer> inputShape;
  private final List<Place> places;
  private final List<Place> allPlaces; // also within layers
  private final List<ParameterTensor> tensors;
  private final int parameterCount;
  private final int trainedCount;
  private final int ghost;

  private Network(NetworkDescription description, List<Integer> inputShape, List<Place> places) {
    this.description = description;
    this.inputShape = inputShape;
    this.places = places;
    this.allPlaces = places.stream().flatMap(Place::all).toList();
    this.tensors =
        allPlaces.stream()
            .flatMap(place -> place.tensors().stream())
            .sorted(Comparator.comparingInt(ParameterTensor::offset))
            .toList();
    this.parameterCount = tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    this.trainedCount =
        tensors.stream()
            .filter(tensor -> !tensor.role().isStatistic())
            .mapToInt(ParameterTensor::end)
            .max()
            .orElse(0);
    this.ghost = allPlaces.stream().mapToInt(Network::ghost).max().orElse(1);
  }

  /**
   * The network of that description.
   *
   * @param inputShape of one example: (n), or (channels, height, width)
   * @throws UserError naming the layer, if it does not take what the one before gives, is too large
   *     for the rows that are computed at once, or would bring the network beyond {@link
   *     #MOST_PARAMETERS} parameters
   */
  public static Network of(NetworkDescription description, List<Integer> inputShape) {
    List<Place> places = Layout.of(description.layers(), inputShape);
    requireOneGhost(places);
    requireEnd(places.get(places.size() - 1));
    Network network = new Network(description, List.copyOf(inputShape), places);
    network.requireRoom(
        network.answerRows(), "computed at once", "let it have fewer units, or a smaller image");
    return network;
  }

  /**
   * Checks that what each layer gives for so many rows fits into an array.
   *
   * @param which rows these are, for the message
   * @param remedy what can be done, for the message
   * @throws UserError naming the layer where it does not
   */
  public void requireRoom(int rows, String which, String remedy) {
    for (Place place : allPlaces) {
      int numbers = size(place.outputShape());
      if (Layer.lengthOfRows(rows, numbers) > MOST_NUMBERS) {
        throw new UserError(
            "layer %s, '%s', gives %,d numbers, which times the %,d rows that are %s are more than an array holds: %s"
                .formatted(
                    place.number(), place.description().toWords(), numbers, rows, which, remedy));
      }
    }
  }

  private static void requireOneGhost(List<Place> places) {
    List<Place> norms =
        places.stream()
            .flatMap(Place::all)
            .filter(place -> place.description() instanceof BatchNormDescription)
            .toList();
    for (Place norm : norms) {
      if (ghost(norm) != ghost(norms.get(0))) {
        throw new UserError(
            "layer %s, '%s', and layer %s, '%s', are over ghosts of different sizes: all batch normalizations of a network have the same"
                .formatted(
                    norms.get(0).number(),
                    norms.get(0).description().toWords(),
                    norm.number(),
                    norm.description().toWords()));
      }
    }
  }

  private static int ghost(Place place) {
    return place.description() instanceof BatchNormDescription norm ? norm.ghost() : 1;
  }

  private static void requireEnd(Place last) {
    if (!last.description().mayBeLast()) {
      throw new UserError(
          "layer %s, '%s', is the last one, where it would drop what the network answers: let it come before another layer"
              .formatted(last.number(), last.description().toWords()));
    }
    if (ImageShape.isImage(last.outputShape())) {
      throw new UserError(
          "layer %s, '%s', is the last one and gives an image, %s: let a dense layer, 'flatten' or 'global-average-pool' follow"
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
    for (Place place : places) {
      all += place.description().multiplications(place.inputShape());
    }
    Place first = places.get(0);
    return 3 * all - first.description().multiplications(first.inputShape());
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
   * Examples of a ghost, which are learned from together: 1 where there is no batch normalization,
   * {@link BatchNormDescription#WHOLE} where it is over the whole batch.
   */
  public int ghost() {
    return ghost;
  }

  /**
   * Examples that must be in one lane of a batch: those of a ghost, but 1 where the whole batch is
   * normalized together, as its lanes exchange what they have measured ({@link LaneStatistics}).
   */
  public int laneGhost() {
    return ghost == BatchNormDescription.WHOLE ? 1 : ghost;
  }

  /** The most channels of which lanes exchange statistics; 0 where they exchange none. */
  public int exchangedChannels() {
    if (ghost != BatchNormDescription.WHOLE) {
      return 0;
    }
    return allPlaces.stream()
        .filter(place -> place.description() instanceof BatchNormDescription)
        .mapToInt(place -> BatchNormDescription.channels(place.inputShape()))
        .max()
        .orElse(0);
  }

  /**
   * Rows that are learned from at once: {@value #MOST_ROWS}; fewer, by powers of two, where images
   * between layers are so large that nothing of a block would stay in the processor's caches; and
   * of these as many as are whole ghosts, at least one. It decides how rows are summed, so it
   * follows from the network alone.
   */
  public int blockRows() {
    int rows = cachedRows();
    return ghost == BatchNormDescription.WHOLE ? rows : Math.max(ghost, rows / ghost * ghost);
  }

  /**
   * The same for lanes of at most {@code most} rows, which are one block where the whole batch is
   * normalized together.
   */
  public int blockRows(int most) {
    return ghost == BatchNormDescription.WHOLE ? Math.max(1, most) : blockRows();
  }

  private int cachedRows() {
    int rows = MOST_ROWS;
    if (imageFirst()) {
      for (Place place : allPlaces) {
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

  /** What is measured in training, and how, in the order of the flat array. */
  public List<RunningStatistic> runningStatistics() {
    return allPlaces.stream()
        .filter(place -> place.description() instanceof BatchNormDescription)
        .map(
            place -> {
              List<ParameterTensor> statistics =
                  place.tensors().stream().filter(t -> t.role().isStatistic()).toList();
              return new RunningStatistic(
                  statistics.get(0).offset(),
                  statistics.get(statistics.size() - 1).end(),
                  (float) ((BatchNormDescription) place.description()).momentum());
            })
        .toList();
  }

  /** Every place, also of layers within layers. */
  List<Place> allPlaces() {
    return allPlaces;
  }

  /** Whether a layer draws random numbers for each example that is learned from. */
  public boolean draws() {
    return allPlaces.stream().anyMatch(place -> place.description().draws());
  }

  /** Numbers of the flat array: all that is trained, then the statistics. */
  public int parameterCount() {
    return parameterCount;
  }

  /** How many of them, from the first on, are trained: weights, biases and their like. */
  public int trainedCount() {
    return trainedCount;
  }

  /** Its tensors, in their order in the flat array. */
  public List<ParameterTensor> tensors() {
    return tensors;
  }

  /** First parameters: a function of the network, the initialization and the seed alone. */
  public float[] initialize(Initialization initialization, long seed) {
    float[] parameters = new float[parameterCount];
    for (Place place : allPlaces) {
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
        places
            .get(layer - 1)
            .all()
            .flatMap(place -> place.tensors().stream())
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
