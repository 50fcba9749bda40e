package minilote.driver.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is to be kept in mind of a study's figures, in sentences; nothing where all is plain. */
final class Caution {
  /** Between training accuracies, from where on runs are not as far trained as others. */
  private static final double UNEVEN = 0.05;

  private static final double PERCENT = 100;

  private Caution() {}

  /**
   * Of a study's table and runs.
   *
   * @param table rows of {@code study.json}
   * @param runs its runs
   */
  static List<String> of(JsonNode table, JsonNode runs) {
    List<String> sentences = new ArrayList<>();
    String uneven = uneven(table);
    if (uneven != null) {
      sentences.add(uneven);
    }
    for (JsonNode run : runs) {
      if (run.path("epochs_to_target").asDouble() == 1) {
        sentences.add(
            "The target is looked at where an epoch ends: where the first one was enough, updates and seconds to it are no more than a bound.");
        break;
      }
    }
    return sentences;
  }

  private static @Nullable String uneven(JsonNode table) {
    JsonNode least = null;
    JsonNode most = null;
    for (JsonNode row : table) {
      if (row.path("train_accuracy_mean").isNumber()) {
        least = least == null || accuracy(row) < accuracy(least) ? row : least;
        most = most == null || accuracy(row) > accuracy(most) ? row : most;
      }
    }
    if (least == null || most == null || accuracy(most) - accuracy(least) <= UNEVEN) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "Not all have learned their training examples as far: from %.2f %% of them (%s) to %.2f %% (%s). What is less far has a smaller gap, and often less accuracy, for this reason alone; --equal steps, --scaling and --tune compare in other ways.",
        PERCENT * accuracy(least),
        name(least),
        PERCENT * accuracy(most),
        name(most));
  }

  private static double accuracy(JsonNode row) {
    return row.path("train_accuracy_mean").asDouble();
  }

  private static String name(JsonNode row) {
    StringBuilder name = new StringBuilder(row.path("arm").asText());
    for (String field : (Iterable<String>) row::fieldNames) {
      if (field.equals("runs")) {
        break; // Figures follow.
      }
      if (!field.equals("arm")) {
        JsonNode value = row.path(field);
        name.append(name.isEmpty() ? "" : ", ")
            .append(field.replace('-', ' '))
            .append(' ')
            .append(value.isIntegralNumber() ? "%,d".formatted(value.asLong()) : value.asText());
      }
    }
    return name.toString();
  }
}
