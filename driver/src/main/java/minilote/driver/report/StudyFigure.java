package minilote.driver.report;

import java.util.List;

/**
 * A chart of a study, as the page and the folder of figures have it.
 *
 * @param name the file's, without its ending
 * @param explanation what is drawn, beyond the title
 * @param chart the chart
 */
record StudyFigure(String name, String explanation, Chart chart) {
  String title() {
    return chart.title();
  }

  List<Legend> legend() {
    return chart.legend();
  }

  String svg() {
    return chart.toSvg();
  }
}
