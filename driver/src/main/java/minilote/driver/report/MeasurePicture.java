package minilote.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import minilote.driver.report.Axis.Scale;
import minilote.trainer.measure.Interpolation;
import minilote.trainer.measure.LossSlice;
import minilote.trainer.measure.Score;

/** Measures of minima as pictures: SVG files that stand alone, each chart below the other. */
public final class MeasurePicture {
  private static final double PERCENT = 100;
  private static final int CAPTION = 34;

  private MeasurePicture() {}

  private record Panel(String title, String svg, int width, int height) {}

  /** Loss and, where there is one, accuracy on the line between two minima. */
  public static String of(Interpolation line) {
    List<Panel> panels = new ArrayList<>();
    panels.add(
        panel(
            "Loss between two minima: training (blue) and test (orange, dashed)",
            "α",
            "",
            interpolated(line, Score::loss)));
    List<Series> accuracies = interpolated(line, MeasurePicture::percent);
    if (!accuracies.stream().allMatch(Series::isEmpty)) {
      panels.add(panel("Accuracy between two minima", "α", " %", accuracies));
    }
    return file(panels);
  }

  /** Loss and accuracy along a direction, or the loss over two. */
  public static String of(LossSlice slice) {
    if (slice.dimensions() == 2) {
      HeatMap map =
          new HeatMap(
              "Loss around the minimum",
              "first direction",
              "second direction",
              slice.at(),
              slice.rows().stream()
                  .map(row -> row.stream().mapToDouble(Score::loss).toArray())
                  .toList());
      return file(List.of(new Panel(map.title(), map.toSvg(), 514, 418)));
    }
    List<Score> row = slice.rows().get(0);
    List<Panel> panels = new ArrayList<>();
    panels.add(
        panel(
            "Loss along a random direction",
            "distance, in norms of the filters",
            "",
            List.of(series("loss", "training", slice.at(), row, Score::loss))));
    Series accuracy = series("accuracy", "training", slice.at(), row, MeasurePicture::percent);
    if (!accuracy.isEmpty()) {
      panels.add(
          panel("Accuracy along it", "distance, in norms of the filters", " %", List.of(accuracy)));
    }
    return file(panels);
  }

  private static double percent(Score score) {
    return PERCENT * score.accuracy().orElse(Double.NaN);
  }

  private static List<Series> interpolated(Interpolation line, ToDoubleFunction<Score> figure) {
    double[] alphas = line.points().stream().mapToDouble(Interpolation.Point::alpha).toArray();
    List<Series> series = new ArrayList<>();
    series.add(
        series(
            "training",
            "training",
            alphas,
            line.points().stream().map(Interpolation.Point::train).toList(),
            figure));
    List<Score> test = new ArrayList<>();
    for (Interpolation.Point point : line.points()) {
      if (point.test() != null) {
        test.add(point.test());
      }
    }
    if (test.size() == alphas.length) {
      series.add(series("test", "validation", alphas, test, figure));
    }
    return series;
  }

  private static Series series(
      String name, String style, double[] x, List<Score> scores, ToDoubleFunction<Score> figure) {
    return Series.line(name, style, Mark.CIRCLE, x, scores.stream().mapToDouble(figure).toArray());
  }

  private static Panel panel(String title, String across, String unit, List<Series> series) {
    Chart chart = new Chart(title, across, Scale.LINEAR_ACROSS, Scale.LINEAR, unit, series);
    return new Panel(title, chart.toSvg(), Chart.WIDTH, Chart.HEIGHT);
  }

  private static String file(List<Panel> panels) {
    int width = panels.stream().mapToInt(Panel::width).max().orElseThrow();
    int height = panels.stream().mapToInt(panel -> panel.height() + CAPTION).sum();
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"%s\">\n<style>\n%s</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n"
            .formatted(
                width, height, width, height, ChartFile.FONTS, ChartFile.STYLE, width, height));
    int top = 0;
    for (Panel panel : panels) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"title\" x=\"14\" y=\"%d\">%s</text>\n",
              top + 22,
              Html.escape(panel.title())));
      top += CAPTION;
      svg.append(
          panel
              .svg()
              .replaceFirst(
                  "<svg ",
                  "<svg x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" "
                      .formatted(top, panel.width(), panel.height())));
      svg.append('\n');
      top += panel.height();
    }
    return svg.append("</svg>\n").toString();
  }
}
