package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import minilote.driver.report.Axis.Scale;

/** Figures of the minima that runs have found. */
final class MinimumFigures {
  /** What the lines are. */
  static final String LINE =
      "On the straight line through the weights of two runs of the same seed, the first at α = 0, the second at α = 1; areas go from the lowest to the highest seed.";

  /** What sharpness is. */
  static final String SHARPNESS =
      "How far the training loss rises within a box of the half-width ε (|weight| + 1) around the weights, in percent of 1 + loss (Keskar et al. 2017, metric 2.1); at the corner to which the gradient's signs point, where that is said. A point a run.";

  private static final double PERCENT = 100;

  private final StudyData data;

  MinimumFigures(StudyData data) {
    this.data = data;
  }

  /** Each measure of sharpness against the generalization gap, a point a run. */
  List<StudyFigure> sharpness() {
    List<StudyFigure> figures = new ArrayList<>();
    Kind kind = data.isClassified() ? Kind.POINTS : Kind.LOSS;
    for (String measure : StudyColumn.sharpness(data)) {
      String words = StudyColumn.sharpnessWords(measure);
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
              "Generalization gap by " + words,
              words + (positive ? ", logarithmic" : ""),
              positive ? Scale.LOG : Scale.LINEAR_ACROSS,
              Scale.LINEAR,
              "",
              series);
      if (!chart.isEmpty()) {
        figures.add(
            new StudyFigure(
                "gap-by-" + measure.replace('_', '-'),
                data.isClassified() ? "The gap in points." : "",
                chart));
      }
    }
    return figures;
  }

  /** Loss and accuracy on the straight lines through minima, a mean over the seeds. */
  List<StudyFigure> interpolations() {
    Map<String, List<JsonNode>> byEnds = new LinkedHashMap<>();
    for (JsonNode line : data.json().path("interpolations")) {
      byEnds
          .computeIfAbsent(
              "%s to %s".formatted(data.words(line.path("first")), data.words(line.path("second"))),
              ends -> new ArrayList<>())
          .add(line);
    }
    List<StudyFigure> figures = new ArrayList<>();
    int index = 0;
    for (Map.Entry<String, List<JsonNode>> lines : byEnds.entrySet()) {
      index++;
      String suffix = byEnds.size() > 1 ? "-" + index : "";
      for (String figure : List.of("loss", "accuracy")) {
        add(figures, lines.getValue(), figure, lines.getKey(), suffix);
      }
    }
    return figures;
  }

  private static void add(
      List<StudyFigure> figures, List<JsonNode> lines, String figure, String ends, String suffix) {
    boolean share = figure.equals("accuracy");
    List<Series> series = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      series.add(between(lines, split, split + "_" + figure).scaled(y -> share ? y * PERCENT : y));
    }
    Chart chart =
        new Chart(
            "%s, %s".formatted(Words.capital(figure), ends),
            "α",
            Scale.LINEAR_ACROSS,
            CurveFigures.up(series),
            share ? " %" : "",
            series);
    if (!chart.isEmpty()) {
      figures.add(new StudyFigure("interpolation-" + figure + suffix, "", chart));
    }
  }

  private static Series between(List<JsonNode> lines, String split, String figure) {
    boolean train = split.equals("train");
    int count = lines.get(0).path("points").size();
    double[] alpha = new double[count];
    double[] mean = new double[count];
    double[] low = new double[count];
    double[] high = new double[count];
    for (int i = 0; i < count; i++) {
      int at = i;
      alpha[i] = StudyData.number(lines.get(0).path("points").path(i), "alpha");
      double[] values =
          lines.stream()
              .mapToDouble(line -> StudyData.number(line.path("points").path(at), figure))
              .toArray();
      mean[i] = DoubleStream.of(values).average().orElse(Double.NaN);
      low[i] = DoubleStream.of(values).min().orElse(Double.NaN);
      high[i] = DoubleStream.of(values).max().orElse(Double.NaN);
    }
    Series series =
        Series.line(
            train ? "training" : "test",
            train ? "training" : "validation",
            train ? Mark.CIRCLE : Mark.SQUARE,
            alpha,
            mean);
    return lines.size() < 2 ? series : series.withBand(low, high);
  }
}
