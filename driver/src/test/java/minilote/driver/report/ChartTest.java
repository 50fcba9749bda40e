package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minilote.driver.report.Axis.Scale;
import org.junit.jupiter.api.Test;

class ChartTest {
  private static final double[] ONE_TO_THREE = {1, 2, 3};

  private static Chart chart(Scale up, Series... series) {
    return new Chart("title", "x", Scale.COUNTING, up, "", List.of(series));
  }

  /** The numbers of the path of this class, or of the only one without. */
  private static double[] path(String svg, String style) {
    String classed = style.isEmpty() ? "" : "class=\"%s\" ".formatted(style);
    Matcher path = Pattern.compile("<path %sd=\"([^\"]*)\"".formatted(classed)).matcher(svg);
    assertTrue(path.find(), svg);
    return Arrays.stream(path.group(1).split("[MLZ ]+", -1))
        .filter(number -> !number.isEmpty())
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void toSvg_ofBars_drawsThemFromEndToEndWithCaps() {
    Series series =
        Series.line("a", "s0", Mark.SQUARE, ONE_TO_THREE, new double[] {0, 5, 10})
            .withBars(new double[] {Double.NaN, 2, Double.NaN});
    double[] bar = path(chart(Scale.LINEAR, series).toSvg(), "bar");
    // Up from 0 to 10 on 222 units: each is 22.2, and 0 lies at 236; the middle of 1 to 3 is 2.
    double x = 58 + 408 * 2.0 / 3;
    double low = 236 - 22.2 * 3;
    double high = 236 - 22.2 * 7;
    assertEquals(12, bar.length);
    double[] expected = {x, low, x, high, x - 4, low, x + 4, low, x - 4, high, x + 4, high};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], bar[i], 0.06, "number " + i + " of " + Arrays.toString(bar));
    }
  }

  /** Over two seeds an interval can be many times as wide as what there is to see. */
  @Test
  void toSvg_ofBarsFarBeyondThePoints_cutsThemWithoutCaps() {
    Series series =
        Series.line("a", "s0", Mark.CIRCLE, ONE_TO_THREE, new double[] {0, 5, 10})
            .withBars(new double[] {Double.NaN, 1000, Double.NaN});
    Chart chart = chart(Scale.LINEAR, series);
    assertTrue(chart.isCut());
    double[] bar = path(chart.toSvg(), "bar");
    assertEquals(4, bar.length, Arrays.toString(bar));
    assertEquals(236, bar[1], 0.06);
    assertEquals(14, bar[3], 0.06);
    double[] line = path(chart.toSvg(), "");
    assertTrue(line[1] - line[5] > 50, "still to be seen: " + Arrays.toString(line));
  }

  @Test
  void toSvg_ofABand_goesThereAndBack() {
    Series series =
        Series.line("a", "s0", Mark.CIRCLE, ONE_TO_THREE, new double[] {1, 2, 3})
            .withBand(new double[] {0, 1, 2}, new double[] {2, 3, 4});
    Chart chart = chart(Scale.LINEAR, series);
    double[] band = path(chart.toSvg(), "band");
    assertEquals(12, band.length);
    assertEquals(band[0], band[10], 1e-9);
    assertTrue(band[1] > band[11], "the lower end is lower on the page");
    assertFalse(chart.isCut());
  }

  @Test
  void toSvg_onALogarithmicAxis_drawsEqualFactorsAsEqualSteps() {
    Series series = Series.line("a", "s0", Mark.CIRCLE, ONE_TO_THREE, new double[] {1, 10, 100});
    double[] line = path(chart(Scale.LOG, series).toSvg(), "");
    assertEquals(line[1] - line[3], line[3] - line[5], 0.15);
    assertTrue(line[1] > line[5]);
  }

  @Test
  void toSvg_onALogarithmicAxis_leavesOutWhatHasNoPlace() {
    Series series =
        Series.line("a", "s0", Mark.CIRCLE, ONE_TO_THREE, new double[] {1, 0, 100})
            .withBars(new double[] {0.5, 0.5, 200});
    String svg = chart(Scale.LOG, series).toSvg();
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    assertEquals(4, path(svg, "").length, svg);
    for (double number : path(svg, "bar")) {
      assertTrue(number >= 14 && number <= 470, svg);
    }
  }

  @Test
  void toSvg_ofNames_writesThemInTheMiddleOfTheirRoom() {
    Chart chart =
        new Chart(
            "title",
            "",
            (least, most) -> new NamedAxis(List.of("adam", "momentum")),
            Scale.LINEAR,
            "",
            List.of(Series.points("a", "s0", Mark.CIRCLE, new double[] {0, 1}, new double[2])));
    assertTrue(
        chart.toSvg().contains("<text x=\"160.0\" y=\"256.0\" text-anchor=\"middle\">adam<"));
    assertTrue(chart.toSvg().contains("cx=\"364.0\""), chart.toSvg());
  }

  @Test
  void toSvg_ofASeriesThatIsShifted_movesItsPointsAlone() {
    Series series = Series.points("a", "s0", Mark.CIRCLE, ONE_TO_THREE, new double[] {1, 2, 3});
    Pattern first = Pattern.compile("cx=\"([0-9.]+)\"");
    Matcher plain = first.matcher(chart(Scale.LINEAR, series).toSvg());
    Matcher shifted = first.matcher(chart(Scale.LINEAR, series.shifted(5)).toSvg());
    assertTrue(plain.find() && shifted.find());
    assertEquals(
        Double.parseDouble(plain.group(1)) + 5, Double.parseDouble(shifted.group(1)), 0.11);
  }

  @Test
  void series_ofWrongLengths_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Series.line("a", "s0", Mark.CIRCLE, new double[2], new double[3]));
  }

  @Test
  void marksAndStyles_ofManySeries_areDistinctTogether() {
    Set<String> looks = new HashSet<>();
    for (int i = 0; i < 56; i++) {
      looks.add(Styles.of(i) + Mark.of(i).name());
    }
    assertEquals(56, looks.size());
  }

  @Test
  void legend_ofMeansAndSingleRuns_hasEachNameOnceAndMeansFirst() {
    double[] none = {1};
    Chart chart =
        chart(
            Scale.LINEAR,
            Series.points("single runs", "faint s0", Mark.CIRCLE, none, none),
            Series.points("single runs", "faint s1", Mark.CIRCLE, none, none),
            Series.line("mean", "s0", Mark.CIRCLE, none, none));
    assertEquals(
        List.of("mean", "single runs"), chart.legend().stream().map(Legend::name).toList());
  }
}
