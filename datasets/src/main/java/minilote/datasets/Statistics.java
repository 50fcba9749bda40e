package minilote.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/**
 * Sums over the features of a split, from which mean and deviation follow: one pair of sums for
 * each channel of an image or feature of a vector.
 *
 * <p>Sums of bytes are exact integers, sums of floats are double sums in the order of the files.
 * Mean and deviation are computed from them exactly and rounded once, so that they are the same
 * everywhere.
 *
 * @param featureType bytes count as fractions of 255, floats as they are
 * @param count the values behind each sum: examples × height × width, or examples
 * @param sum for each channel, the sum of the stored values
 * @param sumOfSquares for each channel, the sum of their squares
 */
public record Statistics(
    FeatureType featureType, long count, List<BigDecimal> sum, List<BigDecimal> sumOfSquares) {

  /**
   * @throws UserError when the sums cannot be those of {@code count} values
   */
  public Statistics {
    sum = sum.stream().map(BigDecimal::stripTrailingZeros).toList();
    sumOfSquares = sumOfSquares.stream().map(BigDecimal::stripTrailingZeros).toList();
    if (count < 1) {
      throw new UserError("statistics need a count of at least 1, not " + count);
    }
    if (sum.isEmpty() || sum.size() != sumOfSquares.size()) {
      throw new UserError(
          "statistics need as many sums as sums of squares, not %d and %d"
              .formatted(sum.size(), sumOfSquares.size()));
    }
    if (sumOfSquares.stream().anyMatch(square -> square.signum() < 0)) {
      throw new UserError("a sum of squares is negative");
    }
  }

  public int channels() {
    return sum.size();
  }

  /** The mean of a channel as a network sees it: in [0, 1] for bytes, as stored for floats. */
  public double mean(int channel) {
    return sum.get(channel).doubleValue() / ((double) featureType.unit() * count);
  }

  /**
   * The standard deviation of a channel (of the population: divided by the count) in the same unit
   * as the mean; 0 for a constant.
   */
  public double deviation(int channel) {
    // n Σx² − (Σx)² without rounding: where the values differ little, doubles would cancel.
    BigDecimal s = sum.get(channel);
    BigDecimal spread =
        BigDecimal.valueOf(count).multiply(sumOfSquares.get(channel)).subtract(s.multiply(s));
    double squared = Math.max(0, spread.doubleValue());
    return Math.sqrt(squared) / ((double) featureType.unit() * count);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("count", count);
    add(json.putArray("sum"), sum);
    add(json.putArray("sum_of_squares"), sumOfSquares);
    return json;
  }

  private static void add(ArrayNode to, List<BigDecimal> numbers) {
    for (BigDecimal number : numbers) {
      if (number.scale() <= 0) {
        to.add(number.toBigIntegerExact());
      } else {
        to.add(number.doubleValue());
      }
    }
  }

  static Statistics fromJson(JsonNode json, FeatureType featureType) {
    long count = Json.integer(json, "count", 1, Long.MAX_VALUE);
    return new Statistics(
        featureType, count, Json.numbers(json, "sum"), Json.numbers(json, "sum_of_squares"));
  }
}
