package minilote.driver.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HeatMapTest {
  private static final Pattern CELL =
      Pattern.compile("fill=\"(#[0-9a-f]{6})\"><title>[^<]*, [^<]*: ([^<]*)</title>");

  @Test
  void toSvg_numbers_areColoursByTheirLogarithmAndNoneIsWhite() {
    HeatMap map =
        new HeatMap(
            "loss",
            "a",
            "b",
            new double[] {-1, 0, 1},
            List.of(
                new double[] {1, Math.pow(10, 0.4), Math.pow(10, 0.8)},
                new double[] {100, Double.NaN, Double.POSITIVE_INFINITY},
                new double[] {0, 1e-12, 10}));
    StringBuilder cells = new StringBuilder();
    Matcher matcher = CELL.matcher(map.toSvg());
    while (matcher.find()) {
      cells.append(matcher.group(1)).append(' ').append(matcher.group(2)).append('\n');
    }
    assertEquals(
        """
        #2b0b57 1.0000
        #40478c 2.5119
        #2c7a8e 6.3096
        #fde725 100.0000
        #ffffff –
        #ffffff Infinity
        #2b0b57 0.0000
        #2b0b57 1.000e-12
        MIDDLE 10.0000
        """
            .replace("MIDDLE", middle()),
        cells.toString());
  }

  /** Half way between the third colour and the fourth. */
  private static String middle() {
    return String.format(
        "#%02x%02x%02x",
        Math.round((0x2c + 0x2b) / 2.0),
        Math.round((0x7a + 0xab) / 2.0),
        Math.round((0x8e + 0x7f) / 2.0));
  }

  @Test
  void of_gridThatIsNone_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new HeatMap("", "", "", new double[2], List.of(new double[2])));
  }
}
