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
  private static final String ACCURACY = "train_accuracy_mean";

  private Caution() {}

  /**
   * Of a study's table and runs.
   *
   * @param cells what is compared
   * @param table their rows of {@code study.json}, in the same order
   * @param runs its runs
   */
  static List<String> of(List<Cell> cells, JsonNode table, JsonNode runs) {
    List<String> sentences = new ArrayList<>();
    String uneven = uneven(cells, table);
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

  private static @Nullable String uneven(List<Cell> cells, JsonNode table) {
    int least = -1;
    int most = -1;
    for (int i = 0; i < cells.size(); i++) {
      if (table.path(i).path(ACCURACY).isNumber()) {
        least = least < 0 || accuracy(table, i) < accuracy(table, least) ? i : least;
        most = most < 0 || accuracy(table, i) > accuracy(table, most) ? i : most;
      }
    }
    if (least < 0 || accuracy(table, most) - accuracy(table, least) <= UNEVEN) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "Not all have learned their training examples as far: from %.2f %% of them (%s) to %.2f %% (%s). What is less far has a smaller gap, and often less accuracy, for this reason alone; --equal steps, --scaling and --tune compare in other ways.",
        PERCENT * accuracy(table, least),
        cells.get(least).words(),
        PERCENT * accuracy(table, most),
        cells.get(most).words());
  }

  private static double accuracy(JsonNode table, int row) {
    return table.path(row).path(ACCURACY).asDouble();
  }
}
