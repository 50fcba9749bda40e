package minilote.driver.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import minilote.datasets.Dataset;
import minilote.datasets.UserError;
import minilote.driver.report.Axis.Scale;
import minilote.driver.report.Chart;
import minilote.driver.report.Mark;
import minilote.driver.report.Series;
import minilote.driver.report.Styles;
import minilote.driver.report.Words;
import minilote.driver.study.Arm;
import minilote.driver.study.Equal;
import minilote.driver.study.Measure;
import minilote.driver.study.Scaling;

/**
 * A small study of the batch size: accuracy, gap, sharpness and noise scale of small batches and
 * large ones, over several seeds, with the test of whether the difference is more than chance.
 */
final class BatchSizes implements Lesson {
  private static final List<Integer> BATCHES = List.of(16, 128, 1024);

  /** Where there are too few examples for those. */
  private static final List<Integer> SMALLER_BATCHES = List.of(8, 32, 128);

  /** A large batch has some steps an epoch. */
  private static final long STEPS = 4;

  private static final int SEEDS = 3;
  private static final int EXAMPLES = 200_000; // over all epochs
  private static final int MOST_EPOCHS = 20;
  private static final int FEWEST_EPOCHS = 4;
  private static final long MEASURED = 1024;
  private static final String SHARPNESS = "sharpness_0.001";
  private static final double SIGNIFICANT = 0.05;

  /** So much less training accuracy is less far trained. */
  private static final double BEHIND = 0.01;

  private static final double PERCENT = 100;

  @Override
  public String name() {
    return "batch-size";
  }

  @Override
  public Set<LessonOption> options() {
    return EnumSet.of(LessonOption.DATA);
  }

  @Override
  public boolean onSpark() {
    return true;
  }

  @Override
  public Findings work(Classroom room, LessonText text) throws IOException {
    LessonData.Found found = room.data().first("mnist", "fashion-mnist", "cifar-10");
    Pictures.requirePictures(found);
    Arm arm = arm(room, found);
    ObjectNode study =
        LessonStudy.of(
            room,
            arm,
            EnumSet.of(Measure.SHARPNESS),
            MEASURED,
            text.word("training"),
            text.word("measuring"));
    Findings findings = new Findings();
    findings.word("data", found.dataset().name());
    findings.flag("sample", found.isSample());
    findings.word("network", String.valueOf(arm.options().get(RunSettings.NETWORK)));
    findings.word("epochs", String.valueOf(arm.options().get(RunSettings.EPOCHS)));
    findings.count("examples", found.dataset().split(Dataset.TRAIN).examples());
    findings.count("seeds", SEEDS);
    findings.count("smallest", arm.batches().get(0));
    findings.count("largest", arm.batches().get(arm.batches().size() - 1));
    tell(findings, study, arm, text);
    return findings;
  }

  private static Arm arm(Classroom room, LessonData.Found found) {
    long examples = found.dataset().split(Dataset.TRAIN).examples();
    List<Integer> batches = examples >= STEPS * last(BATCHES) ? BATCHES : SMALLER_BATCHES;
    if (examples < STEPS * last(batches)) {
      throw new UserError(
          "--data %s: it has %,d training examples, and the lesson needs at least %,d, for batches of %s"
              .formatted(found.folder(), examples, STEPS * last(batches), batches));
    }
    long epochs =
        Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, Math.round((double) EXAMPLES / examples)));
    Map<String, String> options = new LinkedHashMap<>();
    options.put(RunSettings.DATA, found.folder());
    options.put(
        RunSettings.NETWORK,
        "dense 64 relu, dense 64 relu, dense %d softmax"
            .formatted(found.dataset().format().targets()));
    options.put(RunSettings.EPOCHS, String.valueOf(epochs));
    options.put(RunSettings.OPTIMIZER, "adam");
    options.put(RunSettings.LEARNING_RATE, "0.001");
    options.put(RunSettings.VALIDATION, "0");
    // The plan sets the seed of each run; this one is read before that.
    options.put(RunSettings.SEED, String.valueOf(room.seed()));
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      seeds.add(room.seed() + i);
    }
    return new Arm(
        "", options, batches, seeds, Map.of(), Equal.EPOCHS, Scaling.NONE, batches.get(0));
  }

  private static int last(List<Integer> batches) {
    return batches.get(batches.size() - 1);
  }

  /** From {@code study.json} to what the text says. */
  static void tell(Findings findings, JsonNode study, Arm arm, LessonText text) {
    findings.table("table", table(study, text));
    findings.table("comparisons", comparisons(study, text));
    JsonNode small = study.path("table").path(0);
    JsonNode large = study.path("table").path(arm.batches().size() - 1);
    tell(findings, "small", small);
    tell(findings, "large", large);
    findings.flag(
        "behind",
        number(large, "train_accuracy_mean") < number(small, "train_accuracy_mean") - BEHIND);
    decide(findings, study, arm);
    long sharper = sharper(study, arm);
    findings.count("sharper-in", sharper);
    findings.flag("sharper-always", sharper == arm.seeds().size());
    findings.flag("sharper-never", sharper == 0);
    findings.flag("sharper-sometimes", sharper > 0 && sharper < arm.seeds().size());
    draw(findings, study, arm, text);
  }

  private static void tell(Findings findings, String name, JsonNode row) {
    findings.share(name + "-training", number(row, "train_accuracy_mean"));
    findings.share(name + "-test", number(row, "test_accuracy_mean"));
    findings.number(
        name + "-gap",
        number(row, "generalization_gap_mean"),
        points(number(row, "generalization_gap_mean")));
    findings.number(
        name + "-sharpness",
        number(row, SHARPNESS + "_mean"),
        decimals(number(row, SHARPNESS + "_mean"), 1));
    findings.number(
        name + "-noise-scale",
        number(row, "noise_scale_mean"),
        decimals(number(row, "noise_scale_mean"), 0));
    findings.number(
        name + "-updates", number(row, "steps_mean"), decimals(number(row, "steps_mean"), 0));
  }

  /** Whether the largest batch differs from the smallest one by more than chance. */
  private static void decide(Findings findings, JsonNode study, Arm arm) {
    double difference = Double.NaN;
    double p = Double.NaN;
    for (JsonNode one : study.path("comparisons")) {
      if (one.at("/second/batch").asInt() == last(arm.batches())) {
        difference = number(one, "difference_mean");
        p = number(one, "p_holm");
      }
    }
    findings.number("difference", difference, points(Math.abs(difference)));
    findings.number("p", p, probability(p));
    findings.flag("significantly-less", p < SIGNIFICANT && difference < 0);
    findings.flag("significantly-more", p < SIGNIFICANT && difference > 0);
    findings.flag("may-be-chance", !(p < SIGNIFICANT));
  }

  /** In how many seeds the largest batch ends in a sharper place than the smallest one. */
  private static long sharper(JsonNode study, Arm arm) {
    return arm.seeds().stream()
        .filter(
            seed ->
                sharpness(study, last(arm.batches()), seed)
                    > sharpness(study, arm.batches().get(0), seed))
        .count();
  }

  private static double sharpness(JsonNode study, int batch, long seed) {
    for (JsonNode run : study.path("runs")) {
      if (run.path("batch").asInt() == batch && run.path("seed").asLong() == seed) {
        return number(run, SHARPNESS);
      }
    }
    return Double.NaN;
  }

  private static LessonTable table(JsonNode study, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : study.path("table")) {
      rows.add(
          List.of(
              decimals(row.path("batch").asDouble(), 0),
              decimals(number(row, "steps_mean"), 0),
              Words.percent(number(row, "train_accuracy_mean")),
              Words.percent(number(row, "test_accuracy_mean")),
              points(number(row, "test_accuracy_ci95")),
              points(number(row, "generalization_gap_mean")),
              decimals(number(row, SHARPNESS + "_mean"), 1),
              decimals(number(row, "noise_scale_mean"), 0)));
    }
    return new LessonTable(
        List.of(
            text.word("batch"),
            text.word("updates"),
            text.word("on-training-short"),
            text.word("on-test"),
            "± 95 %",
            text.word("gap"),
            text.word("sharpness-short"),
            text.word("noise")),
        rows);
  }

  private static LessonTable comparisons(JsonNode study, LessonText text) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode one : study.path("comparisons")) {
      double mean = number(one, "difference_mean");
      double half = number(one, "difference_ci95");
      rows.add(
          List.of(
              "%s − %s"
                  .formatted(
                      decimals(one.at("/second/batch").asDouble(), 0),
                      decimals(one.at("/first/batch").asDouble(), 0)),
              points(mean),
              Double.isNaN(half) ? "–" : points(mean - half) + " … " + points(mean + half),
              probability(number(one, "p")),
              probability(number(one, "p_holm"))));
    }
    return new LessonTable(
        List.of(text.word("batches"), text.word("difference"), "95 %", "p", "p (Holm)"), rows);
  }

  private static void draw(Findings findings, JsonNode study, Arm arm, LessonText text) {
    Scale batches = Scale.logAt(arm.batches().stream().map(Integer::doubleValue).toList());
    findings.drawing(
        "accuracy",
        new Chart(
            text.word("accuracy"),
            text.word("batch-axis"),
            batches,
            Scale.LINEAR,
            " %",
            List.of(
                means(study, text.word("on-training"), "training", "train_accuracy", PERCENT),
                means(study, text.word("on-test"), "validation", "test_accuracy", PERCENT))));
    List<Series> sharpness = new ArrayList<>();
    sharpness.add(
        Series.points(
            text.word("runs"),
            Styles.of(0) + " " + Styles.FAINT,
            Mark.CIRCLE,
            each(study, run -> run.path("batch").asDouble()),
            each(study, run -> number(run, SHARPNESS))));
    Series mean = means(study, text.word("mean"), Styles.of(0), SHARPNESS, 1);
    sharpness.add(Series.line(mean.name(), mean.style(), Mark.SQUARE, mean.x(), mean.y()));
    findings.drawing(
        "sharpness",
        new Chart(
            text.word("sharpness"), text.word("batch-axis"), batches, Scale.LOG, "", sharpness));
    findings.count("runs", (long) arm.batches().size() * arm.seeds().size());
  }

  private static double[] each(JsonNode study, ToDoubleFunction<JsonNode> figure) {
    List<JsonNode> runs = new ArrayList<>();
    study.path("runs").forEach(runs::add);
    return runs.stream().mapToDouble(figure).toArray();
  }

  private static Series means(
      JsonNode study, String name, String style, String figure, double scale) {
    List<JsonNode> rows = new ArrayList<>();
    study.path("table").forEach(rows::add);
    double[] halves =
        rows.stream().mapToDouble(row -> scale * number(row, figure + "_ci95")).toArray();
    return Series.line(
            name,
            style,
            Mark.SQUARE,
            rows.stream().mapToDouble(row -> row.path("batch").asDouble()).toArray(),
            rows.stream().mapToDouble(row -> scale * number(row, figure + "_mean")).toArray())
        .withBars(halves);
  }

  private static double number(JsonNode json, String name) {
    JsonNode number = json.path(name);
    return number.isNumber() ? number.asDouble() : Double.NaN;
  }

  private static String points(double share) {
    return decimals(PERCENT * share, 2);
  }

  private static String decimals(double number, int decimals) {
    return Double.isNaN(number)
        ? "–"
        : String.format(Locale.ROOT, "%,." + decimals + "f", number).replace('-', '−');
  }

  private static String probability(double p) {
    return Double.isNaN(p) ? "–" : String.format(Locale.ROOT, p < 1e-3 ? "%.1e" : "%.3f", p);
  }
}
