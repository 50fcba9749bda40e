package minilote.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RandomLabelsTest {
  private static final int CLASSES = 10;
  private static final int EXAMPLES = 100_000;

  private final RecordFormat format =
      new RecordFormat(FeatureType.BYTES, List.of(1, 1, 1), TargetKind.CLASS, CLASSES);

  @Test
  void of_someShare_drawsSoManyEvenlyFromAllClasses() {
    RandomLabels labels = new RandomLabels(0.3, 7);
    int[] counts = new int[CLASSES];
    for (long id = 0; id < EXAMPLES; id++) {
      counts[labels.of(id, 4, CLASSES)]++;
    }
    for (int label = 0; label < CLASSES; label++) {
      // Those that are replaced may get the class that they had.
      double expected = EXAMPLES * (0.03 + (label == 4 ? 0.7 : 0));
      assertEquals(expected, counts[label], 5 * Math.sqrt(expected), "class " + label);
    }
  }

  @Test
  void of_largerShare_replacesTheSameAndMore() {
    RandomLabels few = new RandomLabels(0.2, 1);
    RandomLabels many = new RandomLabels(0.6, 1);
    for (long id = 0; id < 1000; id++) {
      int label = few.of(id, -1, CLASSES);
      if (label >= 0) {
        assertEquals(label, many.of(id, -1, CLASSES));
      }
      assertTrue(new RandomLabels(1, 1).of(id, -1, CLASSES) >= 0);
      assertEquals(-1, new RandomLabels(0, 1).of(id, -1, CLASSES));
    }
  }

  /**
   * The function must never change: a run's result depends on it. The expected numbers are those of
   * the same arithmetic in another language.
   */
  @Test
  void of_fewIds_isWhatItWasInTheFirstVersion() {
    int[] labels = new int[12];
    for (int id = 0; id < labels.length; id++) {
      labels[id] = new RandomLabels(0.5, 0).of(id, -1, CLASSES);
    }
    assertArrayEquals(new int[] {5, 6, 4, -1, -1, 3, 9, 2, 1, -1, -1, -1}, labels);
  }

  @Test
  void replace_block_changesLabelsOfTrainingExamplesAlone() {
    int first = 500;
    byte[] records = new byte[300 * format.recordBytes()];
    for (int i = 0; i < records.length; i++) {
      records[i] = (byte) (i % format.recordBytes() == 2 ? 77 : 0); // Class 0, pixel 77.
    }
    ValidationSplit validation = new ValidationSplit(1000, 0.3, 0);
    RandomLabels labels = new RandomLabels(0.8, 3);
    labels.replace(format, records, first, validation);
    int changed = 0;
    for (int row = 0; row < 300; row++) {
      int label = format.label(records, row * format.recordBytes());
      int expected = validation.isValidation(first + row) ? 0 : labels.of(first + row, 0, CLASSES);
      assertEquals(expected, label);
      assertEquals(77, records[row * format.recordBytes() + 2]);
      changed += label != 0 ? 1 : 0;
    }
    assertTrue(changed > 100, changed + " are changed");
  }

  @Test
  void new_noShare_isRefused() {
    for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
      assertEquals(
          "--random-labels %s: it must be a share of the training examples from 0 to 1"
              .formatted(share),
          assertThrows(UserError.class, () -> new RandomLabels(share, 0)).getMessage());
    }
  }

  @Test
  void check_targetsThatAreNoClasses_isRefused() {
    RecordFormat numbers = new RecordFormat(FeatureType.FLOATS, List.of(3), TargetKind.NUMBERS, 1);
    RandomLabels.NONE.check(numbers);
    new RandomLabels(0.5, 0).check(format);
    assertEquals(
        "--random-labels 0.5: it draws classes, and the data set's targets are numbers",
        assertThrows(UserError.class, () -> new RandomLabels(0.5, 0).check(numbers)).getMessage());
  }
}
