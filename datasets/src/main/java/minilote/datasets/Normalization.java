package minilote.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;

/**
 * How the stored features of a record become the inputs of a network. Immutable, safe for any
 * number of threads, and without allocation in {@link #apply}.
 */
public sealed interface Normalization permits NoNormalization, Standardization, PerImage {
  /** Bytes as fractions of 255, in [0, 1]; floats as they are. */
  String NONE = "none";

  /** Each channel minus its mean, over its deviation, both of the training split. */
  String STANDARDIZE = "standardize";

  /** Each record minus its own mean, over its own deviation. */
  String PER_IMAGE = "per-image";

  /**
   * Writes the inputs of one record.
   *
   * @param recordOffset where the record begins, with its target
   * @param to receives {@code format.features()} floats from {@code toOffset} on, in the order of
   *     the record
   */
  void apply(RecordFormat format, byte[] data, int recordOffset, float[] to, int toOffset);

  /** The word for it: none, standardize or per-image. */
  String name();

  /** The word and what was measured: enough to normalize the same way without the data set. */
  ObjectNode toJson();

  /**
   * The normalization that {@link #toJson} described.
   *
   * @throws UserError when a member is missing or wrong
   */
  static Normalization fromJson(JsonNode json) {
    String name = Json.text(json, "name");
    return switch (name) {
      case NONE -> new NoNormalization();
      case STANDARDIZE -> new Standardization(doubles(json, "mean"), doubles(json, "deviation"));
      case PER_IMAGE -> new PerImage();
      default -> throw unknown(name);
    };
  }

  /**
   * The normalization of that name.
   *
   * @param name none, standardize or per-image
   * @param dataset whose training split gives mean and deviation
   * @throws UserError when there is no normalization of that name
   */
  static Normalization of(String name, Dataset dataset) {
    return switch (name) {
      case NONE -> new NoNormalization();
      case STANDARDIZE -> Standardization.of(dataset.split(Dataset.TRAIN).statistics());
      case PER_IMAGE -> new PerImage();
      default -> throw unknown(name);
    };
  }

  /**
   * Checks a word for a normalization where no data set is at hand yet.
   *
   * @throws UserError when there is no normalization of that name
   */
  static void checkName(String name) {
    if (!name.equals(NONE) && !name.equals(STANDARDIZE) && !name.equals(PER_IMAGE)) {
      throw unknown(name);
    }
  }

  private static UserError unknown(String name) {
    return new UserError(
        "there is no normalization \"%s\": it must be %s, %s or %s"
            .formatted(name, NONE, STANDARDIZE, PER_IMAGE));
  }

  private static List<Double> doubles(JsonNode json, String name) {
    return Json.numbers(json, name).stream().map(BigDecimal::doubleValue).toList();
  }
}
