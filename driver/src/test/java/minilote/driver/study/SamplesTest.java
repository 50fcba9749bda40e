package minilote.driver.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/**
 * Against the sleep data of Student, The probable error of a mean, Biometrika 6, 1908, with the
 * figures that R's {@code t.test(…, paired = TRUE)} gives for them in its documentation.
 */
class SamplesTest {
  private static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  private static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

  @Test
  void pairedP_ofStudentsSleepData_isThePublishedOne() {
    assertEquals(0.002833, Samples.pairedP(FIRST, SECOND), 5e-7);
  }

  @Test
  void ci95_ofStudentsDifferences_isThePublishedInterval() {
    double[] differences = new double[FIRST.length];
    for (int i = 0; i < FIRST.length; i++) {
      differences[i] = FIRST[i] - SECOND[i];
    }
    assertEquals(-1.58, Samples.mean(differences), 1e-12);
    assertEquals(-2.4598858, Samples.mean(differences) - Samples.ci95(differences), 5e-8);
    assertEquals(-0.7001142, Samples.mean(differences) + Samples.ci95(differences), 5e-8);
  }

  @Test
  void ofOneValue_nothingIsSaidOfItsSpread() {
    assertNull(Samples.ci95(new double[] {0.9}));
    assertNull(Samples.pairedP(new double[] {0.9}, new double[] {0.8}));
  }

  @Test
  void pairedP_ofEqualDifferences_isNone() {
    assertNull(Samples.pairedP(new double[] {1, 2}, new double[] {1.5, 2.5}));
  }

  /** 55/60 − 50/60 and 50/60 − 45/60 are not the same number in floating point. */
  @Test
  void pairedP_ofDifferencesThatAreEqualButForRounding_isNone() {
    assertNull(
        Samples.pairedP(new double[] {55 / 60.0, 50 / 60.0}, new double[] {50 / 60.0, 45 / 60.0}));
  }
}
