package minilote.trainer.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import minilote.datasets.UserError;
import minilote.trainer.network.LayerDescription.Part;

/**
 * Gives layers their places, one after the other: shapes, and tensors in the flat array. What is
 * trained comes first, layer by layer; statistics come behind the last layer's parameters.
 */
final class Layout {
  private int parameters; // where the next ones begin
  private int statistics; // where the next ones begin
  private long count; // of both

  private Layout(int statistics) {
    this.statistics = statistics;
  }

  /**
   * The places of a network's layers.
   *
   * @throws UserError naming the layer, if it does not take what the one before gives, or would
   *     bring the network beyond {@link Network#MOST_PARAMETERS} parameters
   */
  static List<Network.Place> of(List<LayerDescription> layers, List<Integer> inputShape) {
    boolean channelsLast = ImageShape.isImage(inputShape) && layers.get(0).worksOnImages();
    Layout counting = new Layout(0);
    counting.places(layers, LayerNumber::of, inputShape, channelsLast);
    return new Layout(counting.parameters)
        .places(layers, LayerNumber::of, inputShape, channelsLast);
  }

  private List<Network.Place> places(
      List<LayerDescription> layers,
      IntFunction<LayerNumber> numbers,
      List<Integer> inputShape,
      boolean channelsLast) {
    List<Network.Place> places = new ArrayList<>();
    List<Integer> shape = List.copyOf(inputShape);
    for (LayerDescription layer : layers) {
      Network.Place place = place(layer, numbers.apply(places.size() + 1), shape, channelsLast);
      places.add(place);
      shape = place.outputShape();
    }
    return List.copyOf(places);
  }

  private Network.Place place(
      LayerDescription layer, LayerNumber number, List<Integer> shape, boolean channelsLast) {
    List<List<Network.Place>> parts = new ArrayList<>();
    for (Part part : layer.parts()) {
      int index = parts.size();
      parts.add(
          places(
              part.layers(),
              place -> number.within(index, part.name(), place),
              shape,
              channelsLast));
    }
    List<Integer> outputShape = outputShape(layer, number, shape);
    count(layer, number, shape);
    List<ParameterTensor> tensors = new ArrayList<>(layer.tensors(number, shape, parameters));
    parameters += (int) layer.parameterCount(shape);
    List<ParameterTensor> measured = layer.statistics(number, shape, statistics);
    for (ParameterTensor tensor : measured) {
      statistics += tensor.length();
    }
    tensors.addAll(measured);
    return new Network.Place(
        number, layer, shape, outputShape, channelsLast, List.copyOf(tensors), List.copyOf(parts));
  }

  private static List<Integer> outputShape(
      LayerDescription layer, LayerNumber number, List<Integer> inputShape) {
    try {
      List<Integer> shape = layer.outputShape(inputShape);
      Network.size(shape);
      return shape;
    } catch (UserError e) {
      throw new UserError(
          "layer %s, '%s' on %s: %s"
              .formatted(number, layer.toWords(), ImageShape.words(inputShape), e.getMessage()),
          e);
    }
  }

  private void count(LayerDescription layer, LayerNumber number, List<Integer> shape) {
    count += layer.parameterCount(shape) + layer.statisticsCount(shape);
    if (count > Network.MOST_PARAMETERS) {
      throw new UserError(
          String.format(
              Locale.ROOT,
              "layer %s, '%s' on %d inputs, would bring the network to %,d parameters; at most %,d"
                  + " are possible",
              number,
              layer.toWords(),
              Network.size(shape),
              count,
              Network.MOST_PARAMETERS));
    }
  }
}
