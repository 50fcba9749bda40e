package minilote.driver.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import minilote.driver.report.Axis.Scale;

/** Figures of the minima that runs have found. */
final class MinimumFigures {
  /** What the lines are. */
  static final String LINE =
      "On the straight line through the weights of two runs of the same seed, the first at α = 0, the second at α = 1; areas go from the lowest to the highest seed. Where there is batch normalization, it goes by the statistics of 1,024 examples at a time, at each point of the line.";

  /** What sharpness is. */
  static final String SHARPNESS =
      "How far the training loss rises within a box of the half-width ε (|weight| + 1) around the weights, in percent of 1 + loss (Keskar et al. 2017, metric 2.1); at the corner to which the gradient's signs point, where that is said. A point a run.";

  /** What slices are. */
  static final String SLICE =
      "The training loss around each run's weights, along a random direction, the same for all, of which each filter is as long as the network's own (Li et al. 2018): at distance 1, a filter has moved as far as it is long. How wide the valleys are can be compared between networks that are alike.";

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

  /** The loss along a direction, a mean over the seeds. */
  List<StudyFigure> slices() {
    Map<String, JsonNode> byRun = new LinkedHashMap<>();
    for (JsonNode slice : data.json().path("landscapes")) {
      byRun.put(slice.path("run").asText(), slice);
    }
    List<StudyFigure> figures = new ArrayList<>();
    for (StudyGroup group : data.charts()) {
      List<Series> series = new ArrayList<>();
      for (StudyCell cell : group.cells()) {
        List<JsonNode> slices =
            cell.runs().stream()
                .map(run -> byRun.get(run.path("key").asText()))
                .filter(slice -> slice != null)
                .toList();
        if (!slices.isEmpty()) {
          series.add(slice(cell, slices));
        }
      }
      Chart chart =
          new Chart(
              group.name().isEmpty()
                  ? "Loss along a random direction"
                  : "Loss along a random direction, " + group.name(),
              "distance, in norms of the filters",
              Scale.LINEAR_ACROSS,
              CurveFigures.up(series),
              "",
              series);
      if (!chart.isEmpty()) {
        figures.add(new StudyFigure("landscape" + group.suffix(), "", chart));
      }
    }
    return figures;
  }

  private Series slice(StudyCell cell, List<JsonNode> slices) {
    int index = data.index(cell);
    int count = slices.get(0).path("coordinates").size();
    return withSeeds(
        data.name(cell),
        Styles.of(index),
        Mark.of(index),
        slices.size(),
        IntStream.range(0, count)
            .mapToDouble(i -> StudyData.number(slices.get(0).path("coordinates").path(i)))
            .toArray(),
        i ->
            slices.stream()
                .mapToDouble(slice -> StudyData.number(slice.path("loss").path(i)))
                .toArray());
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
    return withSeeds(
        train ? "training" : "test",
        train ? "training" : "validation",
        train ? Mark.CIRCLE : Mark.SQUARE,
        lines.size(),
        IntStream.range(0, count)
            .mapToDouble(i -> StudyData.number(lines.get(0).path("points").path(i), "alpha"))
            .toArray(),
        i ->
            lines.stream()
                .mapToDouble(line -> StudyData.number(line.path("points").path(i), figure))
                .toArray());
  }

  /**
   * A line of means, with an area from the lowest to the highest seed.
   *
   * @param y the seeds' numbers at a point
   */
  private static Series withSeeds(
      String name, String style, Mark mark, int seeds, double[] x, IntFunction<double[]> y) {
    double[] mean = new double[x.length];
    double[] low = new double[x.length];
    double[] high = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] values = y.apply(i);
      mean[i] = DoubleStream.of(values).average().orElse(Double.NaN);
      low[i] = DoubleStream.of(values).min().orElse(Double.NaN);
      high[i] = DoubleStream.of(values).max().orElse(Double.NaN);
    }
    Series series = Series.line(name, style, mark, x, mean);
    return seeds < 2 ? series : series.withBand(low, high);
  }
}
