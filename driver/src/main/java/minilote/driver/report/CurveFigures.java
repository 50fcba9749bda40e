package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import minilote.driver.report.Axis.Scale;

/** Figures of how runs learn: the mean over a cell's seeds, epoch by epoch. */
final class CurveFigures {
  private static final double PERCENT = 100;

  /** Beyond this factor between the greatest and the least loss, small ones could not be seen. */
  private static final double WIDE = 30;

  private final StudyData data;

  CurveFigures(StudyData data) {
    this.data = data;
  }

  /** Loss of training, and how well the validation examples do, over epochs and over updates. */
  List<StudyFigure> learning() {
    String seen =
        data.has("validation_loss")
            ? (data.isClassified() ? "validation_accuracy" : "validation_loss")
            : data.isClassified() ? "train_accuracy" : "";
    List<StudyFigure> figures = new ArrayList<>();
    for (StudyGroup group : data.charts()) {
      for (String figure : seen.isEmpty() ? List.of("train_loss") : List.of("train_loss", seen)) {
        add(figures, group, figure, "epoch");
        add(figures, group, figure, "step");
      }
    }
    return figures;
  }

  /** The gradient's noise scale and norm, where the runs have measured them. */
  List<StudyFigure> gradients() {
    List<StudyFigure> figures = new ArrayList<>();
    for (StudyGroup group : data.charts()) {
      add(figures, group, "noise_scale", "epoch");
      add(figures, group, "gradient_norm", "epoch");
    }
    return figures;
  }

  private void add(List<StudyFigure> figures, StudyGroup group, String figure, String across) {
    boolean share = figure.endsWith("accuracy");
    List<Series> series = new ArrayList<>();
    for (StudyCell cell : group.cells()) {
      series.add(curve(cell, figure, across).scaled(y -> share ? y * PERCENT : y));
    }
    boolean overSteps = across.equals("step");
    String over = overSteps ? "updates" : "epochs";
    Chart chart =
        new Chart(
            "%s over %s%s"
                .formatted(
                    BatchFigures.plain(figure),
                    over,
                    group.name().isEmpty() ? "" : ", " + group.name()),
            overSteps ? "updates, logarithmic" : "epoch",
            overSteps ? Scale.LOG : Scale.COUNTING,
            up(series),
            share ? " %" : "",
            series);
    if (!chart.isEmpty()) {
      String name = "%s-over-%s".formatted(figure.replace('_', '-'), over);
      figures.add(new StudyFigure(name + group.suffix(), explanation(figure), chart));
    }
  }

  /** Logarithmic where the numbers are far apart. */
  static Scale up(List<Series> series) {
    return isWide(series) ? Scale.LOG : Scale.LINEAR;
  }

  private static boolean isWide(List<Series> series) {
    double[] all =
        series.stream()
            .flatMapToDouble(s -> DoubleStream.of(s.y()))
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(all).min().orElse(0);
    return least > 0 && DoubleStream.of(all).max().orElse(0) / least >= WIDE;
  }

  private static String explanation(String figure) {
    return switch (figure) {
      case "train_loss", "train_accuracy" ->
          "The mean over each epoch, each example as its batch met it. ";
      case "noise_scale" ->
          "In examples: how much the gradients of single examples differ, over the square of their mean. Batches much smaller than it take steps that are mostly noise.";
      default -> "";
    };
  }

  /** How means and runs are drawn, and what cannot be. */
  String explanation() {
    return (data.seeds() < 2
            ? "One run each."
            : "Lines are means over the seeds, areas go from the lowest to the highest run.")
        + missing();
  }

  private String missing() {
    List<String> cells = new ArrayList<>();
    for (StudyCell cell : data.cells()) {
      boolean lines = cell.drawn().stream().anyMatch(run -> !data.epochs(run).isEmpty());
      if (!cell.diverged().isEmpty() && !lines) {
        cells.add(cell.words());
      }
    }
    return cells.isEmpty()
        ? ""
        : " Without a line, as training diverged in its first epoch: %s."
            .formatted(String.join("; ", cells));
  }

  /** As far as all runs of the cell go. */
  private Series curve(StudyCell cell, String figure, String across) {
    List<List<JsonNode>> runs =
        cell.drawn().stream().map(data::epochs).filter(lines -> !lines.isEmpty()).toList();
    int count = runs.stream().mapToInt(List::size).min().orElse(0);
    double[] x = new double[count];
    double[] y = new double[count];
    double[] low = new double[count];
    double[] high = new double[count];
    for (int i = 0; i < count; i++) {
      int epoch = i;
      x[i] = values(runs, epoch, across).average().orElse(Double.NaN);
      y[i] = values(runs, epoch, figure).average().orElse(Double.NaN);
      low[i] = values(runs, epoch, figure).min().orElse(Double.NaN);
      high[i] = values(runs, epoch, figure).max().orElse(Double.NaN);
    }
    int index = data.index(cell);
    Series mean = Series.line(data.name(cell), Styles.of(index), Mark.of(index), x, y);
    return runs.size() < 2 ? mean : mean.withBand(low, high);
  }

  private static DoubleStream values(List<List<JsonNode>> runs, int epoch, String figure) {
    return runs.stream().mapToDouble(lines -> StudyData.number(lines.get(epoch), figure));
  }
}
