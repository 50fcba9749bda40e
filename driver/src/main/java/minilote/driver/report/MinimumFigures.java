package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import minilote.driver.report.Axis.Scale;

/** Figures of the minima that runs have found. */
final class MinimumFigures {
  private static final double PERCENT = 100;
  private static final String TRAINING = "training";

  private final StudyData data;

  MinimumFigures(StudyData data) {
    this.data = data;
  }

  /** Each measure of sharpness against the generalization gap, a point a run. */
  List<StudyFigure> sharpness() {
    List<StudyFigure> figures = new ArrayList<>();
    Kind kind = data.isClassified() ? Kind.POINTS : Kind.LOSS;
    for (String measure : StudyColumn.sharpness(data)) {
      List<Series> series = new ArrayList<>();
      for (StudyCell cell : data.cells()) {
        int index =
            data.groups().size() > 1 ? data.cells().indexOf(cell) : data.across().index(cell.x());
        series.add(
            Series.points(
                    data.groups().size() > 1 ? cell.words() : cell.label(),
                    Styles.of(index),
                    Mark.of(index),
                    cell.runs().stream()
                        .mapToDouble(run -> StudyData.number(run, measure))
                        .toArray(),
                    cell.runs().stream()
                        .mapToDouble(run -> StudyData.number(run, "generalization_gap"))
                        .toArray())
                .scaled(kind::scaled));
      }
      boolean positive =
          series.stream().flatMapToDouble(s -> DoubleStream.of(s.x())).allMatch(x -> x > 0);
      Chart chart =
          new Chart(
              "Generalization gap by " + measure.replace('_', ' '),
              measure.replace('_', ' ') + (positive ? ", logarithmic" : ""),
              positive ? Scale.LOG : Scale.LINEAR_ACROSS,
              Scale.LINEAR,
              "",
              series);
      if (!chart.isEmpty()) {
        figures.add(
            new StudyFigure(
                "gap-by-" + measure.replace('_', '-'),
                data.isClassified() ? "A point a run; the gap in points." : "A point a run.",
                chart));
      }
    }
    return figures;
  }

  /** Loss and accuracy on the straight line through two minima. */
  List<StudyFigure> interpolations() {
    List<StudyFigure> figures = new ArrayList<>();
    JsonNode all = data.json().path("interpolations");
    for (int i = 0; i < all.size(); i++) {
      JsonNode one = all.get(i);
      String between = "%s to %s".formatted(words(one.path("first")), words(one.path("second")));
      String suffix = all.size() > 1 ? "-" + (i + 1) : "";
      add(figures, one, "loss", "Loss, " + between, "", 1, suffix);
      add(figures, one, "accuracy", "Accuracy, " + between, " %", PERCENT, suffix);
    }
    return figures;
  }

  private void add(
      List<StudyFigure> figures,
      JsonNode line,
      String figure,
      String title,
      String unit,
      double scale,
      String suffix) {
    double[] alpha = numbers(line.path("alpha"));
    List<Series> series = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      double[] y = numbers(line.path(split + "_" + figure));
      if (y.length == alpha.length && y.length > 0) {
        boolean train = split.equals("train");
        series.add(
            Series.line(
                    train ? TRAINING : "test",
                    train ? TRAINING : "validation",
                    train ? Mark.CIRCLE : Mark.SQUARE,
                    alpha,
                    y)
                .scaled(v -> v * scale));
      }
    }
    Chart chart = new Chart(title, "α", Scale.LINEAR_ACROSS, Scale.LINEAR, unit, series);
    if (!chart.isEmpty()) {
      figures.add(
          new StudyFigure(
              "interpolation-" + figure + suffix,
              "On the straight line through the weights: the first at α = 0, the second at α = 1.",
              chart));
    }
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = array.get(i);
      numbers[i] = number.isNumber() ? number.asDouble() : Double.NaN;
    }
    return numbers;
  }

  /** A run by its key, or a cell by its fields. */
  private String words(JsonNode end) {
    if (end.isObject()) {
      return data.words(end);
    }
    for (JsonNode run : data.json().path("runs")) {
      if (run.path("key").asText().equals(end.asText())) {
        return data.words(run);
      }
    }
    return end.asText();
  }
}
