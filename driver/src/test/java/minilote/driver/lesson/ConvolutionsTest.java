package minilote.driver.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import minilote.datasets.UserError;
import minilote.driver.StudySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvolutionsTest {
  @TempDir private Path folder;

  /** Each number was computed on paper. */
  @Test
  void byHand_theSmallImage_isWhatPaperSays() {
    Findings found = new Findings();
    new ConvolutionByHand().tell(found, LessonText.of("convolution", Language.EN));
    assertEquals(
        """
         x^(0)          W^(1)         s^(1)          x^(1)      max    mean
         0 0 0 1 1 1    −1  0  1       0  2  1 −1    0 2 1 0    2 1       1 0.25
         0 0 0 1 1 1    −1  0  1       1  1  0 −2    1 1 0 0    1 0    0.25    0
         0 0 1 1 1 1    −1  0  1       1  0 −2 −3    1 0 0 0
         0 1 1 1 1 0                   0 −2 −3 −3    0 0 0 0
         1 1 1 1 0 0
         1 1 1 0 0 0""",
        String.valueOf(found.words().get("by-hand")).stripIndent());
    assertEquals(
        "(−1)·0 + 0·0 + 1·1 + (−1)·0 + 0·0 + 1·1 + (−1)·0 + 0·1 + 1·1",
        found.words().get("one-place"));
    assertEquals(2, found.number("one-signal"));
  }

  @Test
  void lesson_barsAtTenHeights_learnsThem() throws Exception {
    TinyImages.prepare(folder, "mnist", 600, 300);
    Findings found = SparkClassrooms.work(new Convolutions(), folder, 0);
    // Channels × (in · 5 · 5 + 1); pixels × units + units.
    assertEquals(
        List.of(
            List.of("conv 8 5x5 relu", "8 × 28 × 28", "208", "4,923,520"),
            List.of("max-pool 2x2", "8 × 14 × 14", "0", "–"),
            List.of("conv 16 5x5 relu", "16 × 14 × 14", "3,216", "4,920,384"),
            List.of("max-pool 2x2", "16 × 7 × 7", "0", "–"),
            List.of("dense 10 softmax", "10", "7,850", "7,850")),
        Objects.requireNonNull(found.table("parameters")).rows());
    assertEquals(11_274, found.number("all-parameters"));
    assertEquals(14 * 785 + 10 * 15, found.number("dense-parameters"));
    assertEquals(540, found.number("examples"));
    assertTrue(found.number("accuracy") > 0.9, "accuracy " + found.number("accuracy"));
    double difference = found.number("accuracy") - found.number("dense-accuracy");
    assertEquals(difference, found.number("difference"));
    assertEquals(Math.abs(difference) <= found.number("chance"), found.words().get("alike"));
    // A png a kernel, five images, and 8 + 16 maps for each of two.
    assertEquals(8, images(found, "kernels"));
    assertEquals(5, images(found, "images"));
    assertEquals(24, images(found, "maps-1"));
    assertEquals(24, images(found, "maps-2"));
  }

  private static int images(Findings found, String drawing) {
    return found.drawing(drawing).toSvg().split("<image ", -1).length - 1;
  }

  @Test
  void lesson_rowsOfATable_saysWhatItNeeds() throws Exception {
    StudySettings.prepareTable(folder.resolve("table"));
    UserError error =
        assertThrows(
            UserError.class,
            () -> SparkClassrooms.work(new Convolutions(), folder.resolve("table"), 0));
    assertTrue(
        error
            .getMessage()
            .endsWith(
                "its examples are floats of shape [3] with class as targets, and the lesson needs grey or colour images with classes, such as minilote prepare --dataset mnist makes"),
        error.getMessage());
  }

  @Test
  void lesson_emptyFolder_saysWhatItNeeds() {
    assertThrows(UserError.class, () -> SparkClassrooms.work(new Convolutions(), folder, 0));
  }
}
