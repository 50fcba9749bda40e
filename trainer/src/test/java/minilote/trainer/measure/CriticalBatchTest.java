package minilote.trainer.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import minilote.datasets.UserError;
import minilote.trainer.measure.CriticalBatch.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CriticalBatchTest {
  private static final double STEPS = 40_000;
  private static final double CRITICAL = 900;
  private static final int[] BATCHES = {16, 64, 256, 1024, 4096, 16384};

  /** Runs on the curve, but for so many percent (standard deviation of the logarithm). */
  private static List<Run> runs(double critical, int[] batches, double noise, Random random) {
    List<Run> runs = new ArrayList<>();
    for (int batch : batches) {
      double steps = STEPS * (1 + critical / batch) * Math.exp(noise * random.nextGaussian());
      runs.add(new Run(Math.round(steps), Math.round(steps) * batch));
    }
    return runs;
  }

  @Test
  void of_runsOnTheCurve_isItsNumbers() {
    for (double critical : new double[] {20, CRITICAL, 9000}) {
      CriticalBatch fitted = CriticalBatch.of(runs(critical, BATCHES, 0, new Random(1)));
      assertEquals(critical, fitted.examples(), 1e-3 * critical);
      assertEquals(STEPS, fitted.fewestSteps(), 1e-3 * STEPS);
      assertEquals(STEPS * critical, fitted.fewestExamples(), 1e-3 * STEPS * critical);
      assertTrue(fitted.standardError() < 1e-3 * critical, fitted.toString());
    }
  }

  /** The runs satisfy the equation as the paper writes it. */
  @Test
  void of_runsOnTheCurve_satisfyThePapersEquation() {
    List<Run> runs = runs(CRITICAL, BATCHES, 0, new Random(1));
    CriticalBatch fitted = CriticalBatch.of(runs);
    for (Run run : runs) {
      double product =
          (run.steps() / fitted.fewestSteps() - 1) * (run.examples() / fitted.fewestExamples() - 1);
      assertEquals(1, product, 1e-2);
    }
  }

  /** Its error is what the estimates scatter by, over many sets of runs. */
  @Test
  void of_runsBesideTheCurve_isWithinItsStandardError() {
    Random random = new Random(2);
    int trials = 500;
    int within = 0;
    double mean = 0;
    for (int trial = 0; trial < trials; trial++) {
      CriticalBatch fitted = CriticalBatch.of(runs(CRITICAL, BATCHES, 0.1, random));
      mean += fitted.examples() / trials;
      within += Math.abs(fitted.examples() - CRITICAL) < fitted.standardError() ? 1 : 0;
    }
    assertEquals(CRITICAL, mean, 0.05 * CRITICAL);
    // 62.6 % for Student's t with 4 degrees of freedom.
    assertEquals(0.626, (double) within / trials, 0.08);
  }

  @Test
  void of_tooFewOrAlike_isRefused() {
    String few =
        "a critical batch follows from at least 3 runs to the same target, with different batches; there are ";
    assertEquals(few + 0, refusal(() -> CriticalBatch.of(List.of())));
    assertEquals(
        few + 2, refusal(() -> CriticalBatch.of(List.of(new Run(10, 100), new Run(5, 100)))));
    Run run = new Run(10, 100);
    assertEquals(few + 3, refusal(() -> CriticalBatch.of(List.of(run, run, run))));
    assertEquals(
        "a run of 10 steps with 9 examples: it takes a step at least, and an example for each",
        refusal(() -> new Run(10, 9)));
  }

  /** Where twice the batch takes half the steps, and where it takes as many. */
  @Test
  void of_batchesFarFromTheCriticalOne_isRefused() {
    String sentence =
        "batches from 10 to 40 do not show where the critical batch is: beside it, smaller batches"
            + " take more steps and larger ones use more examples";
    assertEquals(
        sentence,
        refusal(
            () ->
                CriticalBatch.of(
                    List.of(new Run(4000, 40_000), new Run(2000, 40_000), new Run(1000, 40_000)))));
    assertEquals(
        sentence,
        refusal(
            () ->
                CriticalBatch.of(
                    List.of(new Run(1000, 10_000), new Run(1000, 20_000), new Run(1000, 40_000)))));
  }

  private static String refusal(Executable work) {
    return assertThrows(UserError.class, work).getMessage();
  }
}
