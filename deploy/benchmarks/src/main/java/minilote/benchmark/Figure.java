package minilote.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Minilote's rate over that of its peers, a bar for each network and batch. */
final class Figure {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 420;

  private Figure() {}

  /**
   * Writes the figure as SVG.
   *
   * @param rows with at least one peer
   */
  static void write(List<Row> rows, List<String> peers, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Minilote's examples a second over the peer's")
            .xAxisTitle("network and batch")
            .yAxisTitle("ratio")
            .theme(ChartTheme.XChart)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisDecimalPattern("0.0×");
    chart.getStyler().setXAxisLabelRotation(45);
    List<String> places = rows.stream().map(row -> row.network() + " " + row.batch()).toList();
    for (String peer : peers) {
      List<Double> ratios = new ArrayList<>();
      for (Row row : rows) {
        double ratio = row.isValid(peer) ? row.ratio(peer) : Double.NaN;
        ratios.add(Double.isNaN(ratio) ? 0 : ratio);
      }
      chart.addSeries(peer, places, ratios);
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
