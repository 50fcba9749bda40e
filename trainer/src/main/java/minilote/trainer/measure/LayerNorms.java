package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minilote.datasets.Json;
import minilote.trainer.network.Network;
import minilote.trainer.network.ParameterTensor;
import org.jspecify.annotations.Nullable;

/**
 * How long the weights of a network are, how far they have come from where training began, and how
 * strongly the error pulls at them, in all and layer by layer. All norms are Euclidean. A layer's
 * weights are W^(ℓ) with its biases, γ and β; running statistics are none.
 *
 * @param loss the mean loss E
 * @param all over all layers; without sensitivities, which are a layer's
 * @param layers those that have weights, also those within others
 */
public record LayerNorms(double loss, Norms all, List<Norms> layers) {
  public LayerNorms {
    layers = List.copyOf(layers);
  }

  /**
   * Those of a layer, or of all.
   *
   * @param layer its number, such as 2 or 3.1; empty for all
   * @param weights how many
   * @param length ‖w‖
   * @param distance ‖w − w₀‖ from the first weights w₀; null where they are not known
   * @param gradient ‖∂E/∂w‖ of the mean gradient
   * @param sensitivity of its signals; null for all, and for layers within others
   */
  public record Norms(
      String layer,
      int weights,
      double length,
      @Nullable Double distance,
      double gradient,
      @Nullable Sensitivity sensitivity) {
    /** As one JSON object; what there is not is null. */
    public ObjectNode toJson() {
      ObjectNode json = Json.object();
      if (!layer.isEmpty()) {
        json.put("layer", layer);
      }
      json.put("weights", weights);
      Figures.put(json, "norm", length);
      Figures.put(json, "distance", distance == null ? Double.NaN : distance);
      Figures.put(json, "gradient_norm", gradient);
      if (!layer.isEmpty()) {
        Figures.put(json, "speed", sensitivity == null ? Double.NaN : sensitivity.ofMean());
        Figures.put(json, "sensitivity", sensitivity == null ? Double.NaN : sensitivity.mean());
      }
      return json;
    }
  }

  /**
   * Of what has been measured.
   *
   * @param parameters w, all of the network's numbers
   * @param initial w₀, as many; null where they are not known
   * @param loss E
   * @param gradient ∂E/∂w of the weights that are trained
   * @param sensitivities of the layers that are not within others
   */
  public static LayerNorms of(
      Network network,
      float[] parameters,
      float @Nullable [] initial,
      double loss,
      double[] gradient,
      List<Sensitivity> sensitivities) {
    Map<String, Squares> byLayer = new LinkedHashMap<>();
    Squares all = new Squares();
    for (ParameterTensor tensor : network.tensors()) {
      if (tensor.offset() < network.trainedCount()) {
        Squares layer = byLayer.computeIfAbsent(tensor.layer().text(), text -> new Squares());
        layer.add(tensor, parameters, initial, gradient);
        all.add(tensor, parameters, initial, gradient);
      }
    }
    Map<String, Sensitivity> known = new LinkedHashMap<>();
    sensitivities.forEach(s -> known.put(Integer.toString(s.layer()), s));
    List<Norms> layers = new ArrayList<>();
    byLayer.forEach((layer, s) -> layers.add(s.norms(layer, initial != null, known.get(layer))));
    return new LayerNorms(loss, all.norms("", initial != null, null), layers);
  }

  /** Sums of squares. */
  private static final class Squares {
    private int weights;
    private double length;
    private double distance;
    private double gradient;

    void add(
        ParameterTensor tensor,
        float[] parameters,
        float @Nullable [] initial,
        double[] gradientOfAll) {
      weights += tensor.length();
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        length += (double) parameters[i] * parameters[i];
        gradient += gradientOfAll[i] * gradientOfAll[i];
        if (initial != null) {
          double moved = (double) parameters[i] - initial[i];
          distance += moved * moved;
        }
      }
    }

    Norms norms(String layer, boolean moved, @Nullable Sensitivity sensitivity) {
      return new Norms(
          layer,
          weights,
          Math.sqrt(length),
          moved ? (Double) Math.sqrt(distance) : null,
          Math.sqrt(gradient),
          sensitivity);
    }
  }

  /** As one JSON object. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    Figures.put(json, "loss", loss);
    json.setAll(all.toJson());
    ArrayNode list = json.putArray("layers");
    layers.forEach(layer -> list.add(layer.toJson()));
    return json;
  }
}
