package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Cell SMALL = new Cell("", 32, Map.of());
  private static final Cell LARGE = new Cell("", 4096, Map.of("--optimizer", "adam"));

  private static Comparison withP(double p) {
    return new Comparison(SMALL, LARGE, "test_accuracy", 3, -0.01, 0.005, p, null);
  }

  /** The worked example of many textbooks: 0.01, 0.04, 0.03, 0.005 at four comparisons. */
  @Test
  void corrected_textbookExample_isHolms() {
    List<Comparison> corrected =
        Comparison.corrected(List.of(withP(0.01), withP(0.04), withP(0.03), withP(0.005)));
    assertEquals(0.03, corrected.get(0).holm(), 1e-12);
    assertEquals(0.06, corrected.get(1).holm(), 1e-12);
    assertEquals(0.06, corrected.get(2).holm(), 1e-12);
    assertEquals(0.02, corrected.get(3).holm(), 1e-12);
  }

  @Test
  void corrected_equalComparisons_areAllCorrected() {
    List<Comparison> corrected = Comparison.corrected(List.of(withP(0.01), withP(0.01)));
    assertEquals(0.02, corrected.get(0).holm(), 1e-12);
    assertEquals(0.02, corrected.get(1).holm(), 1e-12);
  }

  @Test
  void of_pairsBySeed_leavesOutSeedsThatOneLacks() {
    Comparison comparison =
        Comparison.of(
            SMALL, Map.of(0L, 0.9, 1L, 0.8), LARGE, Map.of(1L, 0.7, 2L, 0.1), "test_accuracy");
    assertEquals(1, comparison.pairs());
    assertEquals(-0.1, comparison.mean(), 1e-12);
    assertNull(comparison.ci95());
    assertEquals(
        "Batch 4,096, optimizer adam has 10.00 points less test accuracy than batch 32; one seed"
            + " says nothing of chance.",
        comparison.sentence());
  }

  @Test
  void of_noSeedInCommon_isNone() {
    assertNull(Comparison.of(SMALL, Map.of(0L, 0.9), LARGE, Map.of(1L, 0.9), "test_accuracy"));
  }

  @Test
  void sentence_ofWhatMayBeChance_saysSo() {
    Comparison comparison = new Comparison(SMALL, LARGE, "test_accuracy", 3, -0.01, 0.02, 0.2, 0.2);
    assertEquals(
        "Batch 4,096, optimizer adam has 1.00 points less test accuracy than batch 32 (95 %"
            + " interval of the difference -3.00 to +1.00; paired t-test over 3 seeds, p = 0.20):"
            + " that may be chance.",
        comparison.sentence());
  }
}
