package minilote.driver.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minilote.datasets.Json;
import org.jspecify.annotations.Nullable;

/**
 * Two cells, seed by seed. Runs of one seed begin with the same weights and see the examples in the
 * same order, so they are compared as pairs.
 *
 * @param first the cell that the other one is compared with
 * @param second the other one
 * @param figure what is compared
 * @param pairs seeds that both have
 * @param mean of second − first
 * @param ci95 half the width of its 95 % interval; null for one pair
 * @param p of the paired t-test; null where there is none
 * @param holm p, corrected for the number of comparisons in the study by Holm's method
 */
record Comparison(
    Cell first,
    Cell second,
    String figure,
    int pairs,
    double mean,
    @Nullable Double ci95,
    @Nullable Double p,
    @Nullable Double holm) {
  private static final double SIGNIFICANT = 0.05;
  private static final double PERCENT = 100;

  /** Compares by what both have of each seed; null where that is nothing. */
  static @Nullable Comparison of(
      Cell first,
      Map<Long, Double> valuesOfFirst,
      Cell second,
      Map<Long, Double> valuesOfSecond,
      String figure) {
    List<Long> seeds = valuesOfFirst.keySet().stream().filter(valuesOfSecond::containsKey).toList();
    if (seeds.isEmpty()) {
      return null;
    }
    double[] a = seeds.stream().mapToDouble(valuesOfFirst::get).toArray();
    double[] b = seeds.stream().mapToDouble(valuesOfSecond::get).toArray();
    double[] differences = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      differences[i] = b[i] - a[i];
    }
    return new Comparison(
        first,
        second,
        figure,
        a.length,
        Samples.mean(differences),
        Samples.ci95(differences),
        Samples.pairedP(a, b),
        null);
  }

  /**
   * Corrects the probabilities of several comparisons, so that all together find a difference where
   * there is none in 5 % of studies at most (S. Holm, A simple sequentially rejective multiple test
   * procedure, Scandinavian Journal of Statistics 6, 1979).
   */
  static List<Comparison> corrected(List<Comparison> comparisons) {
    List<Comparison> tested = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      if (comparison.p() != null) {
        tested.add(comparison);
      }
    }
    tested.sort(Comparator.comparingDouble(Comparison::probability));
    List<Comparison> corrected = new ArrayList<>(comparisons);
    double least = 0;
    for (int i = 0; i < tested.size(); i++) {
      Comparison one = tested.get(i);
      least = Math.max(least, Math.min(1, (tested.size() - i) * one.probability()));
      corrected.set(corrected.indexOf(one), one.withHolm(least));
    }
    return corrected;
  }

  private double probability() {
    return p == null ? 1 : p;
  }

  private Comparison withHolm(double corrected) {
    return new Comparison(first, second, figure, pairs, mean, ci95, p, corrected);
  }

  /** What it says, in a sentence. */
  String sentence() {
    boolean accuracy = figure.endsWith("accuracy");
    String unit = accuracy ? " points" : "";
    double scale = accuracy ? PERCENT : 1;
    String what = figure.replace('_', ' ');
    String amount =
        String.format(Locale.ROOT, accuracy ? "%.2f" : "%.4f", Math.abs(mean) * scale) + unit;
    String direction = mean < 0 ? "less" : "more";
    String found =
        "%s has %s %s %s than %s"
            .formatted(upper(second.words()), amount, direction, what, first.words());
    if (ci95 == null) {
      return found + "; one seed says nothing of chance.";
    }
    String interval =
        String.format(
            Locale.ROOT,
            accuracy
                ? "95 %% interval of the difference %+.2f to %+.2f"
                : "95 %% interval of the difference %+.4f to %+.4f",
            (mean - ci95) * scale,
            (mean + ci95) * scale);
    if (p == null || holm == null) {
      return "%s in each of %d pairs of runs.".formatted(found, pairs);
    }
    return "%s (%s; paired t-test over %d seeds, p = %s%s)%s"
        .formatted(
            found,
            interval,
            pairs,
            probability(p),
            holm.equals(p) ? "" : ", %s by Holm's correction".formatted(probability(holm)),
            holm < SIGNIFICANT ? "." : ": that may be chance.");
  }

  private static String upper(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String probability(double p) {
    return p < 1e-4 ? String.format(Locale.ROOT, "%.1e", p) : String.format(Locale.ROOT, "%.2g", p);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.set("first", cell(first));
    json.set("second", cell(second));
    json.put("figure", figure);
    json.put("pairs", pairs);
    json.put("difference_mean", mean);
    json.put("difference_ci95", ci95);
    json.put("p", p);
    json.put("p_holm", holm);
    json.put("sentence", sentence());
    return json;
  }

  static ObjectNode cell(Cell cell) {
    ObjectNode json = Json.object();
    if (!cell.arm().isEmpty()) {
      json.put("arm", cell.arm());
    }
    json.put("batch", cell.batch());
    cell.varied().forEach((option, value) -> json.put(option.substring(2), value));
    return json;
  }
}
