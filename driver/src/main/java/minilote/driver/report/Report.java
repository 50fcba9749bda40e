package minilote.driver.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import minilote.datasets.Json;
import minilote.trainer.run.Metrics;
import minilote.trainer.run.TrainingResult;
import minilote.trainer.run.TrainingResult.Figures;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: what happened in a run, for people. One file without scripts, that opens
 * without a network, in light and dark, on paper and on narrow screens.
 */
public final class Report {
  private static final Template PAGE = Resources.template("report.mustache");

  /** The style of pages. */
  static final String STYLE =
      Resources.text("colours.css") + Resources.text("chart.css") + Resources.text("page.css");

  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";
  private static final double PERCENT = 100;
  private static final String NO_BREAK_SPACE = "\u00a0";

  private final ObjectNode run;
  private final List<Metrics> metrics;
  private final @Nullable TrainingResult result;

  /**
   * @param run the content of {@code run.json}
   * @param metrics the lines of {@code metrics.jsonl}, perhaps none yet
   * @param result the content of {@code result.json}; null while the run has not ended
   */
  public Report(ObjectNode run, List<Metrics> metrics, @Nullable TrainingResult result) {
    this.run = run;
    this.metrics = List.copyOf(metrics);
    this.result = result;
  }

  /** The page. */
  public String toHtml() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("style", STYLE);
    page.put("network", RunWords.words(run.path("settings").path("network")));
    page.put("data", RunWords.words(run.path("data").path("name")));
    page.put("summary", summary().replace(" %", NO_BREAK_SPACE + "%"));
    page.put("tiles", tiles());
    page.put("charts", charts());
    page.put("results", results());
    page.put("epochs", epochs());
    page.put("settings", RunWords.settings(run));
    page.put("machinery", RunWords.machinery(run));
    page.put("json", Json.pretty(run));
    page.put("weights", result == null ? "" : result.weightsSha256());
    return PAGE.execute(page);
  }

  /** One or two sentences that say what came out. */
  private String summary() {
    int epochs = run.path("settings").path("epochs").asInt();
    if (result == null) {
      int done = epochEnds().size();
      return "%d of %d epochs are done; the run has not ended.".formatted(done, epochs);
    }
    StringBuilder words = new StringBuilder();
    Figures unseen = result.test() != null ? result.test() : result.validation();
    String where = result.test() != null ? "test" : VALIDATION;
    words.append(
        "After %s%s, ".formatted(Words.count(result.epochs(), "epoch"), earlyWords(epochs)));
    Double trained = result.train().accuracy();
    if (trained == null) {
      words.append(
          "the mean loss on training examples is %s".formatted(Words.loss(result.train())));
      if (unseen != null) {
        words.append(", on %s examples %s".formatted(where, Words.loss(unseen)));
      }
    } else {
      words.append(
          "%s of the training examples are classified rightly".formatted(Words.percent(trained)));
      Double accuracy = unseen == null ? null : unseen.accuracy();
      if (accuracy != null) {
        words.append(
            ", and %s of the %s examples, which it had not seen"
                .formatted(Words.percent(accuracy), where));
      }
    }
    return words.append('.').toString();
  }

  private String earlyWords(int epochs) {
    if (result == null || result.bestEpoch() == null) {
      return "";
    }
    String stopped =
        result.epochs() < epochs ? " (stopped early, %d were allowed)".formatted(epochs) : "";
    return "%s, with the weights of epoch %d, the best on validation examples"
        .formatted(stopped, result.bestEpoch());
  }

  private record Tile(String value, String name) {}

  private List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    if (result != null) {
      Figures unseen = result.test() != null ? result.test() : result.validation();
      String where = result.test() != null ? "test" : VALIDATION;
      if (unseen != null && unseen.accuracy() != null) {
        tiles.add(new Tile(Words.percent(unseen.accuracy()), where + " accuracy"));
      }
      if (unseen != null) {
        tiles.add(new Tile(Words.loss(unseen), where + " loss"));
      }
      Double gap = result.generalizationGap();
      if (gap != null) {
        tiles.add(
            new Tile(
                result.train().accuracy() == null ? Words.number(gap) : Words.points(gap),
                "generalization gap, "
                    + (result.train().accuracy() == null
                        ? where + " − training"
                        : "training − " + where)));
      }
      tiles.add(new Tile(Words.duration(result.seconds()), "training time"));
    }
    if (!metrics.isEmpty()) {
      tiles.add(
          new Tile(
              String.format(
                  Locale.ROOT, "%,.0f", metrics.get(metrics.size() - 1).examplesPerSecond()),
              "examples/s"));
    }
    tiles.add(
        new Tile(
            String.format(Locale.ROOT, "%,d", run.path("resolved").path("parameters").asLong()),
            "parameters"));
    return tiles;
  }

  private record Figure(String title, String explanation, List<Legend> legend, String svg) {}

  private List<Figure> charts() {
    List<Figure> figures = new ArrayList<>();
    add(
        figures,
        "Loss",
        "Training: the mean over the epoch, each example as its batch met it, while the weights were still changing. Validation: after the epoch.",
        "",
        curve(TRAINING, TRAINING, metrics, Metrics::trainLoss),
        curve(VALIDATION, VALIDATION, epochEnds(), m -> orNaN(m.validationLoss())));
    add(
        figures,
        "Accuracy",
        "The share of examples that are classified rightly.",
        " %",
        curve(TRAINING, TRAINING, metrics, m -> PERCENT * orNaN(m.trainAccuracy())),
        curve(VALIDATION, VALIDATION, epochEnds(), m -> PERCENT * orNaN(m.validationAccuracy())));
    boolean classified = metrics.stream().anyMatch(m -> m.trainAccuracy() != null);
    add(
        figures,
        "Gap to validation",
        (classified
                ? "Training accuracy minus validation accuracy, in points"
                : "Validation loss minus training loss")
            + ", both as above: so the training side is a mean over the epoch. The generalization gap at the end is another figure, of the final weights alone.",
        "",
        curve("gap", "gap", epochEnds(), classified ? Report::accuracyGap : Report::lossGap));
    add(
        figures,
        "Learning rate",
        "Of the last step of each epoch.",
        "",
        curve("learning rate", "rate", metrics, Metrics::learningRate));
    if (metrics.stream().filter(m -> m.noiseScale() != null).count() > 1) {
      add(
          figures,
          "Gradient noise scale",
          "In examples: tr(Σ)/|G|², how much the gradients of single examples differ, over the square of their mean; a moving average over steps, from the gradients of the batches' lanes. Batches much smaller than it take steps that are mostly noise, in much larger ones most examples say what the others have said.",
          "",
          curve("noise scale", "noise", metrics, m -> orNaN(m.noiseScale())));
    }
    return figures;
  }

  private static double accuracyGap(Metrics m) {
    return PERCENT * (orNaN(m.trainAccuracy()) - orNaN(m.validationAccuracy()));
  }

  private static double lossGap(Metrics m) {
    return orNaN(m.validationLoss()) - m.trainLoss();
  }

  private static void add(
      List<Figure> figures, String title, String explanation, String unit, Series... curves) {
    Chart chart = Chart.overEpochs(title, unit, List.of(curves));
    if (!chart.isEmpty()) {
      figures.add(new Figure(title, explanation, chart.legend(), chart.toSvg()));
    }
  }

  private Series curve(
      String name, String style, List<Metrics> lines, ToDoubleFunction<Metrics> figure) {
    double perEpoch = examplesPerEpoch();
    return Series.line(
        name,
        style,
        Mark.CIRCLE,
        lines.stream().mapToDouble(m -> m.examples() / perEpoch).toArray(),
        lines.stream().mapToDouble(figure).toArray());
  }

  private double examplesPerEpoch() {
    for (Metrics line : metrics) {
      if (line.epochEnd()) {
        return (double) line.examples() / line.epoch();
      }
    }
    return Math.max(1, run.path("data").path("training_examples").asDouble());
  }

  private List<Metrics> epochEnds() {
    return metrics.stream().filter(Metrics::epochEnd).toList();
  }

  private static double orNaN(@Nullable Double number) {
    return number == null ? Double.NaN : number;
  }

  private record Result(String split, String examples, String loss, String accuracy) {}

  private List<Result> results() {
    if (result == null) {
      return List.of();
    }
    List<Result> rows = new ArrayList<>();
    addResult(rows, TRAINING, "training_examples", result.train());
    addResult(rows, VALIDATION, "validation_examples", result.validation());
    addResult(rows, "test", "test_examples", result.test());
    return rows;
  }

  private void addResult(
      List<Result> rows, String split, String examples, @Nullable Figures figures) {
    if (figures != null) {
      rows.add(
          new Result(
              split,
              String.format(Locale.ROOT, "%,d", run.path("data").path(examples).asLong()),
              Words.loss(figures),
              Words.percent(figures.accuracy())));
    }
  }

  private record Epoch(
      int epoch,
      String trainLoss,
      String trainAccuracy,
      String validationLoss,
      String validationAccuracy,
      String learningRate,
      String speed) {}

  private List<Epoch> epochs() {
    return epochEnds().stream()
        .map(
            m ->
                new Epoch(
                    m.epoch(),
                    Words.number(m.trainLoss()),
                    Words.percent(m.trainAccuracy()),
                    Words.number(m.validationLoss()),
                    Words.percent(m.validationAccuracy()),
                    String.format(Locale.ROOT, "%.3g", m.learningRate()),
                    String.format(Locale.ROOT, "%,.0f", m.examplesPerSecond())))
        .toList();
  }
}
