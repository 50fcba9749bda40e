package minilote.trainer.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import minilote.datasets.Json;
import minilote.datasets.ProgressListener;
import minilote.datasets.UserError;
import minilote.trainer.network.Network;

/**
 * The loss around a minimum, along one or two random directions whose filters are as long as the
 * network's: at {@code w + a d₁ + b d₂} (H. Li et al. 2018; what directions are is in {@link
 * FilterDirection}). Running statistics of batch normalization stay as they are.
 *
 * @param at coordinates, the same along each direction: odd in number, the middle one 0
 * @param rows by b, from the lowest; a single row where there is one direction
 * @param seed of the directions
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LossSlice(double[] at, List<List<Score>> rows, long seed) {
  public LossSlice {
    rows = List.copyOf(rows);
  }

  /**
   * What to look at.
   *
   * @param dimensions 1 or 2
   * @param points along each direction, odd, at least 3
   * @param radius the largest coordinate: at 1, a step is as long as the weights are
   * @param seed of the directions
   */
  public record Settings(int dimensions, int points, double radius, long seed) {
    /** Along one direction, as far as filters are long. */
    public static final Settings LINE = new Settings(1, 41, 1, 0);

    /** Checks them. */
    public Settings {
      if (dimensions < 1 || dimensions > 2) {
        throw new UserError("--dimensions %d: it must be 1 or 2".formatted(dimensions));
      }
      if (points < 3 || points % 2 == 0) {
        throw new UserError(
            "--%s %d: it must be odd and at least 3, so that the model is in the middle"
                .formatted(dimensions == 1 ? "points" : "grid", points));
      }
      if (!(radius > 0)) {
        throw new UserError("--radius %s: it must be above 0".formatted(radius));
      }
    }
  }

  /**
   * Measures it.
   *
   * @param parameters w, all of the network's numbers
   * @param scorer on the examples that count
   * @param progress told of each point
   */
  public static LossSlice of(
      Network network,
      float[] parameters,
      Settings settings,
      Scorer scorer,
      ProgressListener progress) {
    int half = settings.points() / 2;
    double[] at = new double[settings.points()];
    for (int i = 0; i < at.length; i++) {
      at[i] = settings.radius() * (i - half) / half; // 0 in the middle, exactly
    }
    double[] first = FilterDirection.of(network, parameters, settings.seed(), 1);
    double[] second = {};
    double[] up = {0};
    if (settings.dimensions() == 2) {
      second = FilterDirection.of(network, parameters, settings.seed(), 2);
      up = at;
    }
    List<List<Score>> rows = new ArrayList<>();
    float[] moved = new float[parameters.length];
    for (double b : up) {
      List<Score> row = new ArrayList<>();
      for (double a : at) {
        progress.progress(
            "landscape", (long) rows.size() * at.length + row.size(), (long) up.length * at.length);
        for (int i = 0; i < moved.length; i++) {
          double further = second.length == 0 ? 0 : b * second[i];
          moved[i] = (float) (parameters[i] + a * first[i] + further);
        }
        row.add(scorer.score(moved));
      }
      rows.add(List.copyOf(row));
    }
    return new LossSlice(at, rows, settings.seed());
  }

  /** Directions: 1 or 2. */
  public int dimensions() {
    return rows.size() == 1 ? 1 : 2;
  }

  /** As one JSON object: a list of losses along one direction, a list of rows along two. */
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("dimensions", dimensions()).put("seed", seed);
    Figures.put(json, "coordinates", at);
    ArrayNode losses = json.putArray("loss");
    ArrayNode accuracies = json.putArray("accuracy");
    for (List<Score> row : rows) {
      ArrayNode lossRow = dimensions() == 1 ? losses : losses.addArray();
      ArrayNode accuracyRow = dimensions() == 1 ? accuracies : accuracies.addArray();
      for (Score score : row) {
        Figures.add(lossRow, score.loss());
        Figures.add(accuracyRow, score.accuracy().orElse(Double.NaN));
      }
    }
    return json;
  }
}
