package minilote.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import minilote.datasets.UserError;
import org.junit.jupiter.api.Test;

class LaneTimesTest {
  private static final double EXACT = 1e-12;

  private static LaneTimes times(Map<Integer, LaneTimes.Point> points, int part) {
    return new LaneTimes(new TreeMap<>(points), 4, part);
  }

  private static LaneTimes.Point point(double alone, double busy) {
    return new LaneTimes.Point(alone, busy);
  }

  private static final LaneTimes TIMES =
      times(Map.of(2, point(1, 4), 4, point(2, 8), 8, point(3, 9)), 8);

  @Test
  void seconds_measuredRows_areTheMeasuredOnes() {
    assertEquals(1, TIMES.seconds(2, 1), EXACT);
    assertEquals(8, TIMES.seconds(4, 4), EXACT);
    assertEquals(3, TIMES.seconds(8, 1), EXACT);
  }

  @Test
  void isPlausible_timesThatGrow_holds() {
    assertTrue(TIMES.isPlausible());
    // A tenth less is what a clock rate may make of it.
    assertTrue(times(Map.of(2, point(1, 1), 8, point(0.9, 1)), 8).isPlausible());
  }

  @Test
  void isPlausible_moreRowsInLessTimeOrFasterBesideOthers_doesNotHold() {
    assertFalse(times(Map.of(2, point(2, 2), 4, point(1, 2), 8, point(3, 3)), 8).isPlausible());
    assertFalse(times(Map.of(2, point(1, 4), 8, point(3, 3)), 8).isPlausible());
    assertFalse(times(Map.of(2, point(2, 1), 8, point(3, 3)), 8).isPlausible());
  }

  @Test
  void seconds_rowsBetween_areLinear() {
    assertEquals(1.5, TIMES.seconds(3, 1), EXACT);
    assertEquals(2.25, TIMES.seconds(5, 1), EXACT);
  }

  @Test
  void seconds_fewerRowsThanMeasured_costAsTheFewest() {
    assertEquals(1, TIMES.seconds(1, 1), EXACT);
  }

  @Test
  void seconds_tasksBetween_areLinearAndBeyondStay() {
    assertEquals(2, TIMES.seconds(2, 2), EXACT);
    assertEquals(3, TIMES.seconds(2, 3), EXACT);
    assertEquals(4, TIMES.seconds(2, 9), EXACT);
  }

  @Test
  void seconds_moreRowsThanAPart_areWholePartsAndTheRest() {
    assertEquals(3 + 3 + 1.5, TIMES.seconds(19, 1), EXACT);
    assertEquals(3 + 3, TIMES.seconds(16, 1), EXACT);
  }

  @Test
  void lastPart_isTheRestOrAWholePart() {
    assertEquals(1.5, TIMES.lastPart(19, 1), EXACT);
    assertEquals(3, TIMES.lastPart(16, 1), EXACT);
    assertEquals(2, TIMES.lastPart(4, 1), EXACT);
  }

  @Test
  void seconds_oneTaskMeasured_holdForAnyNumber() {
    LaneTimes one = new LaneTimes(new TreeMap<>(Map.of(1, point(1, 1), 8, point(2, 2))), 1, 8);
    assertEquals(2, one.seconds(8, 5), EXACT);
  }

  @Test
  void constructor_withoutALargestPart_saysSo() {
    UserError error =
        assertThrows(UserError.class, () -> times(Map.of(1, point(1, 1), 4, point(1, 1)), 8));
    assertTrue(error.getMessage().contains("the largest of them 8"), error.getMessage());
    assertThrows(UserError.class, () -> times(Map.of(8, point(1, 1)), 8));
    assertThrows(UserError.class, () -> point(0, 1));
  }
}
